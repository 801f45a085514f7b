//! What the two sides of a task count: raw numbers only, all of which add up.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Records, and their bytes: UTF-8 or binary size, as the job reports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Amount {
    /// Number of records.
    pub records: u64,
    /// Their size in bytes.
    pub bytes: u64,
}

impl Amount {
    /// `records` records of `bytes` bytes together.
    pub fn new(records: u64, bytes: u64) -> Amount {
        Amount { records, bytes }
    }

    /// Both sums, each stopping at `u64::MAX`.
    pub fn plus(self, other: Amount) -> Amount {
        self.zip(other, u64::saturating_add)
    }

    fn zip(self, other: Amount, f: Operation) -> Amount {
        Amount { records: f(self.records, other.records), bytes: f(self.bytes, other.bytes) }
    }
}

/// What the reader side of a task counts: from the source to the hand-over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ReaderCounters {
    /// Every record taken from the source.
    pub read: Amount,
    /// Records added by a transform: one row split into three makes 2.
    pub made: u64,
    /// Records that could not be parsed or decoded.
    pub unreadable: Amount,
    /// Records dropped on purpose, merged away included.
    pub filtered: Amount,
    /// Records refused by a transform.
    pub refused: Amount,
    /// Records that came out of a transform.
    pub transformed: u64,
    /// Records handed on to the writer side, counted before the push.
    pub handed_on: Amount,
    /// Nanoseconds spent in transforms, failing and filtering ones included.
    pub transform_ns: u64,
    /// Nanoseconds spent waiting for the writer side, a wait that is going on included.
    pub waited_ns: u64,
}

/// What the writer side of a task counts: from the hand-over to the commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WriterCounters {
    /// Records received from the reader side; end markers are not records.
    pub received: Amount,
    /// Records left out on purpose: a duplicate key.
    pub skipped: Amount,
    /// Records that could not be written.
    pub failed: Amount,
    /// Records that the target has promised to keep.
    pub committed: Amount,
    /// Nanoseconds spent waiting for the reader side, a wait that is going on included.
    pub waited_ns: u64,
}

/// What both sides of a task, or of many tasks together, have counted.
///
/// Sums stop at `u64::MAX` instead of starting over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Counters {
    /// The reader side.
    pub reader: ReaderCounters,
    /// The writer side.
    pub writer: WriterCounters,
}

type Operation = fn(u64, u64) -> u64;

impl Counters {
    /// Adds what a disjoint part has counted.
    pub fn merge(&mut self, other: &Counters) {
        *self = self.zip(other, u64::saturating_add);
    }

    /// What was counted since `earlier`; zero where a counter is lower than it was.
    pub fn since(&self, earlier: &Counters) -> Counters {
        self.zip(earlier, u64::saturating_sub)
    }

    /// Whether no counter is lower than it was in `earlier`, as it must be for one run.
    pub fn continues(&self, earlier: &Counters) -> bool {
        let lower_of_both = self.zip(earlier, u64::min);
        lower_of_both == *earlier
    }

    /// Records that the reader side could not use: unreadable or refused.
    pub fn failed_reading(&self) -> Amount {
        self.reader.unreadable.plus(self.reader.refused)
    }

    /// Every record that was lost to an error, on either side.
    pub fn errors(&self) -> Amount {
        self.failed_reading().plus(self.writer.failed)
    }

    fn zip(&self, other: &Counters, f: Operation) -> Counters {
        let Counters { reader, writer } = self;
        Counters { reader: reader.zip(&other.reader, f), writer: writer.zip(&other.writer, f) }
    }
}

impl ReaderCounters {
    /// Time spent in transforms.
    pub fn transform_time(&self) -> Duration {
        Duration::from_nanos(self.transform_ns)
    }

    /// Time spent waiting for the writer side.
    pub fn waited_for_writer(&self) -> Duration {
        Duration::from_nanos(self.waited_ns)
    }

    fn zip(&self, other: &ReaderCounters, f: Operation) -> ReaderCounters {
        let ReaderCounters {
            read,
            made,
            unreadable,
            filtered,
            refused,
            transformed,
            handed_on,
            transform_ns,
            waited_ns,
        } = *self;
        ReaderCounters {
            read: read.zip(other.read, f),
            made: f(made, other.made),
            unreadable: unreadable.zip(other.unreadable, f),
            filtered: filtered.zip(other.filtered, f),
            refused: refused.zip(other.refused, f),
            transformed: f(transformed, other.transformed),
            handed_on: handed_on.zip(other.handed_on, f),
            transform_ns: f(transform_ns, other.transform_ns),
            waited_ns: f(waited_ns, other.waited_ns),
        }
    }
}

impl WriterCounters {
    /// Time spent waiting for the reader side.
    pub fn waited_for_reader(&self) -> Duration {
        Duration::from_nanos(self.waited_ns)
    }

    fn zip(&self, other: &WriterCounters, f: Operation) -> WriterCounters {
        let WriterCounters { received, skipped, failed, committed, waited_ns } = *self;
        WriterCounters {
            received: received.zip(other.received, f),
            skipped: skipped.zip(other.skipped, f),
            failed: failed.zip(other.failed, f),
            committed: committed.zip(other.committed, f),
            waited_ns: f(waited_ns, other.waited_ns),
        }
    }
}
