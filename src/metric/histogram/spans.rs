//! The counts of a histogram in the threads' own cells: one writer each.

use super::buckets::Buckets;
use crate::cells::{self, AtomicU32, AtomicU64, Lock, NOWHERE, Ordering, Sheet, Span};
use std::ops::Range;

/// What a thread keeps beside its counts: two to the power of this many cells.
const HEAD_BITS: u8 = 3;
const HEAD: usize = 1 << HEAD_BITS;

/// A histogram's cells: a span of what is beside the counts, and one for all buckets of a width, taken when the first
/// value that falls into one of them is recorded.
#[derive(Debug)]
pub(super) struct Spans {
    buckets: Buckets,
    head: Span,
    /// For each bucket width (the low bits a value drops): the offset that turns a value's remaining bits, its *units*,
    /// into a cell number. Example: with two digits 300 drops one bit, leaving 150 units; this width starts at 128, so
    /// it is cell 22 of its span. [`NOT_TAKEN`] and [`REFUSED`] lead past every cell.
    bases: [AtomicU32; WIDTHS],
    /// Keeps the spans; nobody reads it.
    taken: Lock<Vec<Span>>,
}

/// No value drops more bits. (In models there are few.)
const WIDTHS: usize = if cfg!(loom) { 3 } else { 64 };
/// There is no span yet.
const NOT_TAKEN: u32 = NOWHERE;
/// There was none left, and is not asked for again.
const REFUSED: u32 = NOWHERE + (1 << 30);

/// A thread's cells beside the counts. All are 0 at first, and only grow, but for the first.
#[derive(Clone, Copy)]
pub(super) struct Head<'a>(&'a [AtomicU64; HEAD]);

/// The sum, in two parts: modulo 2^64, and how often it went beyond. Who reads between the two finds too little.
const SUM: usize = 0;
const CARRIES: usize = 1;
/// The least value with all its bits inverted, so that it grows too; and the greatest.
pub(super) const LEAST: usize = 2;
pub(super) const GREATEST: usize = 3;
/// How many values were above the range.
pub(super) const ABOVE: usize = 4;

/// Up to here a count grows here. From here on single values would need centuries to make it start over, and what
/// is recorded more than once at a time is counted elsewhere.
const FULL: u64 = 1 << 63;

impl Spans {
    pub(super) fn new(buckets: Buckets) -> Spans {
        let at_first = if fits(buckets) { NOT_TAKEN } else { REFUSED };
        let bases = std::array::from_fn(|_| AtomicU32::new(at_first));
        Spans { buckets, head: Span::take(HEAD_BITS), bases, taken: Lock::new(Vec::new()) }
    }

    pub(super) fn buckets(&self) -> Buckets {
        self.buckets
    }

    /// Whether some of its cells were refused though it could have had them: all had been in use.
    pub(super) fn lacks_cells(&self) -> bool {
        let is_refused = |base: &AtomicU32| base.load(Ordering::Relaxed) == REFUSED;
        fits(self.buckets) && (self.head.first() == NOWHERE || self.bases.iter().any(is_refused))
    }

    /// Records a value in the sheet of this thread; false if that has no cells for it.
    #[inline]
    pub(super) fn record(&self, mine: Sheet, value: u64) -> bool {
        let Some((head, count)) = self.cells_of(mine, value) else { return false };
        head.take_in(value, value.into());
        increase(count, 1, Ordering::Release);
        true
    }

    /// Records a value `n` times, which is not 0; false if this thread has no cells for it, or no room for so many.
    pub(super) fn record_n(&self, value: u64, n: u64) -> bool {
        let Some((head, count)) = self.cells_of(cells::mine(), value) else { return false };
        let after = count.load(Ordering::Relaxed).checked_add(n);
        let has_room = after.is_some_and(|after| after <= FULL);
        if has_room {
            head.take_in(value, u128::from(value) * u128::from(n));
            increase(count, n, Ordering::Release);
        }
        has_room
    }

    /// Gets the calling thread cells for such a value; false if it can't have any.
    #[cold]
    pub(super) fn prepare(&self, value: u64) -> bool {
        if value <= self.buckets.highest() {
            self.take(self.buckets.units(value).0);
        }
        self.cells_of(cells::lease(), value).is_some()
    }

    /// Takes the span of all buckets that drop so many bits, unless somebody has or there is none.
    fn take(&self, dropped: u32) {
        let base = self.base(dropped);
        // Looked at first: where there is none left nobody waits for the lock.
        if base.load(Ordering::Relaxed) != NOT_TAKEN {
            return;
        }
        self.taken.with(|taken| {
            if base.load(Ordering::Relaxed) == NOT_TAKEN {
                let (first_unit, bits) = self.units_of(dropped);
                // Not a single cell: some of those are kept for counters.
                let span = Span::take(bits.max(1));
                let number = span.first().wrapping_sub(first_unit);
                let number = if span.first() == NOWHERE { REFUSED } else { number };
                taken.push(span);
                // Release: whoever finds the number finds zeros in the cells.
                base.store(number, Ordering::Release);
            }
        });
    }

