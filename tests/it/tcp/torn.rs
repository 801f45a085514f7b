//! Connections that take what they like and break where they like: every line arrives whole, and once.

use super::network::{Answer, Network, Peer, Step};
use super::reports::{assert_sums, is_alive, report, text};
use crossbeam_channel::{Receiver, Sender, unbounded};
use flowmeter::{Breaker, Connection, ManualClock, Reporter, Tcp};
use proptest::prelude::*;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug)]
enum Action {
    Report(u64),
    Advance(u64),
    /// The peer of the newest connection ends it.
    End,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (1..300_usize).prop_map(Step::Accept),
        2 => (1..9_usize).prop_map(Step::Accept),
        1 => Just(Step::Accept(0)),
        1 => Just(Step::Fail(ErrorKind::Interrupted)),
        1 => Just(Step::Fail(ErrorKind::ConnectionReset)),
        1 => Just(Step::Fail(ErrorKind::TimedOut)),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        1 => Just(Answer::Refuse),
        3 => prop::collection::vec(step(), 0..20).prop_map(Answer::Accept),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => (0..9_u64).prop_map(Action::Report),
        3 => (0..7_000_u64).prop_map(Action::Advance),
        1 => Just(Action::End),
    ]
}

/// What a connection holds: its lines that ended, those of reports only.
fn lines(peer: &Peer) -> Vec<String> {
    let text = peer.text();
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    text[..whole].lines().filter(|line| !is_alive(line)).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_is_held_whole_and_once_and_in_its_order(
        answers in prop::collection::vec(answer(), 0..12),
        actions in prop::collection::vec(action(), 0..25),
        bound in prop_oneof![Just(300_usize), Just(1 << 20)],
    ) {
        let clock = ManualClock::new();
        let network = Network::new(clock.clock());
        answers.into_iter().for_each(|answer| network.answer(answer));
        let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler());
        let mut tcp = tcp.buffer(bound);
        let (status, mut produced, mut peers) = (tcp.status(), 0, Vec::new());
        for action in actions {
            match action {
                Action::Report(lines) => {
                    tcp.report(&report(produced..produced + lines)).unwrap();
                    produced += lines;
                }
                Action::Advance(ms) => clock.advance(Duration::from_millis(ms)),
                Action::End => {
                    peers.extend(network.accepted.try_iter());
                    peers.last().into_iter().for_each(Peer::end);
                }
            }
            assert_sums(&status.now());
        }
        let closed = tcp.close(Duration::from_secs(5));
        let cut = status.now();
        assert_sums(&cut);
        prop_assert_eq!((cut.produced, cut.open, cut.connected), (produced, 0, false));
        prop_assert_eq!(cut.queued > 0, closed.is_err_and(|e| e.to_string().contains("not sent")));

        peers.extend(network.accepted.try_iter());
        let all = text(0..produced);
        let held: Vec<String> = peers.iter().flat_map(lines).collect();
        prop_assert_eq!(held.len() as u64, cut.written);
        let mut rest = all.lines();
        for line in &held {
            prop_assert!(rest.any(|one| one == line), "torn, twice or too early: {}", line);
        }
        if cut.dropped == 0 {
            prop_assert!(held.iter().eq(all.lines().take(held.len())));
        }
    }
}

#[test]
fn a_line_accepted_in_part_is_sent_again_whole() {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    let first = text(0..1).len();
    let steps = vec![Step::Accept(first + 5), Step::Accept(2), Step::Fail(ErrorKind::BrokenPipe)];
    network.answer(Answer::Accept(steps));
    network.accept_next();
    let mut tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler()).jitter(false);
    tcp.report(&report(0..3)).unwrap();
    clock.advance(Duration::ZERO);
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.queued, cut.unconfirmed, cut.open), (2, 1, 0));
    clock.advance(Duration::from_millis(100));
    let (torn, whole) = (network.peer(), network.peer());
    assert_eq!(torn.text(), text(0..2)[..first + 7]);
    assert_eq!(whole.text(), text(1..3));
    tcp.close(Duration::from_secs(1)).unwrap();
    let cut = tcp.status().now();
    assert_eq!((cut.unconfirmed, cut.closed_in_order), (1, 2));
}

/// A connection whose reading half ends when a gate opens, whatever happened before.
struct Slow {
    fails: bool,
    half: Option<Gated>,
}

struct Gated {
    gate: Receiver<()>,
    gone: Sender<()>,
}

impl Read for Gated {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let _ = self.gate.recv();
        Ok(0)
    }
}

impl Drop for Gated {
    fn drop(&mut self) {
        let _ = self.gone.send(());
    }
}

impl Connection for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.fails { Err(ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
    }

    fn reader(&mut self) -> io::Result<Box<dyn Read + Send>> {
        let half = self.half.take().ok_or(ErrorKind::NotConnected)?;
        Ok(Box::new(half))
    }

    fn breaker(&mut self) -> io::Result<Breaker> {
        Ok(Arc::new(|| ()))
    }

    fn shut(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn take_error(&mut self) -> io::Result<Option<io::Error>> {
        Ok(None)
    }

    fn local(&self) -> String {
        "slow".to_owned()
    }
}

#[test]
fn the_end_of_an_earlier_connection_is_not_that_of_the_next_one() {
    let clock = ManualClock::new();
    let (ends, gates): (Vec<_>, Vec<_>) = (0..2).map(|_| unbounded::<()>()).unzip();
    let (gone, was_gone) = unbounded();
    let mut gates = gates.into_iter().enumerate();
    let dial = move |_: Duration| -> io::Result<Box<dyn Connection>> {
        let (number, gate) = gates.next().ok_or(ErrorKind::ConnectionRefused)?;
        let half = Some(Gated { gate, gone: gone.clone() });
        Ok(Box::new(Slow { fails: number == 0, half }))
    };
    let mut tcp = Tcp::to("slow:1").clock(clock.clock()).jitter(false).dialler(dial);
    tcp.report(&report(0..2)).unwrap();
    clock.advance(Duration::from_millis(100));
    assert_eq!((tcp.status().now().dials, tcp.status().now().open), (2, 2));
    let mut ends = ends.into_iter();
    drop(ends.next());
    was_gone.recv().unwrap();
    // It is told just now: each sign of life is another chance to hear of it.
    (0..500).for_each(|_| clock.advance(Duration::from_secs(5)));
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.dials, cut.open, cut.unconfirmed, cut.connected), (2, 2, 0, true));
}
