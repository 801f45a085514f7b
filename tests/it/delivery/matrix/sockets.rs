//! Real peers that die and that reset.

use super::super::peer::assert_sums;
use super::{HOUR, SHORT, do_a_job};
use flowmeter::{Registry, ReporterGuard, Tcp, TcpStatus, TcpWatch};
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn attached(listener: &TcpListener) -> (Registry, TcpWatch, ReporterGuard) {
    let registry = Registry::new();
    let tcp = Tcp::to(listener.local_addr().unwrap().to_string()).flush_every(SHORT).jitter(false);
    let watch = tcp.status();
    let guard = registry.attach("tcp", tcp).every(HOUR).deadline(HOUR);
    (registry, watch, guard)
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// Accepts, once a report is on its way, and reads so much.
fn accept(listener: &TcpListener, registry: &Registry, bytes: usize) -> (TcpStream, Vec<u8>) {
    registry.report();
    let mut stream = listener.accept().unwrap().0;
    let mut text = vec![0; bytes];
    stream.read_exact(&mut text).unwrap();
    (stream, text)
}

/// Yields until it is so, which comes by itself.
fn until(watch: &TcpWatch, is_so: impl Fn(&TcpStatus) -> bool) {
    while !is_so(&watch.now()) {
        assert_sums(&watch.now());
        thread::yield_now();
    }
}

/// How many whole lines of reports there are.
fn lines(text: &[u8]) -> u64 {
    let is_line = |line: &&[u8]| {
        line.ends_with(b"}\n") && !line.starts_with(b"{\"metric\":\"flowmeter.alive\"")
    };
    text.split_inclusive(|&byte| byte == b'\n').filter(is_line).count() as u64
}

#[track_caller]
fn assert_held(cut: &TcpStatus, held: u64) {
    assert_sums(cut);
    let known = cut.written - cut.unconfirmed - cut.open;
    assert!(known <= held && held <= cut.written, "{held} lines are held: {cut:?}");
}

#[test]
fn one_that_dies_for_good() {
    let listener = listener();
    let (registry, watch, guard) = attached(&listener);
    let (stream, text) = accept(&listener, &registry, 100);
    drop((stream, listener));
    until(&watch, |cut| cut.failed_dials > 0);
    do_a_job(&registry);
    let error = guard.close().unwrap_err().to_string();
    let cut = watch.now();
    assert_held(&cut, lines(&text));
    assert!(error.contains("lines were not sent") && error.contains("refused"), "{error}");
    assert!(cut.queued > 0 && cut.unconfirmed > 0 && cut.closed_in_order == 0, "{cut:?}");
}

#[test]
fn one_that_dies_twice_while_jobs_end_and_then_lives() {
    let listener = listener();
    let (registry, watch, guard) = attached(&listener);
    let mut held = 0;
    for death in 1..=2 {
        let (stream, text) = accept(&listener, &registry, 1_000);
        do_a_job(&registry);
        drop(stream);
        held += lines(&text);
        until(&watch, |cut| cut.dials > death);
    }
    end_well(&listener, (registry, watch, guard), held);
}

#[test]
fn one_that_resets() {
    let listener = listener();
    let (registry, watch, guard) = attached(&listener);
    let (mut stream, text) = accept(&listener, &registry, 1);
    stream.write_all(b"no").unwrap();
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    drop(stream);
    do_a_job(&registry);
    until(&watch, |cut| cut.unconfirmed > 0);
    let error = watch.now().last_error.unwrap();
    assert!(error.contains("reset") || error.contains("roken pipe"), "{error}");
    end_well(&listener, (registry, watch, guard), lines(&text));
}

/// The peer lives to the end, and so has everything but what its dead selves may have lost.
fn end_well(
    listener: &TcpListener,
    (registry, watch, guard): (Registry, TcpWatch, ReporterGuard),
    held: u64,
) {
    until(&watch, |cut| cut.connected);
    let (mut stream, mut text) = accept(listener, &registry, 1);
    do_a_job(&registry);
    let reading = thread::spawn(move || {
        stream.read_to_end(&mut text).unwrap();
        text
    });
    assert_eq!(guard.close(), Ok(()));
    let text = reading.join().unwrap();
    let cut = watch.now();
    assert_eq!((lines(&text), cut.queued), (cut.closed_in_order, 0), "{cut:?}");
    assert_held(&cut, held + lines(&text));
}
