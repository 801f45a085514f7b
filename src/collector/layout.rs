//! Which cell of a side's block holds what, and how a cut of it becomes counters.

use super::block::Cells;
use crate::clock::Moment;
use crate::communication::{Amount, Counters, ReaderCounters, WriterCounters};
use std::time::Duration;

/// Cells that hold an amount: records in the first, bytes in the next.
#[derive(Clone, Copy)]
pub(super) struct Pair(usize);

impl Pair {
    #[inline]
    pub(super) fn add<const N: usize>(self, cells: &Cells<'_, N>, records: u64, bytes: u64) {
        cells.add(self.0, records);
        cells.add(self.0 + 1, bytes);
    }
}

/// Of either side: nanoseconds of the waits that are over.
pub(super) const WAITED: usize = 0;
/// Of either side: the moment at which the wait that is going on began, plus one; 0 for none.
pub(super) const WAITING_SINCE: usize = 1;

/// How many cells the reader side has.
pub(super) const READER_CELLS: usize = 15;
pub(super) const READ: Pair = Pair(2);
pub(super) const UNREADABLE: Pair = Pair(4);
pub(super) const FILTERED: Pair = Pair(6);
pub(super) const REFUSED: Pair = Pair(8);
pub(super) const HANDED_ON: Pair = Pair(10);
pub(super) const MADE: usize = 12;
pub(super) const TRANSFORMED: usize = 13;
pub(super) const TRANSFORM_NS: usize = 14;

/// How many cells the writer side has.
pub(super) const WRITER_CELLS: usize = 10;
pub(super) const RECEIVED: Pair = Pair(2);
pub(super) const SKIPPED: Pair = Pair(4);
pub(super) const FAILED: Pair = Pair(6);
pub(super) const COMMITTED: Pair = Pair(8);

/// What both sides had counted, read at `now` or later.
#[inline]
pub(super) fn counters(
    reader: &[u64; READER_CELLS],
    writer: &[u64; WRITER_CELLS],
    now: Moment,
) -> Counters {
    Counters { reader: reader_counters(reader, now), writer: writer_counters(writer, now) }
}

#[inline]
fn reader_counters(cut: &[u64; READER_CELLS], now: Moment) -> ReaderCounters {
    ReaderCounters {
        read: amount(cut, READ),
        made: cut[MADE],
        unreadable: amount(cut, UNREADABLE),
        filtered: amount(cut, FILTERED),
        refused: amount(cut, REFUSED),
        transformed: cut[TRANSFORMED],
        handed_on: amount(cut, HANDED_ON),
        transform_ns: cut[TRANSFORM_NS],
        waited_ns: waited(cut, now),
    }
}

#[inline]
fn writer_counters(cut: &[u64; WRITER_CELLS], now: Moment) -> WriterCounters {
    WriterCounters {
        received: amount(cut, RECEIVED),
        skipped: amount(cut, SKIPPED),
        failed: amount(cut, FAILED),
        committed: amount(cut, COMMITTED),
        waited_ns: waited(cut, now),
    }
}

/// A duration as it is booked: nanoseconds, at most `u64::MAX`.
pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[inline]
fn amount(cut: &[u64], Pair(records): Pair) -> Amount {
    Amount::new(cut[records], cut[records + 1])
}

/// Waits that are over, and the one that is going on.
#[inline]
fn waited(cut: &[u64], now: Moment) -> u64 {
    let going_on = match cut[WAITING_SINCE] {
        0 => 0,
        since => now.as_nanos().saturating_sub(since - 1),
    };
    cut[WAITED].saturating_add(going_on)
}

#[cfg(test)]
mod tests {
    use super::super::block::Block;
    use super::*;

    #[test]
    fn each_side_has_one_pair_of_cache_lines_to_itself() {
        assert_eq!(align_of::<Block<READER_CELLS>>(), 128);
        assert_eq!(size_of::<Block<READER_CELLS>>(), 128);
        assert_eq!(size_of::<Block<WRITER_CELLS>>(), 128);
    }
}