    #[inline]
    fn base(&self, dropped: u32) -> &AtomicU32 {
        &self.bases[dropped as usize % WIDTHS]
    }

    /// The first unit of the buckets that drop so many bits, and how many there are, as a power of two.
    fn units_of(&self, dropped: u32) -> (u32, u8) {
        let octave_bits = self.buckets.octave_bits();
        let are_first = dropped == u32::from(self.buckets.unit_bits());
        if are_first { (0, octave_bits + 1) } else { (1 << octave_bits, octave_bits) }
    }

    /// The buckets of each width for which there are cells, by rising value, with the numbers of these cells.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Range<u32>, Range<usize>)> {
        let bases = self.bases.iter().map(|base| base.load(Ordering::Acquire));
        let taken = (0..).zip(bases).filter(|(_, base)| ![NOT_TAKEN, REFUSED].contains(base));
        taken.map(|(dropped, base)| {
            let (first_unit, bits) = self.units_of(dropped);
            let bucket = self.buckets.position(u64::from(first_unit) << dropped);
            let cell = base.wrapping_add(first_unit) as usize;
            (bucket..bucket + (1 << bits), cell..cell + (1 << bits))
        })
    }

    /// What is beside the counts in a sheet.
    #[inline]
    pub(super) fn head(&self, sheet: Sheet) -> Option<Head<'static>> {
        Head::of(&self.head, sheet)
    }

    /// What is beside the counts in a sheet, and the count of this value.
    #[inline]
    fn cells_of(&self, sheet: Sheet, value: u64) -> Option<(Head<'static>, &'static AtomicU64)> {
        let head = self.head(sheet)?;
        if value > self.buckets.highest() {
            return Some((head, &head.0[ABOVE]));
        }
        let (dropped, units) = self.buckets.units(value);
        let base = self.base(dropped).load(Ordering::Acquire);
        Some((head, sheet.get(base.wrapping_add(units) as usize)?))
    }
}

/// Whether there are spans for such octaves: the first two are in one.
fn fits(buckets: Buckets) -> bool {
    buckets.octave_bits() < Span::MOST_BITS
}

impl Head<'static> {
    #[inline]
    fn of(span: &Span, sheet: Sheet) -> Option<Head<'static>> {
        let first = span.first() as usize;
        sheet.get(first..first + HEAD)?.first_chunk().map(Head)
    }
}

impl Head<'_> {
    /// Takes in a value that is counted next, with what it adds to the sum.
    #[inline]
    fn take_in(&self, value: u64, amount: u128) {
        let [sum, carries, least, greatest] =
            [SUM, CARRIES, LEAST, GREATEST].map(|cell| &self.0[cell]);
        let (after, carry) = sum.load(Ordering::Relaxed).overflowing_add(amount as u64);
        sum.store(after, Ordering::Relaxed);
        let carried = (amount >> 64) as u64 + u64::from(carry);
        if carried > 0 {
            increase(carries, carried, Ordering::Relaxed);
        }
        raise(least, !value);
        raise(greatest, value);
    }

    /// Whether its thread has recorded anything: each value is beyond 0, or all its bits inverted are.
    pub(super) fn is_used(&self) -> bool {
        self.get(LEAST) > 0 || self.get(GREATEST) > 0
    }

    pub(super) fn sum(&self) -> u128 {
        let [sum, carries] = [SUM, CARRIES].map(|cell| u128::from(self.get(cell)));
        sum | carries << 64
    }

    pub(super) fn get(&self, cell: usize) -> u64 {
        self.0[cell].load(Ordering::Relaxed)
    }
}

// Loads and stores, no locked instructions: nobody else writes these cells.
#[inline]
fn increase(cell: &AtomicU64, n: u64, order: Ordering) {
    cell.store(cell.load(Ordering::Relaxed).wrapping_add(n), order);
}

