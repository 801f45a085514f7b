//! A thousand jobs that end while the peer is away.

use super::super::checked::{Checked, LastEnd};
use super::super::peer::Peer;
use super::{HOUR, SECOND};
use flowmeter::{ManualClock, Points, Registry, Tcp};
use std::sync::atomic::Ordering;
use std::thread;

const JOBS: u64 = 1_000;

/// They end on four threads, on a buffer of so many bytes, and the peer comes back after all of them, or never.
/// Gives how many lines were dropped.
fn jobs_end_while_the_peer_is_away(buffer: usize, comes_back: bool) -> u64 {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).ended_runs_kept(50).build();
    let peer = Peer::away();
    let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(peer.dialler()).buffer(buffer);
    let (watch, last_end) = (tcp.status(), LastEnd::default());
    let checked = Checked::new(tcp, SECOND, &last_end);
    let taken = checked.taken.clone();
    let guard = registry.attach("tcp", checked).every(SECOND).deadline(HOUR);
    for _ in 0..10 {
        last_end.store(clock.clock().now().as_nanos(), Ordering::SeqCst);
        end_jobs(&registry, JOBS / 10);
        peer.assert_holds(&watch.now());
        clock.advance(SECOND);
    }
    last_end.store(clock.clock().now().as_nanos(), Ordering::SeqCst);
    if comes_back {
        peer.come_back();
    }
    assert_eq!(guard.close().is_ok(), comes_back);
    let cut = watch.now();
    peer.assert_holds(&cut);
    let taken = taken.lock();
    assert_eq!(taken.runs.len() as u64 + taken.missed, JOBS);
    let mut newest = Vec::new();
    let lines = Points::default().encode(taken.last.as_ref().unwrap(), &mut newest).lines;
    if comes_back {
        assert_eq!((cut.queued, cut.closed_in_order), (0, cut.produced - cut.dropped));
        assert_eq!(peer.held().lines, cut.closed_in_order);
        assert!(peer.newest().ends_with(&String::from_utf8(newest).unwrap()), "the last report");
    } else {
        assert_eq!(cut.queued, cut.produced - cut.dropped);
        assert!(cut.queued >= lines, "{lines} lines of the last report: {cut:?}");
    }
    cut.dropped
}

/// On four threads.
fn end_jobs(registry: &Registry, jobs: u64) {
    thread::scope(|scope| {
        for worker in 0..4 {
            scope.spawn(move || {
                for _ in (worker..jobs).step_by(4) {
                    registry.job(&format!("job {worker}")).unwrap().finish();
                }
            });
        }
    });
}

#[test]
fn with_room_for_all_of_them_none_is_dropped() {
    assert_eq!(jobs_end_while_the_peer_is_away(64 << 20, true), 0);
    assert_eq!(jobs_end_while_the_peer_is_away(64 << 20, false), 0);
}

#[test]
fn with_little_room_the_oldest_are_dropped_and_counted_but_nothing_of_the_last_report() {
    for buffer in [0, 1_000, 20_000] {
        for comes_back in [true, false] {
            assert!(jobs_end_while_the_peer_is_away(buffer, comes_back) > 0, "{buffer}");
        }
    }
}
