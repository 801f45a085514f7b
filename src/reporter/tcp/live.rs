//! `Live`: a connection that is open, and the thread that reads it.

use super::dial::{Breaker, Connection};
use super::event::Event;
use super::failure::{nothing_accepted, write_too_long};
use super::reader::Reader;
use super::shared::Shared;
use crate::clock::Moment;
use crossbeam_channel::Sender;
use std::io::{self, Error, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// An open connection; between two calls it is at the end of a line.
pub(super) struct Live {
    pub(super) number: u64,
    pub(super) since: Moment,
    pub(super) local: String,
    connection: Box<dyn Connection>,
    breaker: Breaker,
    reader: JoinHandle<()>,
    shut: Arc<AtomicBool>,
    write_within: Duration,
}

impl Live {
    pub(super) fn begin(
        mut connection: Box<dyn Connection>,
        (number, since): (u64, Moment),
        owner: &Sender<Event>,
        write_within: Duration,
    ) -> io::Result<Live> {
        let (breaker, half) = (connection.breaker()?, connection.reader()?);
        let (shut, local) = (Arc::new(AtomicBool::new(false)), connection.local());
        let reader = Reader { half, connection: number, shut: shut.clone(), owner: owner.clone() };
        let reader = reader.start()?;
        Ok(Live { number, since, local, connection, breaker, reader, shut, write_within })
    }

    pub(super) fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// Writes all of it, and tells of each part that was accepted how long it was.
    pub(super) fn write(
        &mut self,
        mut bytes: &[u8],
        shared: &Shared,
        accepted: impl Fn(usize),
    ) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.connection.write(bytes) {
                Ok(0) => return Err(nothing_accepted()),
                Ok(count) => {
                    let count = count.min(bytes.len());
                    accepted(count);
                    bytes = &bytes[count..];
                }
                Err(error) => self.may_go_on(error, shared)?,
            }
        }
        Ok(())
    }

    // Only a signal is no reason to end.
    fn may_go_on(&self, error: Error, shared: &Shared) -> io::Result<()> {
        match error.kind() {
            ErrorKind::Interrupted if !shared.is_stopped() => Ok(()),
            // By this the system itself gives a peer up that acknowledges nothing.
            ErrorKind::TimedOut if cfg!(unix) && error.raw_os_error().is_some() => Err(error),
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(write_too_long(self.write_within)),
            _ => Err(error),
        }
    }

    /// Shuts our half: from now on the peer's end is in order.
    pub(super) fn shut(&mut self) -> io::Result<()> {
        self.shut.store(true, Ordering::SeqCst);
        self.connection.shut()
    }

    pub(super) fn take_error(&mut self) -> io::Result<()> {
        self.connection.take_error()?.map_or(Ok(()), Err)
    }

    /// Breaks it off, if it has not ended, and closes it; the thread that read it is about to end.
    pub(super) fn end(self) -> JoinHandle<()> {
        (self.breaker)();
        self.reader
    }
}
