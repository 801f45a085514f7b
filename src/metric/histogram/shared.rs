//! The counts of a histogram where threads have no cells of their own: shared, added to by locked instructions.

use super::buckets::Buckets;
use super::counts::Counts;
use super::snapshot::HistogramSnapshot;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counts of an octave; allocated when the first of them is counted.
type Page = OnceLock<Box<[AtomicU64]>>;

/// A cell for each bucket, and what is kept beside them.
///
/// All cells only grow, but for `min`, which only falls, and stop at `u64::MAX`.
pub(super) struct Shared {
    buckets: Buckets,
    octaves: Box<[Page]>,
    above: AtomicU64,
    sum: AtomicU64,
    min: AtomicU64,
    max: AtomicU64,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("buckets", &self.buckets).finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn new(buckets: Buckets) -> Shared {
        Shared {
            buckets,
            octaves: (0..buckets.octaves()).map(|_| Page::new()).collect(),
            above: AtomicU64::new(0),
            sum: AtomicU64::new(0),
            min: AtomicU64::new(u64::MAX),
            max: AtomicU64::new(0),
        }
    }

    /// The bucket is last, and releases what is beside it to whoever reads the bucket first.
    #[inline]
    pub(super) fn record(&self, value: u64, n: u64) {
        add(&self.sum, value.saturating_mul(n), Ordering::Relaxed);
        // Loaded before: most values change neither, and a store would take the line from all others.
        if value < self.min.load(Ordering::Relaxed) {
            self.min.fetch_min(value, Ordering::Relaxed);
        }
        if value > self.max.load(Ordering::Relaxed) {
            self.max.fetch_max(value, Ordering::Relaxed);
        }
        add(self.cell(value), n, Ordering::Release);
    }

    /// Reads what is counted first, so that the rest, which is read after it, has all of that in it. It
    /// may have more, without bound if this thread is held up in between: the sum is brought back.
    pub(super) fn snapshot(&self) -> HistogramSnapshot {
        let (counts, above) = (self.counts(), self.above.load(Ordering::Acquire));
        let buckets = self.buckets;
        if counts.is_empty() && above == 0 {
            return HistogramSnapshot::empty(buckets);
        }
        let [sum, min, max] =
            [&self.sum, &self.min, &self.max].map(|cell| cell.load(Ordering::Relaxed));
        HistogramSnapshot { buckets, counts, above, sum, min, max }.with_possible_sum()
    }

    fn counts(&self) -> Counts {
        let octaves = (0..).step_by(self.buckets.per_octave() as usize).zip(&self.octaves);
        let touched = octaves.filter_map(|(first, page)| Some((first, page.get()?)));
        let cells = touched.flat_map(|(first, page)| (first..).zip(page));
        Counts::of(cells.map(|(index, cell)| (index, cell.load(Ordering::Acquire))))
    }

    #[inline]
    fn cell(&self, value: u64) -> &AtomicU64 {
        let Some(index) = self.buckets.index(value) else { return &self.above };
        let (octave, place) = self.buckets.octave(index);
        let page = &self.octaves[octave];
        match page.get() {
            Some(cells) => &cells[place],
            None => &self.first_touch(page)[place],
        }
    }

    /// The page is ready before it is set: of two threads that are here at once, neither waits while
    /// the other allocates, only while it moves a pointer; one of the two pages is dropped again.
    #[cold]
    fn first_touch<'p>(&self, page: &'p Page) -> &'p [AtomicU64] {
        let zeros = (0..self.buckets.per_octave()).map(|_| AtomicU64::new(0)).collect();
        page.get_or_init(|| zeros)
    }
}

/// Adds, and stops at `u64::MAX`: a count that starts over would be taken for one that went down.
#[inline]
fn add(cell: &AtomicU64, n: u64, order: Ordering) {
    let mut before = cell.load(Ordering::Relaxed);
    loop {
        let after = before.saturating_add(n);
        if after == before {
            return;
        }
        match cell.compare_exchange_weak(before, after, order, Ordering::Relaxed) {
            Ok(_) => return,
            Err(newer) => before = newer,
        }
    }
}
