//! Peers that refuse, break off, never read, or talk, in memory.

use super::super::peer::{End, Life, Path, Peer, assert_sums};
use super::{Attached, SECOND, SHORT, do_a_job};
use flowmeter::{DeliveryError, ManualClock, Registry, Tcp};
use std::io::ErrorKind;

fn peer(path: Path) -> Peer {
    Peer::new(move || Life::Lives(path))
}

#[test]
fn absent_at_the_start() {
    let attached = Attached::to(Peer::away());
    attached.work();
    let cut = attached.cut();
    assert_eq!((cut.written, cut.dropped, cut.queued), (0, 0, cut.produced), "{cut:?}");
    assert!(cut.produced > 0 && cut.dials > 3 && cut.failed_dials == cut.dials, "{cut:?}");
    attached.peer.come_back();
    attached.pass(30);
    let cut = attached.cut();
    assert_eq!((cut.unconfirmed, cut.dropped, cut.connected), (0, 0, true), "{cut:?}");
    attached.end_well();
}

#[test]
fn absent_from_the_start_to_the_end() {
    let attached = Attached::to(Peer::away());
    attached.work();
    let Attached { registry, guard, watch, peer, .. } = attached;
    do_a_job(&registry);
    let error = guard.close().unwrap_err();
    let cut = watch.now();
    peer.assert_holds(&cut);
    let reason = format!("{} lines were not sent: the peer is away", cut.produced);
    assert_eq!(error, DeliveryError::Failed { reporter: "tcp".to_owned(), reason });
    assert_eq!((cut.queued, cut.dropped), (cut.produced, 0));
}

#[test]
fn dies_when_it_has_taken_some() {
    let dies = End::Fails(ErrorKind::BrokenPipe);
    let attached = Attached::to(peer(Path { takes: 9_999, end: dies, behind: 500, ..Path::GOOD }));
    attached.work();
    attached.pass(30);
    let cut = attached.cut();
    assert!(cut.unconfirmed > 0 && cut.dials > 3, "{cut:?}");
    assert!(attached.peer.held().lines < cut.written, "what was on its way is lost: {cut:?}");
    attached.peer.come_back();
    attached.pass(60);
    attached.end_well();
}

#[test]
fn accepts_and_closes() {
    let attached = Attached::to(peer(Path { takes: 0, end: End::Closes, ..Path::GOOD }));
    for _ in 0..5 {
        attached.peer.end();
        attached.work();
    }
    let cut = attached.cut();
    assert!(cut.unconfirmed > 0 && cut.dials > 2 && cut.failed_dials == 0, "{cut:?}");
    assert_eq!(attached.peer.held().lines, 0);
    attached.peer.come_back();
    attached.peer.end();
    while attached.watch.now().connected {
        std::thread::yield_now();
    }
    attached.pass(60);
    attached.end_well();
}

#[test]
fn never_reads_until_a_write_takes_too_long() {
    let late = End::Fails(ErrorKind::TimedOut);
    let full = Path { takes: 20_000, end: late, behind: usize::MAX, ..Path::GOOD };
    let attached = Attached::with_buffer(peer(full), 50_000);
    for _ in 0..5 {
        attached.work();
    }
    let cut = attached.cut();
    assert_eq!(cut.last_error.as_deref(), Some("nothing was accepted for 10s"));
    assert!(cut.unconfirmed > 0 && cut.dropped > 0, "{cut:?}");
    assert_eq!(attached.peer.held().lines, 0);
    attached.peer.come_back();
    attached.pass(60);
    attached.end_well();
}

/// On the system's clock: a manual one stands still while a write hangs.
#[test]
fn never_reads_and_a_write_hangs_to_the_end() {
    let peer = peer(Path { takes: 500, end: End::Hangs, behind: usize::MAX, ..Path::GOOD });
    let registry = Registry::new();
    let tcp = Tcp::to("memory:1").dialler(peer.dialler());
    let watch = tcp.status();
    let guard = registry.attach("tcp", tcp).every(SECOND).deadline(SHORT);
    registry.report();
    peer.hangs.recv().unwrap();
    for _ in 0..10 {
        do_a_job(&registry);
        peer.assert_holds(&watch.now());
    }
    assert!(peer.read_now() == 1 && watch.now().connected, "it still hangs");
    guard.close().unwrap_err();
    while peer.read_now() > 0 || watch.now().connected {
        std::thread::yield_now();
    }
    let cut = watch.now();
    peer.assert_holds(&cut);
    assert!(cut.queued > 0 && cut.closed_in_order == 0, "{cut:?}");
}

#[test]
fn resets_again_and_again() {
    let resets = End::Fails(ErrorKind::ConnectionReset);
    for takes in [0, 1, 99, 5_000] {
        let attached =
            Attached::to(peer(Path { at_once: 77, takes, end: resets, behind: usize::MAX }));
        attached.work();
        let cut = attached.cut();
        assert_eq!(cut.last_error.as_deref(), Some("connection reset"));
        assert_eq!((attached.peer.held().lines, cut.unconfirmed + cut.open), (0, cut.written));
        attached.peer.come_back();
        attached.pass(60);
        attached.end_well();
    }
}

#[test]
fn sends_garbage() {
    let attached = Attached::to(peer(Path::GOOD));
    attached.work();
    for byte in [0x00, 0xfe, b'{', b'\n'] {
        attached.peer.say(&vec![byte; 100_000]);
        attached.work();
    }
    let cut = attached.cut();
    assert_eq!((cut.dials, cut.unconfirmed, cut.connected), (1, 0, true), "{cut:?}");
    attached.end_well();
}

#[test]
fn answers_one_byte_a_second() {
    let attached = Attached::to(peer(Path { at_once: 1, ..Path::GOOD }));
    for second in 0..60 {
        attached.peer.say(b".");
        attached.pass(1);
        if second % 20 == 0 {
            do_a_job(&attached.registry);
        }
    }
    let cut = attached.cut();
    assert_eq!((cut.dials, cut.unconfirmed, cut.connected), (1, 0, true), "{cut:?}");
    attached.end_well();
}

#[test]
fn has_an_address_that_does_not_resolve() {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    let tcp = Tcp::to("a..b:6000").clock(clock.clock()).jitter(false);
    let watch = tcp.status();
    let guard = registry.attach("tcp", tcp).every(SECOND).deadline(super::HOUR);
    for _ in 0..10 {
        do_a_job(&registry);
        clock.advance(SECOND);
        assert_sums(&watch.now());
    }
    assert_eq!(guard.failure(), None, "the reports were taken");
    let error = guard.close().unwrap_err().to_string();
    let cut = watch.now();
    assert_sums(&cut);
    assert_eq!((cut.failed_dials, cut.queued), (cut.dials, cut.produced), "{cut:?}");
    assert!(cut.dials > 5 && error.contains("`a..b:6000`"), "{error}: {cut:?}");
}
