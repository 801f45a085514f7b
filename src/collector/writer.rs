//! The writer side of a task: receives records, writes them, commits them.

use super::block::Pen;
use super::channel::BoundedReceiver;
use super::layout::{COMMITTED, FAILED, RECEIVED, SKIPPED, WRITER_CELLS};
use super::log::About;
use super::side::{AnyError, SideCore};
use super::task::TaskCore;
use crate::communication::Side;
use std::fmt::Display;
use std::sync::mpsc::TryRecvError;

/// The one writer of what a task's writer side counts.
///
/// Counting returns nothing and can't fail, and takes no lock, but for the first samples of records in
/// error. A side ends with [`done`](Self::done),
/// [`fail`](Self::fail) or [`end`](Self::end); one that is dropped before that fails its attempt.
#[derive(Debug)]
#[must_use = "a side that is dropped fails its attempt"]
pub struct WriterSide {
    core: SideCore<WRITER_CELLS>,
}

impl WriterSide {
    pub(super) fn new(pen: Pen<TaskCore, WRITER_CELLS>) -> WriterSide {
        WriterSide { core: SideCore::new(Side::Writer, pen) }
    }

    /// The next record of a bounded channel, counted as received with the bytes that `bytes` finds;
    /// `None` once the channel is empty and no sender is left.
    ///
    /// It is tried first; only if the channel is empty the time is taken, and booked as waiting for
    /// the reader side.
    pub fn receive<T>(
        &mut self,
        channel: &impl BoundedReceiver<T>,
        bytes: impl FnOnce(&T) -> u64,
    ) -> Option<T> {
        self.receive_batch(channel, |record| (1, bytes(record)))
    }

    /// The next item of a bounded channel, which carries as many records and bytes as `amount` finds:
    /// see [`receive`](Self::receive). An item without records, such as an end marker, is not
    /// counted.
    pub fn receive_batch<T>(
        &mut self,
        channel: &impl BoundedReceiver<T>,
        amount: impl FnOnce(&T) -> (u64, u64),
    ) -> Option<T> {
        let item = match channel.try_recv() {
            Ok(item) => item,
            Err(TryRecvError::Empty) => self.wait_for_reader(|| channel.recv()).ok()?,
            Err(TryRecvError::Disconnected) => return None,
        };
        let (records, bytes) = amount(&item);
        self.received(records, bytes);
        Some(item)
    }

    /// Counts records received from any other channel; none, as of an end marker, counts nothing.
    #[inline]
    pub fn received(&mut self, records: u64, bytes: u64) {
        if records > 0 {
            self.core.add(RECEIVED, records, bytes);
        }
    }

    /// Counts records left out on purpose: a duplicate key.
    #[inline]
    pub fn skipped(&mut self, records: u64, bytes: u64) {
        self.core.add(SKIPPED, records, bytes);
    }

    /// Counts records that could not be written; `why` is kept as a sample.
    pub fn failed(&mut self, records: u64, bytes: u64, why: impl Display) {
        self.core.add_in_error((FAILED, "failed"), (records, bytes), &why);
    }

    /// Counts records that the target has promised to keep: call it after the commit.
    #[inline]
    pub fn committed(&mut self, records: u64, bytes: u64) {
        self.core.add(COMMITTED, records, bytes);
    }

    /// Runs `f` and books its time as waiting for the reader side.
    pub fn wait_for_reader<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.core.wait(f)
    }

    /// Adds `n` to a custom counter of the job: see [`ReaderSide::count`](crate::ReaderSide::count).
    pub fn count(&mut self, name: &str, n: u64) {
        self.core.add_custom(name, n);
    }

    /// Says something to the job; the first messages are kept, the others counted.
    pub fn message(&mut self, key: &str, text: impl Display) {
        self.core.say(About::Message, key, &text);
    }

    /// Whether the job asks its sides to end. A side that has seen it and then is
    /// [`done`](Self::done) is killed, not succeeded: it may not have done all of its work.
    #[inline]
    pub fn stopping(&mut self) -> bool {
        self.core.stopping()
    }

    /// Ends the side: it has done its work.
    pub fn done(mut self) {
        self.core.done();
    }

    /// Ends the side, and fails the attempt. `why` may be any error, or a text.
    pub fn fail(mut self, why: impl Into<AnyError>) {
        self.core.fail(&*why.into());
    }

    /// Ends the side with the result of its work: [`done`](Self::done), or [`fail`](Self::fail).
    pub fn end<E: Into<AnyError>>(self, result: Result<(), E>) {
        match result {
            Ok(()) => self.done(),
            Err(why) => self.fail(why),
        }
    }
}
