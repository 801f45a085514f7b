//! A peer in memory, for reporters that are attached: it reads behind what it was sent, and counts what it holds.

use crossbeam_channel::{Receiver, Sender, unbounded};
use flowmeter::{Breaker, Connection, TcpStatus};
use parking_lot::Mutex;
use std::io::{self, Error, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What one dial leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Life {
    Refused,
    Lives(Path),
}

/// How a connection goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// One write is taken up to here.
    pub(super) at_once: usize,
    /// What is taken before the end.
    pub(super) takes: usize,
    pub(super) end: End,
    /// How much of what is taken the peer has not read yet; if the connection breaks it never will.
    pub(super) behind: usize,
}

/// What a connection ends in, if it is not shut before.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Fails(ErrorKind),
    /// The peer ends, and what is still taken is lost.
    Closes,
    /// A write that stays until the connection is broken off.
    Hangs,
}

impl Path {
    /// Takes everything, and reads it at once.
    pub(super) const GOOD: Path =
        Path { at_once: usize::MAX, takes: usize::MAX, end: End::Closes, behind: 0 };
}

type Lives = Box<dyn FnMut() -> Life + Send>;
type Said = Arc<Mutex<Option<Sender<Vec<u8>>>>>;

/// The side of the test.
#[derive(Clone)]
pub(super) struct Peer {
    lives: Arc<Mutex<Lives>>,
    held: Arc<Mutex<Held>>,
    /// How many halves are read now: so many threads of the reporter do that.
    read: Arc<AtomicUsize>,
    /// What speaks on the newest connection.
    says: Arc<Mutex<Said>>,
    /// One message for each write that hangs.
    pub(super) hangs: Receiver<()>,
    hang: Sender<()>,
}

/// What the peer has read, of all connections.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    /// Whole lines of reports.
    pub(super) lines: u64,
    /// Signs of life.
    pub(super) alive: u64,
    /// Whole lines that are no points.
    pub(super) spoilt: u64,
    /// The last of the lines.
    pub(super) newest: Vec<u8>,
}

/// How much of the newest lines is held.
const NEWEST: usize = 64 * 1024;

impl Peer {
    /// A peer whose connections are these.
    pub(super) fn new(lives: impl FnMut() -> Life + Send + 'static) -> Peer {
        let (hang, hangs) = unbounded();
        Peer {
            lives: Arc::new(Mutex::new(Box::new(lives))),
            held: Arc::default(),
            read: Arc::default(),
            says: Arc::default(),
            hangs,
            hang,
        }
    }

    /// One that refuses.
    pub(super) fn away() -> Peer {
        Peer::new(|| Life::Refused)
    }

    /// From the next dial on it is good.
    pub(super) fn come_back(&self) {
        *self.lives.lock() = Box::new(|| Life::Lives(Path::GOOD));
    }

    pub(super) fn dialler(
        &self,
    ) -> impl FnMut(Duration) -> io::Result<Box<dyn Connection>> + Send + 'static {
        let peer = self.clone();
        move |_| {
            let life = (peer.lives.lock())();
            match life {
                Life::Refused => Err(Error::new(ErrorKind::ConnectionRefused, "the peer is away")),
                Life::Lives(path) => Ok(Box::new(Wire::new(&peer, path))),
            }
        }
    }

    pub(super) fn held(&self) -> Held {
        self.held.lock().clone()
    }

    pub(super) fn newest(&self) -> String {
        String::from_utf8_lossy(&self.held.lock().newest).into_owned()
    }

    /// How many connections are read now.
    pub(super) fn read_now(&self) -> usize {
        self.read.load(Ordering::SeqCst)
    }

    /// Says this on the newest connection.
    pub(super) fn say(&self, bytes: &[u8]) {
        for piece in bytes.chunks(1_000) {
            if let Some(says) = &*self.says.lock().lock() {
                says.send(piece.to_vec()).unwrap();
            }
        }
    }

    /// Ends the newest connection, and returns when nobody reads any.
    pub(super) fn end(&self) {
        self.says.lock().lock().take();
        while self.read_now() > 0 {
            thread::yield_now();
        }
    }

    /// Holds what holds in every cut, and that the peer holds what the cut says.
    #[track_caller]
    pub(super) fn assert_holds(&self, cut: &TcpStatus) {
        assert_sums(cut);
        let Held { lines, spoilt, .. } = self.held();
        let known = cut.written - cut.unconfirmed - cut.open;
        assert!(known <= lines && lines <= cut.written, "{lines} lines are held: {cut:?}");
        assert_eq!(spoilt, 0, "only whole lines");
    }
}

