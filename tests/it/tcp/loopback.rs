//! Real sockets: peers that are late, die, close, never read, reset, and say what they like.

use super::reports::{assert_sums, is_alive, report, text};
use flowmeter::{Reporter, Tcp, TcpWatch};
use socket2::{Domain, SockRef, Socket, Type};
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);
const SOON: Duration = Duration::from_millis(20);

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A peer that has an address, and does not listen yet.
fn deaf(port: u16) -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], port)).into())?;
    let address = socket.local_addr()?.as_socket();
    Ok((socket, address.unwrap()))
}

/// A reporter that does not let a test wait.
fn eager(address: SocketAddr) -> Tcp {
    Tcp::to(address.to_string()).flush_every(SOON).jitter(false)
}

fn accept(listener: &TcpListener) -> TcpStream {
    listener.accept().unwrap().0
}

fn read_all(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// Yields until it is so. Each of these comes by itself, without a time being waited for.
fn until(watch: &TcpWatch, is_so: impl Fn(&flowmeter::TcpStatus) -> bool) {
    while !is_so(&watch.now()) {
        assert_sums(&watch.now());
        thread::yield_now();
    }
}

#[test]
fn a_plain_listener_gets_every_line_and_the_end_in_order() {
    let (listener, address) = listener();
    let mut tcp = Tcp::to(address.to_string());
    let peer = thread::spawn(move || read_all(accept(&listener)));
    tcp.report(&report(0..3)).unwrap();
    tcp.report(&report(3..1_000)).unwrap();
    tcp.close(LONG).unwrap();
    assert_eq!(peer.join().unwrap(), text(0..1_000));
    assert_eq!(tcp.status().now().closed_in_order, 1_000);
}

#[test]
fn the_addresses_of_this_machine_are_tried_in_turn() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        println!("skipped: this machine has no ::1");
        return;
    };
    let port = listener.local_addr().unwrap().port();
    // Taken, so that nobody listens there.
    let Ok((_deaf, _)) = deaf(port) else {
        println!("skipped: the port {port} is taken on 127.0.0.1");
        return;
    };
    let peer = thread::spawn(move || (0..2).map(|_| read_all(accept(&listener))).collect());
    for address in [format!("[::1]:{port}"), format!(":{port}")] {
        let mut tcp = Tcp::to(address);
        tcp.report(&report(0..3)).unwrap();
        tcp.close(LONG).unwrap();
    }
    let held: Vec<String> = peer.join().unwrap();
    assert_eq!(held, [text(0..3), text(0..3)]);
}

#[test]
fn a_peer_that_is_absent_is_told_by_its_address() {
    let (_deaf, address) = deaf(0).unwrap();
    let mut tcp = Tcp::to(address.to_string());
    tcp.report(&report(0..3)).unwrap();
    let error = tcp.close(LONG).unwrap_err().to_string();
    assert_eq!(error, format!("3 lines were not sent: connection refused by {address}"));
}

#[test]
fn a_peer_that_comes_late_gets_what_was_reported_before() {
    let (late, address) = deaf(0).unwrap();
    let mut tcp = eager(address);
    tcp.report(&report(0..5)).unwrap();
    until(&tcp.status(), |cut| cut.failed_dials >= 2);
    late.listen(1).unwrap();
    let peer = TcpListener::from(late);
    let mut lines = BufReader::new(accept(&peer)).lines();
    let held: String = lines.by_ref().take(5).map(|line| line.unwrap() + "\n").collect();
    assert_eq!(held, text(0..5));
    let rest = thread::spawn(move || lines.all(|line| is_alive(&line.unwrap())));
    tcp.close(LONG).unwrap();
    assert!(rest.join().unwrap());
}

