//! Closing: what is queued is sent, the connection is ended in order, and nothing takes longer than it may.

use super::network::{Answer, Network, Step};
use super::reports::{assert_sums, report, text};
use flowmeter::{ManualClock, ReportError, Reporter, Tcp};
use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(5);

fn fixture() -> (ManualClock, Network, Tcp) {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler()).jitter(false);
    (clock, network, tcp)
}

fn message(closed: Result<(), ReportError>) -> String {
    closed.unwrap_err().to_string()
}

#[test]
fn everything_queued_is_written_and_the_connection_ended_in_order() {
    let (clock, network, mut tcp) = fixture();
    network.accept_next();
    tcp.report(&report(0..1)).unwrap();
    let peer = network.peer();
    peer.wrote.recv().unwrap();
    tcp.report(&report(1..4)).unwrap();
    tcp.close(WITHIN).unwrap();
    peer.wait_until_gone();
    assert_eq!(peer.text(), text(0..4));
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.closed_in_order, cut.connected, cut.dials), (4, false, 1));
    assert!(message(tcp.report(&report(4..5))).contains("closed"));
    tcp.close(WITHIN).unwrap();
    clock.advance(Duration::from_secs(100));
    assert_eq!(network.dials().len(), 1);
}

#[test]
fn a_peer_that_refuses_is_tried_once_more_and_not_waited_for() {
    let (clock, network, mut tcp) = fixture();
    tcp.report(&report(0..3)).unwrap();
    clock.advance(Duration::from_secs(1));
    let before = network.dials().len();
    let error = message(tcp.close(WITHIN));
    assert_eq!(error, "3 lines were not sent: connection refused by the test");
    assert_eq!(network.dials().len(), before + 1);
    assert_eq!(clock.clock().now().as_nanos(), 1_000_000_000);
}

#[test]
fn a_peer_that_is_back_gets_everything_without_a_pause() {
    let (clock, network, mut tcp) = fixture();
    tcp.report(&report(0..3)).unwrap();
    clock.advance(Duration::from_secs(1));
    network.accept_next();
    tcp.close(WITHIN).unwrap();
    assert_eq!(network.peer().text(), text(0..3));
}

#[test]
fn nothing_to_send_is_no_reason_to_dial() {
    let (clock, network, mut tcp) = fixture();
    tcp.close(WITHIN).unwrap();
    tcp.start().unwrap();
    assert!(network.dials().is_empty());
    let mut tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler());
    tcp.start().unwrap();
    clock.advance(Duration::ZERO);
    tcp.close(WITHIN).unwrap();
    assert_eq!(network.dials().len(), 1);
}

#[test]
fn a_connection_that_breaks_while_it_is_closed_is_replaced_once() {
    let (clock, network, mut tcp) = fixture();
    let torn = vec![Step::Accept(7), Step::Fail(ErrorKind::ConnectionReset)];
    network.accept_next();
    network.answer(Answer::Accept(torn.clone()));
    network.answer(Answer::Accept(torn));
    network.accept_next();
    tcp.start().unwrap();
    clock.advance(Duration::ZERO);
    let first = network.peer();
    first.end();
    first.wait_until_gone();
    clock.advance(Duration::from_millis(100));
    tcp.report(&report(0..2)).unwrap();
    let error = message(tcp.close(WITHIN));
    assert!(error.starts_with("2 lines were not sent: "), "{error}");
    assert_eq!(network.dials().len(), 3);
}

#[test]
fn a_peer_that_does_not_end_is_waited_for_until_the_time_is_over() {
    let (clock, network, mut tcp) = fixture();
    network.answer(Answer::Stay);
    tcp.report(&report(0..2)).unwrap();
    let peer = network.peer();
    let watch = tcp.status();
    let closing = thread::spawn(move || tcp.close(WITHIN));
    peer.shut.recv().unwrap();
    clock.advance(WITHIN - Duration::from_nanos(1));
    assert_eq!(watch.now().open, 2);
    clock.advance(Duration::from_nanos(1));
    let why = "the peer did not end the connection in time after it had read our end";
    assert_eq!(message(closing.join().unwrap()), format!("2 lines are unconfirmed: {why}"));
    let cut = watch.now();
    assert_sums(&cut);
    assert_eq!((cut.unconfirmed, cut.closed_in_order), (2, 0));
}