#[track_caller]
pub(super) fn assert_sums(cut: &TcpStatus) {
    assert_eq!(cut.produced, cut.written + cut.dropped + cut.queued, "{cut:?}");
    assert_eq!(cut.written, cut.closed_in_order + cut.unconfirmed + cut.open, "{cut:?}");
}

impl Held {
    fn hold(&mut self, line: &[u8]) {
        if !line.starts_with(b"{\"metric\":\"") || !line.ends_with(b"}\n") {
            self.spoilt += 1;
        } else if line.starts_with(b"{\"metric\":\"flowmeter.alive\"") {
            self.alive += 1;
        } else {
            self.lines += 1;
            self.newest.extend_from_slice(line);
            if self.newest.len() > 2 * NEWEST {
                self.newest.drain(..NEWEST);
            }
        }
    }
}

struct Wire {
    peer: Peer,
    path: Path,
    /// Taken, and not read by the peer; it begins with a line.
    in_flight: Vec<u8>,
    /// `None`: the peer has ended, or the connection was broken off.
    says: Said,
    heard: Option<Receiver<Vec<u8>>>,
    breaking: Option<Sender<()>>,
    broken: Receiver<()>,
}

impl Wire {
    fn new(peer: &Peer, path: Path) -> Wire {
        let (say, heard) = unbounded();
        let (breaking, broken) = unbounded();
        let says: Said = Arc::new(Mutex::new(Some(say)));
        *peer.says.lock() = says.clone();
        peer.read.fetch_add(1, Ordering::SeqCst);
        let (heard, breaking) = (Some(heard), Some(breaking));
        Wire { peer: peer.clone(), path, in_flight: Vec::new(), says, heard, breaking, broken }
    }

    /// The peer reads, but for the last bytes.
    fn read(&mut self, behind: usize) {
        let there = &self.in_flight[..self.in_flight.len().saturating_sub(behind)];
        let whole = there.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let mut held = self.peer.held.lock();
        there[..whole].split_inclusive(|&byte| byte == b'\n').for_each(|line| held.hold(line));
        self.in_flight.drain(..whole);
    }

    fn end(&mut self, bytes: usize) -> io::Result<usize> {
        match self.path.end {
            End::Fails(kind) => Err(Error::from(kind)),
            End::Closes => {
                self.says.lock().take();
                Ok(bytes)
            }
            End::Hangs => {
                self.peer.hang.send(()).unwrap();
                let _ = self.broken.recv();
                Err(Error::from(ErrorKind::BrokenPipe))
            }
        }
    }
}

impl Connection for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Path { at_once, takes, behind, .. } = self.path;
        if takes == 0 {
            return self.end(bytes.len());
        }
        let taken = bytes.len().min(at_once).min(takes);
        self.in_flight.extend_from_slice(&bytes[..taken]);
        self.path.takes -= taken;
        self.read(behind);
        Ok(taken)
    }

    fn reader(&mut self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Half { heard: self.heard.take().unwrap(), read: self.peer.read.clone() }))
    }

    fn breaker(&mut self) -> io::Result<Breaker> {
        let (says, breaking) = (self.says.clone(), Mutex::new(self.breaking.take()));
        Ok(Arc::new(move || {
            says.lock().take();
            breaking.lock().take();
        }))
    }

    fn shut(&mut self) -> io::Result<()> {
        if self.path.takes > 0 {
            self.read(0);
        }
        if !matches!(self.path.end, End::Hangs) {
            self.says.lock().take();
        }
        Ok(())
    }

    fn take_error(&mut self) -> io::Result<Option<Error>> {
        match self.path {
            Path { takes: 0, end: End::Fails(kind), .. } => Ok(Some(Error::from(kind))),
            _ => Ok(None),
        }
    }

    fn local(&self) -> String {
        "memory".to_owned()
    }
}

struct Half {
    heard: Receiver<Vec<u8>>,
    read: Arc<AtomicUsize>,
}

impl Read for Half {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Ok(heard) = self.heard.recv() else { return Ok(0) };
        into[..heard.len()].copy_from_slice(&heard);
        Ok(heard.len())
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        self.read.fetch_sub(1, Ordering::SeqCst);
    }
}