#[inline]
fn raise(cell: &AtomicU64, value: u64) {
    if value > cell.load(Ordering::Relaxed) {
        cell.store(value, Ordering::Relaxed);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::Histogram;
    use super::*;
    use std::thread;

    // The interpreter that knows weak memory is slow, and needs few.
    const LOOKS: u64 = if cfg!(miri) { 2 } else { 1_000 };
    const VALUES: u64 = if cfg!(miri) { 20 } else { 10_000 };

    #[test]
    fn what_is_counted_has_its_part_in_the_sum_and_lies_between_the_extremes() {
        let histogram = Histogram::of(Buckets::new(0, 1..=1 << 20).unwrap());
        thread::scope(|scope| {
            let record = || (1..=VALUES).for_each(|value| histogram.record(value * value));
            scope.spawn(record);
            scope.spawn(record);
            for _ in 0..LOOKS {
                let now = histogram.snapshot();
                if let (Some(min), Some(max), Some(mean)) = (now.min(), now.max(), now.mean()) {
                    assert!(min as f64 <= mean && mean <= max as f64, "{now:?}");
                    let (least, greatest) = now.quantile_bounds(0.5).unwrap();
                    assert!(min <= least && greatest <= max, "{now:?}");
                }
            }
        });
        let all = histogram.snapshot();
        let squares = || (1..=VALUES).map(|value| value * value);
        assert_eq!((all.count(), all.sum()), (2 * VALUES, 2 * squares().sum::<u64>()));
        assert_eq!((all.min(), all.max()), (Some(1), squares().max()));
    }

    /// The sum of a thread wraps, and what it has carried is added when it is read.
    #[test]
    fn a_sum_stops_where_it_must_although_its_cell_starts_over() {
        let spans = Spans::new(Buckets::default());
        let record = |value: u64, n: u64| {
            assert!(spans.prepare(value) && spans.record_n(value, n));
            spans.snapshot().sum()
        };
        assert_eq!(record(u64::MAX - 5, 1), u64::MAX - 5);
        assert_eq!(record(5, 1), u64::MAX);
        assert_eq!(record(7, 1), u64::MAX);
        assert_eq!(record(u64::MAX, 1 << 40), u64::MAX);
        let head = Head::of(&spans.head, cells::mine()).unwrap();
        assert_eq!(head.sum(), (1_u128 << 40) * u128::from(u64::MAX) + u128::from(u64::MAX) + 7);
    }

    #[test]
    fn a_count_that_could_start_over_is_refused() {
        let spans = Spans::new(Buckets::default());
        assert!(spans.prepare(5) && spans.record_n(5, FULL));
        assert!(!spans.record_n(5, 1 << 40), "it is counted elsewhere");
        assert!(spans.record(cells::mine(), 5), "one at a time there is room for centuries");
        assert_eq!(spans.snapshot().count(), FULL + 1);
    }

    #[test]
    fn of_buckets_that_are_too_many_no_cells_are_taken() {
        let spans = Spans::new(Buckets::new(5, 1..=u64::MAX).unwrap());
        assert!(!spans.prepare(1) && !spans.record(cells::mine(), 1));
    }
}

/// Every order in which the threads' steps can be seen, weak memory included, with at most three interruptions:
/// `.ci/run` runs it, and `.ci/deep` with more.
#[cfg(all(test, loom))]
mod models {
    use super::super::Histogram;
    use super::*;
    use loom::thread;

    fn model(check: impl Fn() + Send + Sync + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = builder.preemption_bound.or(Some(3));
        builder.check(check);
    }

    #[test]
    fn who_finds_cells_that_another_thread_has_taken_finds_them_zeroed() {
        model(|| {
            let buckets = Buckets::new(0, 1..=7).unwrap();
            let (before, after) = (Histogram::of(buckets), Histogram::of(buckets));
            let threads = [0, 1].map(|_| {
                let (before, after) = (before.clone(), after.clone());
                thread::spawn(move || {
                    before.record(5);
                    // The last one that goes gives its cells back, for the next that takes some.
                    drop(before);
                    after.record(5);
                    cells::end_lease();
                })
            });
            drop(before);
            threads.map(|thread| thread.join().unwrap());
            assert_eq!((after.snapshot().count(), after.snapshot().sum()), (2, 10));
        });
    }

    #[test]
    fn whoever_sees_a_count_sees_its_part_of_the_sum_and_the_extremes() {
        model(|| {
            let histogram = Histogram::of(Buckets::new(0, 1..=7).unwrap());
            let recorded = histogram.clone();
            let recording = thread::spawn(move || {
                recorded.record(5);
                recorded.record(4);
                cells::end_lease();
            });
            let seen = histogram.clone();
            let looking = thread::spawn(move || {
                let now = seen.snapshot();
                let least = match now.count() {
                    0 => return,
                    1 => 4..=5,
                    _ => 4..=4,
                };
                assert!(now.min().is_some_and(|min| least.contains(&min)), "{now:?}");
                assert_eq!(now.max(), Some(5));
            });
            [recording, looking].map(|thread| thread.join().unwrap());
            let all = histogram.snapshot();
            assert_eq!((all.count(), all.sum(), all.min(), all.max()), (2, 9, Some(4), Some(5)));
        });
    }
}