#[test]
fn a_peer_that_is_killed_while_lines_flow_holds_whole_lines_once_and_the_sums_say_how_many() {
    let (listener, address) = listener();
    let (mut tcp, mut held, mut produced) = (eager(address), Vec::new(), 0);
    let watch = tcp.status();
    for life in 1..=4 {
        let mut stream = accept_while_reporting(&listener, &mut tcp, &mut produced);
        let mut some = vec![0; 3_000 * life];
        stream.read_exact(&mut some).unwrap();
        // More is on its way: this is what a killed peer loses.
        drop(stream);
        held.push(String::from_utf8(some).unwrap());
    }
    let stream = accept_connected(&listener, &mut tcp);
    let last = thread::spawn(move || read_all(stream));
    tcp.report(&report(produced..produced + 10)).unwrap();
    tcp.close(LONG).unwrap();
    held.push(last.join().unwrap());
    let cut = watch.now();
    assert_sums(&cut);
    assert_eq!((cut.queued, cut.open, cut.produced), (0, 0, produced + 10));
    let whole =
        held.iter().flat_map(|text| text[..text.rfind('\n').map_or(0, |end| end + 1)].lines());
    let whole: Vec<&str> = whole.filter(|line| !is_alive(line)).collect();
    let all = text(0..produced + 10);
    let known: BTreeSet<&str> = all.lines().collect();
    assert!(whole.iter().all(|line| known.contains(line)));
    assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len(), "a line came twice");
    let count = whole.len() as u64;
    assert!(cut.written - cut.unconfirmed <= count && count <= cut.written, "{count} {cut:?}");
    assert!(cut.closed_in_order > 0 && cut.unconfirmed > 0, "{cut:?}");
}

/// The next connection: the reporter knows that it has it, and so that the one before has ended.
fn accept_connected(listener: &TcpListener, tcp: &mut Tcp) -> TcpStream {
    tcp.start().unwrap();
    let stream = accept(listener);
    until(&tcp.status(), |cut| cut.connected);
    stream
}

/// The next connection, once enough for it was reported.
fn accept_while_reporting(listener: &TcpListener, tcp: &mut Tcp, produced: &mut u64) -> TcpStream {
    let stream = accept_connected(listener, tcp);
    let watch = tcp.status();
    let before = watch.now().written;
    for _ in 0..20 {
        tcp.report(&report(*produced..*produced + 100)).unwrap();
        *produced += 100;
    }
    until(&watch, |cut| cut.written >= before + 500);
    stream
}

/// The lines of reports, without signs of life.
fn rows(text: &str) -> String {
    let rows = text.split_inclusive('\n').filter(|line| !is_alive(line));
    rows.collect()
}

#[test]
fn a_peer_that_accepts_and_closes_is_dialled_again() {
    let (listener, address) = listener();
    let mut tcp = eager(address);
    tcp.start().unwrap();
    for _ in 0..3 {
        drop(accept(&listener));
    }
    let peer = thread::spawn(move || read_all(accept(&listener)));
    until(&tcp.status(), |cut| cut.dials == 4);
    tcp.report(&report(0..3)).unwrap();
    tcp.close(LONG).unwrap();
    assert_eq!(rows(&peer.join().unwrap()), text(0..3));
}

#[test]
fn a_peer_that_resets_makes_its_lines_unconfirmed() {
    let (listener, address) = listener();
    // No write comes in between, which would have another error.
    let mut tcp = Tcp::to(address.to_string());
    tcp.report(&report(0..3)).unwrap();
    let mut stream = accept(&listener);
    stream.read_exact(&mut [0; 1]).unwrap();
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    drop(stream);
    until(&tcp.status(), |cut| cut.unconfirmed == 3);
    let error = tcp.status().now().last_error.unwrap();
    assert!(error.contains("reset"), "{error}");
}

#[test]
fn a_peer_that_never_reads_is_broken_off_and_dialled_again() {
    let (listener, address) = listener();
    let mut tcp = eager(address).write_within(SOON).buffer(64 << 20);
    let watch = tcp.status();
    tcp.start().unwrap();
    let _stuck = accept(&listener);
    let mut produced = 0;
    while watch.now().dials == 1 {
        if watch.now().queued < 1_000 {
            tcp.report(&report(produced..produced + 10_000)).unwrap();
            produced += 10_000;
        }
        thread::yield_now();
    }
    let cut = watch.now();
    assert_sums(&cut);
    assert!(cut.unconfirmed > 0, "{cut:?}");
    assert_eq!(cut.last_error.as_deref(), Some("nothing was accepted for 20ms"));
    accept(&listener);
}

#[test]
fn a_peer_that_talks_without_end_and_shuts_its_half_is_noticed() {
    let (listener, address) = listener();
    let mut tcp = eager(address);
    tcp.report(&report(0..3)).unwrap();
    let mut stream = accept(&listener);
    until(&tcp.status(), |cut| cut.open == 3);
    for _ in 0..1_000 {
        stream.write_all(&[0xfe; 1_000]).unwrap();
    }
    assert!(tcp.status().now().connected);
    stream.shutdown(Shutdown::Write).unwrap();
    until(&tcp.status(), |cut| cut.last_error.is_some());
    let error = tcp.status().now().last_error;
    assert_eq!(error.as_deref(), Some("the peer ended the connection"));
}
