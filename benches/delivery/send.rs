//! From reports to a plain receiver, through a socket on this machine.

use crate::input::{Input, counters};
use crate::measure::{Contest, Turn};
use crate::peer::{Peer, newlines};
use crate::scale::Scale;
use flowmeter::{Points, Reporter, Tcp};
use std::io::{BufWriter, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// More than is sent in a turn: nothing is dropped.
const BUFFER: usize = 1 << 30;
const LONG: Duration = Duration::from_secs(60);
const WRITE: usize = 64 * 1024;

pub(crate) fn measure(scale: Scale) {
    let input = &counters(scale.series);
    let load = Load { input, reports: scale.reports };
    let title = format!("send {} lines of {} bytes", load.lines(), input.bytes_a_line());
    Contest::new(title, "line")
        .way("serde_json::to_writer, BufWriter -> counted", || load.by_hand(by_serde, newlines))
        .way("Tcp, 3 reports ahead at most -> counted", || load.by_tcp(3))
        .way("Tcp, all reports at once -> counted", || load.by_tcp(scale.reports))
        .way("Points::encode, write_all -> counted", || load.by_hand(encoded, newlines))
        .way("limit: ready bytes, 64 KiB writes -> counted", || load.by_hand(ready, newlines))
        .way("limit: ready bytes, 64 KiB writes -> discarded", || load.by_hand(ready, |_| 0))
        .run(scale.sends)
        .show();
}

/// One report, so many times.
#[derive(Clone, Copy)]
struct Load<'a> {
    input: &'a Input,
    reports: usize,
}

impl Load<'_> {
    fn lines(self) -> u64 {
        self.input.count * self.reports as u64
    }

    /// From the first report to the last byte that the peer gets. A report is made only if the peer has read
    /// all but the last `ahead` ones before it.
    fn by_tcp(self, ahead: usize) -> Turn {
        let (peer, read) = self.peer_that_tells();
        let mut tcp = Tcp::to(peer.address.to_string()).buffer(BUFFER);
        let watch = tcp.status();
        tcp.start().unwrap();
        while !watch.now().connected {
            thread::yield_now();
        }
        let start = Instant::now();
        for i in 0..self.reports {
            (i >= ahead).then(|| read.recv().unwrap());
            tcp.report(&self.input.report).unwrap();
        }
        tcp.close(LONG).unwrap();
        let (turn, cut) = (self.turn(start, peer, true), watch.now());
        assert_eq!((cut.closed_in_order, cut.dropped, cut.alive), (turn.count, 0, 0));
        turn
    }

    /// A peer that counts lines, and tells of each report that it has read.
    fn peer_that_tells(self) -> (Peer, Receiver<()>) {
        let (tell, read) = channel();
        let (report, mut bytes) = (self.input.lines.len(), 0);
        let count = move |piece: &[u8]| {
            let before = bytes / report;
            bytes += piece.len();
            // At the end nobody listens any more.
            (before..bytes / report).for_each(|_| tell.send(()).unwrap_or(()));
            newlines(piece)
        };
        (Peer::new(count), read)
    }

    /// From the first byte that is made to the last one that the peer gets, which counts by `count`.
    fn by_hand(self, send: fn(Load<'_>, &mut TcpStream), count: fn(&[u8]) -> u64) -> Turn {
        let peer = Peer::new(count);
        let mut stream = TcpStream::connect(peer.address).unwrap();
        stream.set_nodelay(true).unwrap();
        let start = Instant::now();
        send(self, &mut stream);
        drop(stream);
        self.turn(start, peer, count(b"\n") == 1)
    }

    /// Everything came.
    fn turn(self, start: Instant, peer: Peer, counts: bool) -> Turn {
        let received = peer.end();
        assert_eq!(received.bytes, (self.input.lines.len() * self.reports) as u64);
        assert_eq!(received.count, if counts { self.lines() } else { 0 });
        Turn { count: self.lines(), took: received.last - start }
    }
}

fn by_serde(load: Load<'_>, stream: &mut TcpStream) {
    let mut buffered = BufWriter::with_capacity(WRITE, stream);
    for point in (0..load.reports).flat_map(|_| &load.input.points) {
        serde_json::to_writer(&mut buffered, point).unwrap();
        buffered.write_all(b"\n").unwrap();
    }
    buffered.flush().unwrap();
}

/// What would do if a job could wait for its peer.
fn encoded(load: Load<'_>, stream: &mut TcpStream) {
    let (mut points, mut lines) = (Points::new(), Vec::new());
    for _ in 0..load.reports {
        lines.clear();
        points.encode(&load.input.report, &mut lines);
        stream.write_all(&lines).unwrap();
    }
}

fn ready(load: Load<'_>, stream: &mut TcpStream) {
    for piece in (0..load.reports).flat_map(|_| load.input.lines.chunks(WRITE)) {
        stream.write_all(piece).unwrap();
    }
}
