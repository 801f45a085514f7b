//! The end of the program, or of the registry, before that of a reporter on a connection.

use super::super::peer::Peer;
use super::{Attached, SECOND, do_a_job};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

fn connected() -> Attached {
    let peer = Peer::away();
    peer.come_back();
    let attached = Attached::to(peer);
    attached.pass(2);
    attached
}

#[test]
fn a_guard_that_is_dropped_by_a_panic_sends_what_the_run_died_of() {
    for is_away in [false, true] {
        let Attached { clock, registry, peer, watch, guard } =
            if is_away { Attached::to(Peer::away()) } else { connected() };
        clock.advance(3 * SECOND);
        let died = catch_unwind(AssertUnwindSafe(|| {
            let _guard = guard;
            do_a_job(&registry);
            let _job = registry.job("dies").unwrap();
            resume_unwind(Box::new("as planned"));
        }));
        assert_eq!(died.unwrap_err().downcast_ref(), Some(&"as planned"));
        let cut = watch.now();
        peer.assert_holds(&cut);
        assert_eq!((cut.connected, cut.open, cut.dropped), (false, 0, 0), "{cut:?}");
        let (sent, queued) = if is_away { (0, cut.produced) } else { (cut.produced, 0) };
        assert_eq!((cut.closed_in_order, cut.queued), (sent, queued), "{cut:?}");
        let dead = peer.newest().lines().any(|line| is_state(line, "dies", 50));
        assert_eq!(dead, !is_away, "its last state is with the peer");
    }
}

fn is_state(line: &str, job: &str, code: u64) -> bool {
    line.contains("\"job.state\"")
        && line.contains(&format!("\"job={job}\""))
        && line.contains(&format!("\"value\":{code},"))
}

#[test]
fn a_registry_that_is_dropped_first_is_reported_to_the_end() {
    let Attached { clock, registry, peer, watch, guard } = connected();
    let (rows, job) = (registry.counter("rows").unwrap(), registry.job("goes on").unwrap());
    drop(registry);
    for _ in 0..10 {
        rows.inc();
        clock.advance(SECOND);
        peer.assert_holds(&watch.now());
    }
    job.finish();
    assert_eq!(guard.close(), Ok(()));
    let cut = watch.now();
    peer.assert_holds(&cut);
    assert_eq!((cut.queued, cut.closed_in_order), (0, cut.produced), "{cut:?}");
    let newest = peer.newest();
    assert!(newest.lines().any(|line| is_state(line, "goes on", 70)));
    assert!(newest.contains("{\"metric\":\"rows\"") && newest.contains("\"value\":10,"));
    assert!(!rows.is_registered(), "nobody holds the registry any more");
}
