//! When the peer is dialled, to the nanosecond.

use super::network::{Answer, Network};
use super::reports::{assert_sums, report};
use flowmeter::{ManualClock, Reporter, Tcp};
use std::time::Duration;

fn seconds(tenths: &[u64]) -> Vec<Duration> {
    tenths.iter().map(|&tenths| Duration::from_millis(100 * tenths)).collect()
}

fn gaps(dials: &[Duration]) -> Vec<Duration> {
    dials.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

fn fixture() -> (ManualClock, Network, Tcp) {
    let clock = ManualClock::new();
    let network = Network::new(clock.clock());
    let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(network.dialler()).jitter(false);
    (clock, network, tcp)
}

const PAUSES: [u64; 12] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300];

#[test]
fn the_pauses_double_from_a_tenth_of_a_second_to_thirty_seconds() {
    let (clock, network, mut tcp) = fixture();
    tcp.report(&report(0..3)).unwrap();
    clock.advance(Duration::from_millis(141_100));
    assert_eq!(network.dials()[0], Duration::ZERO);
    assert_eq!(gaps(&network.dials()), seconds(&PAUSES));
    let cut = tcp.status().now();
    assert_sums(&cut);
    assert_eq!((cut.dials, cut.failed_dials, cut.queued), (13, 13, 3));
    assert_eq!(cut.last_error.as_deref(), Some("connection refused by the test"));
}

#[test]
fn with_jitter_each_pause_is_between_its_half_and_its_whole() {
    let mut seen = Vec::new();
    for _ in 0..20 {
        let (clock, network, tcp) = fixture();
        let mut tcp = tcp.jitter(true);
        tcp.start().unwrap();
        clock.advance(Duration::from_secs(200));
        let gaps = gaps(&network.dials());
        assert!(gaps.len() >= PAUSES.len(), "{gaps:?}");
        for (gap, whole) in gaps.iter().zip(seconds(&PAUSES)) {
            assert!(*gap >= whole / 2 && *gap <= whole, "{gap:?} of {whole:?}");
        }
        seen.push(gaps[11]);
    }
    seen.sort();
    seen.dedup();
    assert!(seen.len() > 15, "{seen:?}");
}

#[test]
fn a_peer_that_accepts_and_closes_at_once_does_not_make_the_pauses_start_over() {
    let (clock, network, mut tcp) = fixture();
    PAUSES.iter().for_each(|_| network.accept_next());
    tcp.start().unwrap();
    for pause in seconds(&PAUSES) {
        let peer = network.peer();
        peer.end();
        peer.wait_until_gone();
        clock.advance(pause);
    }
    assert_eq!(gaps(&network.dials()), seconds(&PAUSES));
}

#[test]
fn the_pauses_start_over_when_a_connection_has_lived_for_ten_seconds() {
    let (clock, network, mut tcp) = fixture();
    network.answer(Answer::Refuse);
    network.answer(Answer::Refuse);
    network.accept_next();
    network.accept_next();
    tcp.start().unwrap();
    clock.advance(Duration::from_millis(300));
    let young = network.peer();
    clock.advance(Duration::from_millis(9_999));
    young.end();
    young.wait_until_gone();
    clock.advance(Duration::from_millis(400));
    let old = network.peer();
    clock.advance(Duration::from_secs(10));
    old.reset();
    old.wait_until_gone();
    clock.advance(Duration::from_millis(300));
    let ms = [0, 100, 300, 300 + 9_999 + 400, 20_699 + 100, 20_699 + 300];
    assert_eq!(network.dials(), ms.map(Duration::from_millis));
}

#[test]
fn a_dialler_that_panics_has_failed() {
    let (clock, network, mut tcp) = fixture();
    network.answer(Answer::Panic);
    network.accept_next();
    tcp.report(&report(0..1)).unwrap();
    clock.advance(Duration::ZERO);
    let error = tcp.status().now().last_error;
    assert_eq!(error.as_deref(), Some("the dialler panicked: no dialler"));
    clock.advance(Duration::from_millis(100));
    assert_eq!(tcp.status().now().open, 1);
}

#[test]
fn an_address_that_is_none_is_an_error_of_each_dial() {
    for address in ["nowhere", "host:99999", ":x", "", "[::1", "a..b:1", "a b:1", "\0:1"] {
        let clock = ManualClock::new();
        let mut tcp = Tcp::to(address).clock(clock.clock()).jitter(false);
        tcp.report(&report(0..2)).unwrap();
        clock.advance(Duration::from_millis(300));
        let cut = tcp.status().now();
        assert_eq!((cut.dials, cut.failed_dials, cut.queued), (3, 3, 2), "{address}: {cut:?}");
        let error = tcp.close(Duration::from_secs(1)).unwrap_err().to_string();
        assert!(error.starts_with("2 lines were not sent: "), "{error}");
        assert!(error.contains(&address.replace('\0', "\\0")), "on one line: {error}");
        assert_eq!(tcp.status().now().dials, 4);
    }
}
