//! The buffer: bounded, the oldest out, the newest report never.

use super::network::{Answer, Network, Step};
use super::reports::{assert_sums, report, text};
use flowmeter::{Figure, ManualClock, Reporter, Tcp};
use std::io::ErrorKind;
use std::time::Duration;

fn fixture(bound: usize) -> (ManualClock, Network, Tcp) {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler()).jitter(false);
    (clock, network, tcp.buffer(bound))
}

#[test]
fn the_oldest_lines_make_room_and_are_counted() {
    let line = text(0..1).len();
    let (clock, network, mut tcp) = fixture(10 * line);
    for number in 0..25 {
        tcp.report(&report(number..number + 1)).unwrap();
        let cut = tcp.status().now();
        assert_sums(&cut);
        assert!(cut.queued_bytes <= 10 * line as u64);
    }
    let cut = tcp.status().now();
    assert_eq!((cut.queued, cut.dropped), (10, 15));
    network.accept_next();
    clock.advance(Duration::from_secs(1));
    assert_eq!(network.peer().text(), text(15..25));
}

#[test]
fn no_line_of_the_newest_report_is_dropped_not_even_for_itself() {
    let line = text(0..1).len();
    let (clock, network, mut tcp) = fixture(10 * line);
    tcp.report(&report(0..8)).unwrap();
    tcp.report(&report(8..108)).unwrap();
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.queued, cut.dropped), (100, 8));
    tcp.report(&report(108..111)).unwrap();
    let cut = tcp.status().now();
    assert_eq!((cut.queued, cut.dropped), (10, 101));
    network.accept_next();
    clock.advance(Duration::from_secs(1));
    assert_eq!(network.peer().text(), text(101..111));
}

#[test]
fn a_report_without_lines_drops_nothing() {
    let line = text(0..1).len();
    let (_clock, _network, mut tcp) = fixture(10 * line);
    tcp.report(&report(0..10)).unwrap();
    tcp.report(&report(0..0)).unwrap();
    assert_eq!(tcp.status().now().dropped, 0);
}

#[test]
fn a_report_without_lines_is_not_the_newest() {
    let line = text(0..1).len();
    let (_clock, _network, mut tcp) = fixture(10 * line);
    tcp.report(&report(0..20)).unwrap();
    tcp.report(&report(0..0)).unwrap();
    assert_eq!((tcp.status().now().queued, tcp.status().now().dropped), (20, 0));
}

#[test]
fn what_the_figures_say_is_queued_is_what_is_there() {
    let line = text(0..1).len();
    let (clock, network, mut tcp) = fixture(10 * line);
    network.answer(Answer::Accept(vec![
        Step::Accept(3 * line + 5),
        Step::Fail(ErrorKind::BrokenPipe),
    ]));
    network.accept_next();
    for number in 0..30 {
        tcp.report(&report(number..number + number % 4)).unwrap();
        clock.advance(Duration::from_secs(number % 3));
        let cut = tcp.status().now();
        assert_sums(&cut);
        let shown = |name| {
            let figures = tcp.figures().into_iter();
            figures.filter(|(figure, _)| *figure == name).find_map(|(_, figure)| match figure {
                Figure::Gauge(gauge) => Some(gauge.value()),
                _ => None,
            })
        };
        assert_eq!(shown("lines.queued"), Some(cut.queued as f64));
        assert_eq!(shown("lines.queued_bytes"), Some(cut.queued_bytes as f64));
    }
}

#[test]
fn with_room_for_nothing_the_newest_report_is_kept() {
    let (clock, network, mut tcp) = fixture(0);
    tcp.report(&report(0..3)).unwrap();
    tcp.report(&report(3..5)).unwrap();
    assert_eq!(tcp.status().now().queued, 2);
    network.accept_next();
    clock.advance(Duration::from_secs(1));
    assert_eq!(network.peer().text(), text(3..5));
}

#[test]
fn what_is_being_written_is_not_dropped_and_a_report_does_not_wait_for_it() {
    let line = text(0..1).len();
    let (clock, network, mut tcp) = fixture(4 * line);
    let steps = vec![Step::Accept(5), Step::Wait];
    network.answer(Answer::Accept(steps));
    tcp.report(&report(0..4)).unwrap();
    let peer = network.peer();
    peer.wrote.recv().unwrap();
    peer.wrote.recv().unwrap();
    // The write waits, and has two lines in hand: half of what the buffer holds.
    for number in 4..20 {
        tcp.report(&report(number..number + 1)).unwrap();
        assert_sums(&tcp.status().now());
    }
    let cut = tcp.status().now();
    assert_eq!((cut.queued, cut.dropped, cut.open), (4, 16, 0));
    tcp.report(&report(20..28)).unwrap();
    peer.go_on.send(()).unwrap();
    clock.advance(Duration::from_secs(5));
    assert_eq!(peer.text(), text(0..2) + &text(20..28));
    assert_sums(&tcp.status().now());
}

#[test]
fn a_line_that_was_accepted_in_part_may_be_dropped_when_its_connection_broke() {
    let line = text(0..1).len();
    let (clock, network, mut tcp) = fixture(4 * line);
    let steps = vec![Step::Accept(5), Step::Fail(ErrorKind::ConnectionReset)];
    network.answer(Answer::Accept(steps));
    network.accept_next();
    tcp.report(&report(0..4)).unwrap();
    clock.advance(Duration::ZERO);
    tcp.report(&report(4..6)).unwrap();
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.queued, cut.dropped), (4, 2));
    clock.advance(Duration::from_millis(100));
    assert_eq!(network.peer().text(), text(0..1)[..5]);
    assert_eq!(network.peer().text(), text(2..6));
}
