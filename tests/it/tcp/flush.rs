//! When lines are written, and when there is a sign of life.

use super::network::{Answer, Network, Peer, Step};
use super::reports::{assert_sums, is_alive, report, text};
use flowmeter::{ManualClock, Registry, Reporter, Tcp, TcpWatch};
use std::io::ErrorKind;
use std::time::Duration;

fn fixture() -> (ManualClock, Network, Tcp) {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler()).jitter(false);
    (clock, network, tcp)
}

/// The second of each write, and whether it was a sign of life.
fn writes(peer: &Peer) -> Vec<(f64, bool)> {
    peer.writes().iter().map(|(at, text)| (at.as_secs_f64(), is_alive(text))).collect()
}

#[test]
fn lines_are_written_when_connected_and_every_five_seconds_and_silence_is_broken_by_a_sign_of_life()
{
    let (clock, network, mut tcp) = fixture();
    network.answer(Answer::Refuse);
    network.accept_next();
    tcp.report(&report(0..2)).unwrap();
    clock.advance(Duration::from_millis(100));
    let peer = network.peer();
    clock.advance(Duration::from_secs(11));
    tcp.report(&report(2..3)).unwrap();
    clock.advance(Duration::from_secs(1));
    tcp.report(&report(3..4)).unwrap();
    clock.advance(Duration::from_secs(9));
    let expected = [(0.1, false), (10.1, true), (15.1, false), (20.1, true)];
    assert_eq!(writes(&peer), expected);
    let texts: Vec<String> = peer.writes().into_iter().map(|(_, text)| text).collect();
    assert_eq!((&texts[0], &texts[2]), (&text(0..2), &text(2..4)));
    assert!(texts[1].ends_with('\n') && texts[1].contains("\"value\":1,"), "{}", texts[1]);
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.written, cut.open, cut.alive, cut.queued), (4, 4, 2, 0));
    assert!(cut.connected);
}

#[test]
fn a_sign_of_life_says_where_it_comes_from() {
    let (clock, network, tcp) = fixture();
    network.accept_next();
    let settings = Registry::builder().clock(clock.clock()).endpoint("jungle85").tags(["darwin"]);
    let tcp = settings.build().attach("tcp", tcp).every(Duration::from_secs(1));
    clock.advance(Duration::from_secs(1));
    let peer = network.peer();
    let _silent = tcp.every(Duration::from_secs(3600));
    clock.advance(Duration::from_secs(10));
    let sign = peer.writes().pop().unwrap().1;
    let expected = r#"{"metric":"flowmeter.alive","endpoint":"jungle85","tag":["darwin"],"value":1,"timestamp":946684811}"#;
    assert_eq!(sign, format!("{expected}\n"));
}

#[test]
fn what_an_error_does_when_it_is_told_is_no_concern_of_the_lines() {
    /// Looks at the status when it is asked what went wrong.
    #[derive(Debug)]
    struct Looks(TcpWatch);

    impl std::fmt::Display for Looks {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "after {} dials", self.0.now().dials)
        }
    }

    impl std::error::Error for Looks {}

    let clock = ManualClock::new();
    let tcp = Tcp::to("memory:1").clock(clock.clock()).jitter(false);
    let watch = tcp.status();
    let dial = move |_: Duration| Err(std::io::Error::other(Looks(watch.clone())));
    let mut tcp = tcp.dialler(dial);
    tcp.report(&report(0..2)).unwrap();
    clock.advance(Duration::ZERO);
    assert_eq!(tcp.status().now().last_error.as_deref(), Some("after 1 dials"));
}

#[test]
fn flushes_are_as_often_as_told_and_what_was_missed_is_not_made_up() {
    let (clock, network, tcp) = fixture();
    let mut tcp = tcp.flush_every(Duration::from_secs(2));
    network.accept_next();
    tcp.start().unwrap();
    clock.advance(Duration::from_secs(6));
    assert_eq!(writes(&network.peer()), [(2.0, true), (4.0, true), (6.0, true)]);
}

#[test]
fn a_flush_that_takes_no_time_at_all_still_lets_time_pass() {
    let (clock, network, tcp) = fixture();
    let mut tcp = tcp.flush_every(Duration::ZERO);
    network.accept_next();
    tcp.start().unwrap();
    clock.advance(Duration::from_millis(3));
    assert_eq!(tcp.status().now().alive, 3);
}

#[test]
fn much_is_written_before_it_is_due() {
    let (clock, network, mut tcp) = fixture();
    network.accept_next();
    tcp.report(&report(0..1)).unwrap();
    let peer = network.peer();
    peer.wrote.recv().unwrap();
    tcp.report(&report(1..2_000)).unwrap();
    peer.wrote.recv().unwrap();
    clock.advance(Duration::ZERO);
    assert_eq!(peer.text(), text(0..2_000));
    assert_eq!(tcp.status().now().open, 2_000);
    // And each time again.
    tcp.report(&report(2_000..4_000)).unwrap();
    clock.advance(Duration::ZERO);
    assert_eq!(tcp.status().now().open, 4_000);
}

#[test]
fn a_sign_of_life_accepted_in_parts_is_finished_before_anything_else() {
    let (clock, network, mut tcp) = fixture();
    let steps = vec![Step::Accept(3), Step::Fail(ErrorKind::Interrupted), Step::Accept(1)];
    network.answer(Answer::Accept(steps));
    tcp.start().unwrap();
    clock.advance(Duration::from_secs(5));
    tcp.report(&report(0..1)).unwrap();
    clock.advance(Duration::from_secs(5));
    let held = network.peer().text();
    let lines: Vec<&str> = held.lines().collect();
    assert!(lines.len() == 2 && is_alive(lines[0]), "{held}");
    assert_eq!(format!("{}\n", lines[1]), text(0..1));
}

#[test]
fn a_connection_that_breaks_in_a_sign_of_life_is_followed_by_a_whole_line() {
    let (clock, network, mut tcp) = fixture();
    let steps = vec![Step::Accept(3), Step::Fail(ErrorKind::WouldBlock)];
    network.answer(Answer::Accept(steps));
    network.accept_next();
    tcp.start().unwrap();
    clock.advance(Duration::from_secs(5));
    let cut = tcp.status().now();
    assert_eq!((cut.alive, cut.written, cut.connected), (0, 0, false));
    assert_eq!(cut.last_error.as_deref(), Some("nothing was accepted for 10s"));
    tcp.report(&report(0..1)).unwrap();
    clock.advance(Duration::from_millis(100));
    network.peer();
    assert_eq!(network.peer().text(), text(0..1));
}

#[test]
fn what_a_peer_says_is_ignored_whatever_it_is() {
    let (clock, network, mut tcp) = fixture();
    network.accept_next();
    tcp.report(&report(0..1)).unwrap();
    let peer = network.peer();
    peer.say(&[0xff; 4096]);
    for second in 1..=30 {
        peer.say(&[second]);
        clock.advance(Duration::from_secs(1));
    }
    let cut = tcp.status().now();
    assert_eq!((cut.open, cut.alive, cut.dials), (1, 5, 1));
    tcp.close(Duration::from_secs(1)).unwrap();
    assert_eq!(tcp.status().now().closed_in_order, 1);
}
