//! The thread that reads a connection: for its end, and for nothing else.

use super::event::Event;
use super::failure::ended_by_peer;
use crate::panics::{caught, let_go};
use crossbeam_channel::Sender;
use std::io::{self, Error, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};

/// Reads until the end, forgets what it reads, and tells the end to who owns the connection.
pub(super) struct Reader {
    pub(super) half: Box<dyn Read + Send>,
    /// The number of the connection.
    pub(super) connection: u64,
    /// Whether we have shut our half: an end before that is not in order.
    pub(super) shut: Arc<AtomicBool>,
    pub(super) owner: Sender<Event>,
}

impl Reader {
    pub(super) fn start(self) -> io::Result<JoinHandle<()>> {
        Builder::new().name("flowmeter-tcp-read".to_owned()).spawn(move || self.run())
    }

    fn run(mut self) {
        let half = &mut *self.half;
        let end = caught(|| read_to_end(half)).unwrap_or_else(|panic| Err(Error::other(panic)));
        let end = match end {
            Ok(()) if !self.shut.load(Ordering::SeqCst) => Err(ended_by_peer()),
            end => end,
        };
        // Before it is told, so that who hears of the end finds everything closed.
        let_go(self.half);
        let _ = self.owner.send(Event::Ended { connection: self.connection, end });
    }
}

fn read_to_end(half: &mut dyn Read) -> io::Result<()> {
    let mut forgotten = [0; 4096];
    loop {
        match half.read(&mut forgotten) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
