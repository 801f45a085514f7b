//! A distribution of whole numbers: how often which size, how long, how many.

mod buckets;
mod json;
mod quantile;
mod shared;
mod snapshot;
mod spans;

pub use buckets::{Buckets, BucketsError};
pub use snapshot::{BucketsMismatch, HistogramSnapshot};

use super::registered::Registered;
use crate::cells::{self, Arc, Sheet};
use shared::Shared;
use spans::Spans;
use std::sync::OnceLock;

/// A distribution of `u64`s, by [`Buckets`]: sizes, numbers, nanoseconds. Clones share one.
///
/// Recording can't fail. Each thread records in memory of its own, as with a [`Counter`](crate::Counter), without a
/// lock and without an allocation, but for the first value of an octave, which is the values from one power of two
/// to the next. With two digits an octave takes 1 KiB in each thread that records such values, and nothing in
/// others; values everywhere from 0 to `u64::MAX` take 58 KiB. With more than three digits, and where a process
/// has run out of [cells](crate#what-counting-costs), threads share their counts by locked instructions, which is
/// slower and no less exact. A global allocator must not record in one, which may allocate for it.
///
/// The default is a histogram of its own, which no registry shows: two digits of every `u64`.
///
/// ```
/// let sizes = flowmeter::Histogram::default();
/// (1..=1000).for_each(|bytes| sizes.record(bytes));
/// let sizes = sizes.snapshot();
/// assert_eq!((sizes.count(), sizes.sum(), sizes.max()), (1000, 500_500, Some(1000)));
/// assert_eq!(sizes.quantile(0.5), Some(501));
/// assert_eq!(sizes.quantile_bounds(0.5), Some((500, 501)));
/// ```
#[derive(Clone, Debug)]
pub struct Histogram {
    // `None`: of a disabled registry.
    core: Option<Arc<Core>>,
}

#[derive(Debug)]
struct Core {
    spans: Spans,
    /// What could not be counted there.
    shared: OnceLock<Box<Shared>>,
    registered: Registered,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram::of(Buckets::default())
    }
}

impl Histogram {
    /// A histogram of its own with these buckets, which no registry shows.
    pub fn of(buckets: Buckets) -> Histogram {
        let (shared, registered) = (OnceLock::new(), Registered::default());
        let core = Core { spans: Spans::new(buckets), shared, registered };
        Histogram { core: Some(Arc::new(core)) }
    }

    /// A histogram that records nothing.
    pub(crate) const fn disabled() -> Histogram {
        Histogram { core: None }
    }

    /// Records a value. One that is greater than the highest of the buckets is counted as
    /// [above](HistogramSnapshot::above) them.
    #[inline]
    pub fn record(&self, value: u64) {
        if let Some(core) = &self.core {
            core.record(cells::mine(), value);
        }
    }

    /// Records a value `n` times. Whatever is counted stops at `u64::MAX`.
    pub fn record_n(&self, value: u64, n: u64) {
        if let Some(core) = self.core.as_ref().filter(|_| n > 0)
            && !core.spans.record_n(value, n)
        {
            core.record_otherwise(value, n);
        }
    }

    /// Its buckets; the default ones if it is of a disabled registry.
    pub fn buckets(&self) -> Buckets {
        self.core.as_ref().map_or_else(Buckets::default, |core| core.spans.buckets())
    }

    /// What is recorded now.
    ///
    /// Exact when nobody records. While others do, whatever is counted in it has its part in its sum,
    /// its least and its greatest value; these two may already be of a value whose count follows in the
    /// next snapshot. The sum, and so the mean, is one that values of its buckets can have: off by no
    /// more than their width for each value that is not above them.
    pub fn snapshot(&self) -> HistogramSnapshot {
        match &self.core {
            Some(core) => core.snapshot(),
            None => HistogramSnapshot::empty(Buckets::default()),
        }
    }

    /// Whether some of its cells were refused because all were in use: then threads share what they record there,
    /// which is slower.
    pub(crate) fn lacks_cells(&self) -> bool {
        self.core.as_ref().is_some_and(|core| core.spans.lacks_cells())
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It records
    /// on, unseen.
    #[inline]
    pub fn is_registered(&self) -> bool {
        self.core.as_ref().is_some_and(|core| core.registered.get())
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.core.iter().for_each(|core| core.registered.set(registered));
    }
}

impl Core {
    // A call, for it is long: inside of another function it would compete with that for registers. The sheet is
    // found before it, where a thread-local costs least.
    #[inline(never)]
    fn record(&self, sheet: Sheet, value: u64) {
        if !self.spans.record(sheet, value) {
            self.record_otherwise(value, 1);
        }
    }

    /// Records where this thread has no cells yet for such a value, or can't have any.
    #[cold]
    fn record_otherwise(&self, value: u64, n: u64) {
        if !self.spans.prepare(value) || !self.spans.record_n(value, n) {
            let shared = self.shared.get_or_init(|| Box::new(Shared::new(self.spans.buckets())));
            shared.record(value, n);
        }
    }

    fn snapshot(&self) -> HistogramSnapshot {
        let mut all = self.spans.snapshot();
        if let Some(shared) = self.shared.get() {
            // Cannot fail: both have the same buckets.
            all.merge(&shared.snapshot()).expect("the same buckets");
        }
        all
    }
}
