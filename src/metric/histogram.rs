//! A distribution of whole numbers: how often which size, how long, how many.

mod buckets;
mod cells;
mod json;
mod quantile;
mod snapshot;

pub use buckets::{Buckets, BucketsError};
pub use snapshot::{BucketsMismatch, HistogramSnapshot};

use super::registered::Registered;
use cells::Cells;
use std::sync::Arc;

/// A distribution of `u64`s, by [`Buckets`]: sizes, numbers, nanoseconds. Clones share one.
///
/// Recording takes no lock and can't fail. It allocates when a value is the first of its octave, which
/// is the values from one power of two to the next: 1 KiB with two digits. A histogram with the default
/// buckets takes 1.5 KiB at first, and 60 KiB if there are values everywhere from 0 to `u64::MAX`.
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
    cells: Cells,
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
        let core = Core { cells: Cells::new(buckets), registered: Registered::default() };
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
        self.record_n(value, 1);
    }

    /// Records a value `n` times. Whatever is counted stops at `u64::MAX`.
    #[inline]
    pub fn record_n(&self, value: u64, n: u64) {
        if let Some(core) = &self.core {
            core.cells.record(value, n);
        }
    }

    /// Its buckets; the default ones if it is of a disabled registry.
    pub fn buckets(&self) -> Buckets {
        self.core.as_ref().map_or_else(Buckets::default, |core| core.cells.buckets())
    }

    /// What is recorded now.
    ///
    /// Exact when nobody records. While others do, whatever is counted in it has its part in its sum,
    /// its least and its greatest value; these two may already be of a value whose count follows in the
    /// next snapshot. The sum, and so the mean, is one that values of its buckets can have: off by no
    /// more than their width for each value that is not above them.
    pub fn snapshot(&self) -> HistogramSnapshot {
        match &self.core {
            Some(core) => core.cells.snapshot(),
            None => HistogramSnapshot::empty(Buckets::default()),
        }
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It records
    /// on, unseen.
    pub fn is_registered(&self) -> bool {
        self.core.as_ref().is_some_and(|core| core.registered.get())
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.core.iter().for_each(|core| core.registered.set(registered));
    }
}
