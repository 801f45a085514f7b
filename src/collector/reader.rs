//! The reader side of a task: takes records from the source, transforms them, hands them on.

use super::block::{Cells, Pen};
use super::channel::BoundedSender;
use super::layout::{
    FILTERED, HANDED_ON, MADE, READ, READER_CELLS, REFUSED, TRANSFORM_NS, TRANSFORMED, UNREADABLE,
    nanos,
};
use super::log::About;
use super::side::{AnyError, Gone, SideCore};
use super::task::TaskCore;
use crate::clock::Moment;
use crate::communication::Side;
use std::fmt::Display;
use std::sync::mpsc::TrySendError;

/// The key of samples of refused records.
const REFUSED_KEY: &str = "refused";

/// The one writer of what a task's reader side counts.
///
/// Counting returns nothing and can't fail, and takes no lock, but for the first samples of records in
/// error. A side ends with [`done`](Self::done),
/// [`fail`](Self::fail) or [`end`](Self::end); one that is dropped before that fails its attempt.
#[derive(Debug)]
#[must_use = "a side that is dropped fails its attempt"]
pub struct ReaderSide {
    core: SideCore<READER_CELLS>,
    /// Records that were counted as handed on and whose push failed.
    not_pushed: u64,
}

/// Records were counted as handed on, and the push that should have carried them failed.
///
/// A push that can be tried again is tried again inside the closure given to
/// [`ReaderSide::hand_on`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{records} records were handed on, and their push failed")]
#[non_exhaustive]
pub struct PushFailed {
    /// How many records.
    pub records: u64,
}

impl ReaderSide {
    pub(super) fn new(pen: Pen<TaskCore, READER_CELLS>) -> ReaderSide {
        ReaderSide { core: SideCore::new(Side::Reader, pen), not_pushed: 0 }
    }

    /// Counts one record of `bytes` bytes, taken from the source.
    #[inline]
    pub fn read(&mut self, bytes: u64) {
        self.read_batch(1, bytes);
    }

    /// Counts `records` records of `bytes` bytes together, taken from the source.
    #[inline]
    pub fn read_batch(&mut self, records: u64, bytes: u64) {
        self.core.add(READ, records, bytes);
    }

    /// Counts `records` records that a transform added: 2 where one row was split into three.
    #[inline]
    pub fn made(&mut self, records: u64) {
        self.core.update(|cells| cells.add(MADE, records));
    }

    /// Counts records that could not be parsed or decoded; `why` is kept as a sample.
    pub fn unreadable(&mut self, records: u64, bytes: u64, why: impl Display) {
        self.core.add_in_error((UNREADABLE, "unreadable"), (records, bytes), &why);
    }

    /// Counts records dropped on purpose, merged away included.
    #[inline]
    pub fn filtered(&mut self, records: u64, bytes: u64) {
        self.core.add(FILTERED, records, bytes);
    }

    /// Counts records that a transform refused; `why` is kept as a sample.
    pub fn refused(&mut self, records: u64, bytes: u64, why: impl Display) {
        self.core.add_in_error((REFUSED, REFUSED_KEY), (records, bytes), &why);
    }

    /// Counts records that came out of a transform.
    #[inline]
    pub fn transformed(&mut self, records: u64) {
        self.core.update(|cells| cells.add(TRANSFORMED, records));
    }

    /// Transforms one record of `bytes` bytes: counts what becomes of it, and the time.
    ///
    /// `Ok(Some(_))` is transformed and given back, `Ok(None)` filtered, an error refused and kept as
    /// a sample. The time costs two readings of the clock.
    pub fn transform<T, E: Display>(
        &mut self,
        bytes: u64,
        f: impl FnOnce() -> Result<Option<T>, E>,
    ) -> Option<T> {
        let began = self.core.now();
        let result = f();
        match result {
            Ok(Some(record)) => {
                self.book_transform(began, |cells| cells.add(TRANSFORMED, 1));
                Some(record)
            }
            Ok(None) => {
                self.book_transform(began, |cells| FILTERED.add(cells, 1, bytes));
                None
            }
            Err(why) => {
                self.book_transform(began, |cells| REFUSED.add(cells, 1, bytes));
                self.core.say(About::Sample, REFUSED_KEY, &why);
                None
            }
        }
    }

