//! The sums hold in every cut, whoever looks and whatever happens.

use super::network::{Answer, Network, Step};
use super::reports::{assert_sums, report};
use flowmeter::{Figure, ManualClock, Reporter, Tcp, TcpStatus, TcpWatch};
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Connections that take a little at a time and then break, in more ways than one.
fn scripts(network: &Network) {
    for number in 0..400_usize {
        let most = 1 + number * 37 % 500;
        let mut steps = vec![Step::Accept(most); number % 23];
        steps.push(Step::Fail(ErrorKind::ConnectionReset));
        network.answer(if number % 5 == 0 { Answer::Refuse } else { Answer::Accept(steps) });
    }
}

fn look_until(done: &AtomicBool, cuts: &AtomicU64, watch: &TcpWatch) {
    let mut earlier = TcpStatus::default();
    while !done.load(Ordering::Relaxed) {
        let cut = watch.now();
        assert_sums(&cut);
        let totals = |cut: &TcpStatus| [cut.produced, cut.written, cut.dropped, cut.unconfirmed];
        assert!(totals(&earlier).iter().zip(totals(&cut)).all(|(was, is)| *was <= is));
        earlier = cut;
        cuts.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether everything has happened that a line can be counted as.
fn has_seen_everything(cut: &TcpStatus) -> bool {
    cut.dropped > 0 && cut.unconfirmed > 0 && cut.failed_dials > 0
}

#[test]
fn they_hold_while_lines_flow_and_connections_break() {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    scripts(&network);
    let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler());
    let mut tcp = tcp.buffer(20_000);
    let (done, cuts, watch) = (AtomicBool::new(false), AtomicU64::new(0), tcp.status());
    thread::scope(|scope| {
        (0..2).for_each(|_| drop(scope.spawn(|| look_until(&done, &cuts, &watch))));
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                clock.advance(Duration::from_millis(700));
            }
        });
        let mut number = 0;
        while cuts.load(Ordering::Relaxed) < 2_000 || !has_seen_everything(&watch.now()) {
            tcp.report(&report(number * 20..number * 20 + number % 20)).unwrap();
            number += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
    let _ = tcp.close(Duration::ZERO);
    assert_sums(&watch.now());
}

#[test]
fn the_figures_are_the_status() {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    network.answer(Answer::Accept(vec![Step::Fail(ErrorKind::BrokenPipe)]));
    network.answer(Answer::Accept(vec![Step::Accept(300), Step::Fail(ErrorKind::BrokenPipe)]));
    network.answer(Answer::Refuse);
    network.accept_next();
    let mut tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler()).jitter(false);
    let (figures, status) = (tcp.figures(), tcp.status());
    tcp.report(&report(0..9)).unwrap();
    for _ in 0..30 {
        clock.advance(Duration::from_millis(1_100));
        assert_eq!(shown(&figures), told(&status.now()));
    }
    tcp.report(&report(9..12)).unwrap();
    assert_eq!(shown(&figures), told(&status.now()));
    tcp.close(Duration::from_secs(1)).unwrap();
    assert_eq!(shown(&figures), told(&status.now()));
    assert!(told(&status.now()).iter().filter(|(_, value)| *value > 0.0).count() >= 7);
}

fn shown(figures: &[(&'static str, Figure)]) -> Vec<(&'static str, f64)> {
    let value = |figure: &Figure| match figure {
        Figure::Counter(counter) => counter.value() as f64,
        Figure::Gauge(gauge) => gauge.value(),
        _ => f64::NAN,
    };
    figures.iter().map(|(name, figure)| (*name, value(figure))).collect()
}

fn told(cut: &TcpStatus) -> Vec<(&'static str, f64)> {
    vec![
        ("lines.produced", cut.produced as f64),
        ("lines.written", cut.written as f64),
        ("lines.dropped", cut.dropped as f64),
        ("lines.closed_in_order", cut.closed_in_order as f64),
        ("lines.unconfirmed", cut.unconfirmed as f64),
        ("lines.alive", cut.alive as f64),
        ("lines.left_out", cut.left_out as f64),
        ("lines.queued", cut.queued as f64),
        ("lines.queued_bytes", cut.queued_bytes as f64),
        ("lines.open", cut.open as f64),
        ("connected", f64::from(u8::from(cut.connected))),
        ("dials", cut.dials as f64),
        ("dials.failed", cut.failed_dials as f64),
    ]
}
