//! A plain receiver: a thread that reads one connection to its end, and counts.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Instant;

pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    thread: JoinHandle<Received>,
}

/// What came, and when the last of it did.
pub(crate) struct Received {
    pub(crate) bytes: u64,
    /// What was made of the pieces, added up.
    pub(crate) count: u64,
    pub(crate) last: Instant,
}

impl Peer {
    /// Calls `count` with each piece that it reads.
    pub(crate) fn new(mut count: impl FnMut(&[u8]) -> u64 + Send + 'static) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let receive = move || receive(listener.accept().unwrap().0, &mut count);
        Peer { address, thread: thread::spawn(receive) }
    }

    pub(crate) fn end(self) -> Received {
        self.thread.join().unwrap()
    }
}

fn receive(mut stream: TcpStream, count: &mut dyn FnMut(&[u8]) -> u64) -> Received {
    let mut buffer = vec![0; 1 << 20];
    let mut received = Received { bytes: 0, count: 0, last: Instant::now() };
    loop {
        match stream.read(&mut buffer).unwrap() {
            0 => return received,
            read => {
                received.bytes += read as u64;
                received.count += count(&buffer[..read]);
                received.last = Instant::now();
            }
        }
    }
}

// Few enough at a time for a byte to hold their number, so that vectors of bytes are added up.
pub(crate) fn newlines(bytes: &[u8]) -> u64 {
    let of = |part: &[u8]| part.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>();
    bytes.chunks(192).map(|part| u64::from(of(part))).sum()
}