    /// Hands one record of `bytes` bytes on through a bounded channel.
    ///
    /// It is tried first; only if the channel is full the time is taken, and booked as waiting for
    /// the writer side.
    ///
    /// # Errors
    ///
    /// No receiver is left. The record stays counted as handed on.
    #[inline]
    pub fn send<T>(
        &mut self,
        channel: &impl BoundedSender<T>,
        record: T,
        bytes: u64,
    ) -> Result<(), Gone> {
        self.send_batch(channel, record, 1, bytes)
    }

    /// Hands one item on that carries `records` records of `bytes` bytes: see [`send`](Self::send).
    ///
    /// # Errors
    ///
    /// No receiver is left. The records stay counted as handed on.
    pub fn send_batch<T>(
        &mut self,
        channel: &impl BoundedSender<T>,
        batch: T,
        records: u64,
        bytes: u64,
    ) -> Result<(), Gone> {
        self.hand_on(records, bytes, |reader| match channel.try_send(batch) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(batch)) => {
                reader.wait_for_writer(|| channel.send(batch)).map_err(|_| reader.core.meet_gone())
            }
            Err(TrySendError::Disconnected(_)) => Err(reader.core.meet_gone()),
        })
    }

    /// Hands `records` records of `bytes` bytes on by `push`, through any channel.
    ///
    /// They are counted before the push, so that nobody receives what was not handed on. A push of
    /// no records, such as an end marker or an empty batch, counts nothing.
    ///
    /// # Errors
    ///
    /// Those of `push`. The records then stay handed on and [`done`](Self::done) is an error: a
    /// push that is to be tried again is tried again inside the closure.
    #[inline]
    pub fn hand_on<R, E>(
        &mut self,
        records: u64,
        bytes: u64,
        push: impl FnOnce(&mut ReaderSide) -> Result<R, E>,
    ) -> Result<R, E> {
        if records > 0 {
            self.core.add(HANDED_ON, records, bytes);
        }
        let result = push(self);
        if result.is_err() {
            self.not_pushed = self.not_pushed.saturating_add(records);
        }
        result
    }

    /// Runs `f` and books its time as waiting for the writer side.
    pub fn wait_for_writer<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.core.wait(f)
    }

    /// Adds `n` to a custom counter of the job.
    ///
    /// A job has room for 100 names of up to 200 bytes; what is added under others is counted
    /// together, in [`Communication::custom_overflow`](crate::Communication::custom_overflow).
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
    ///
    /// # Errors
    ///
    /// A push had failed, so some records handed on will never be received: the attempt fails.
    pub fn done(mut self) -> Result<(), PushFailed> {
        match self.not_pushed {
            0 => {
                self.core.done();
                Ok(())
            }
            records => {
                let error = PushFailed { records };
                self.core.fail_for_push(&error);
                Err(error)
            }
        }
    }

    /// Ends the side, and fails the attempt. `why` may be any error, or a text.
    pub fn fail(mut self, why: impl Into<AnyError>) {
        self.core.fail(&*why.into());
    }

    /// Ends the side with the result of its work: [`done`](Self::done), or [`fail`](Self::fail).
    pub fn end<E: Into<AnyError>>(self, result: Result<(), E>) {
        match result {
            // A failed push has failed the attempt, and is told there.
            Ok(()) => drop(self.done()),
            Err(why) => self.fail(why),
        }
    }

    fn book_transform(&mut self, began: Moment, outcome: impl FnOnce(&Cells<'_, READER_CELLS>)) {
        let took = nanos(self.core.now().since(began));
        self.core.update(|cells| {
            cells.add(TRANSFORM_NS, took);
            outcome(&cells);
        });
    }
}