#[test]
fn an_end_that_was_made_by_breaking_off_is_not_in_order() {
    for _ in 0..200 {
        let (clock, network, mut tcp) = fixture();
        network.answer(Answer::Stay);
        tcp.report(&report(0..2)).unwrap();
        let (peer, watch) = (network.peer(), tcp.status());
        let closing = thread::spawn(move || tcp.close(WITHIN));
        peer.shut.recv().unwrap();
        // Now both the thread that closes and the one that owns the connection find that the time is over.
        clock.advance(WITHIN);
        message(closing.join().unwrap());
        assert_eq!(watch.now().closed_in_order, 0);
    }
}

#[test]
fn an_end_that_comes_before_ours_is_not_in_order() {
    let (clock, network, mut tcp) = fixture();
    network.accept_next();
    tcp.report(&report(0..2)).unwrap();
    clock.advance(Duration::ZERO);
    let peer = network.peer();
    peer.end();
    peer.wait_until_gone();
    let error = message(tcp.close(WITHIN));
    assert_eq!(error, "2 lines are unconfirmed: the peer ended the connection");
    assert!(peer.shut.try_recv().is_err());
    assert_eq!(tcp.status().now().unconfirmed, 2);
}

#[test]
fn an_end_with_an_error_is_not_in_order() {
    let (_clock, network, mut tcp) = fixture();
    network.answer(Answer::Fault);
    tcp.report(&report(0..2)).unwrap();
    network.peer();
    let error = message(tcp.close(WITHIN));
    assert_eq!(error, "2 lines are unconfirmed: connection reset");
    assert_eq!(tcp.status().now().closed_in_order, 0);
}

#[test]
fn a_write_that_hangs_is_broken_off_when_the_time_is_over() {
    let (clock, network, mut tcp) = fixture();
    network.answer(Answer::Accept(vec![Step::Accept(5), Step::Hang]));
    tcp.report(&report(0..2)).unwrap();
    let peer = network.peer();
    peer.wrote.recv().unwrap();
    peer.wrote.recv().unwrap();
    // The time is over at once: a manual clock stands still while a write hangs.
    let error = message(tcp.close(Duration::ZERO));
    assert!(error.starts_with("2 lines were not sent: "), "{error}");
    peer.wait_until_gone();
    assert_sums(&tcp.status().now());
    clock.advance(Duration::from_secs(100));
    assert_eq!(network.dials().len(), 1);
}

#[test]
fn one_that_is_dropped_ends_at_once_and_leaves_what_is_queued() {
    let (clock, network, mut tcp) = fixture();
    network.answer(Answer::Stay);
    tcp.report(&report(0..2)).unwrap();
    let (peer, watch) = (network.peer(), tcp.status());
    peer.wrote.recv().unwrap();
    tcp.report(&report(2..3)).unwrap();
    drop(tcp);
    peer.wait_until_gone();
    clock.advance(Duration::from_secs(100));
    let cut = watch.now();
    assert_sums(&cut);
    assert_eq!((cut.unconfirmed, cut.queued, cut.dials), (2, 1, 1));
    assert!(peer.shut.try_recv().is_err());
}

#[test]
fn one_that_waits_for_its_next_dial_ends_at_once() {
    let (clock, network, mut tcp) = fixture();
    tcp.start().unwrap();
    clock.advance(Duration::from_secs(1));
    let before = network.dials().len();
    drop(tcp);
    clock.advance(Duration::from_secs(100));
    assert_eq!(network.dials().len(), before);
}
