//! A distribution as it was at one moment: a value that merges.

use super::buckets::Buckets;
use super::counts::Counts;
use std::ops::RangeInclusive;

/// What a [`Histogram`](crate::Histogram) has recorded, at one moment or between two.
///
/// Count, sum, least and greatest value are exact; what is between these is known by its buckets. In a
/// cut while others record the sum, and so the mean, is exact to the width of the buckets. In JSON only
/// buckets that are not empty are written, and what can't have been recorded isn't read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistogramSnapshot {
    pub(super) buckets: Buckets,
    pub(super) counts: Counts,
    pub(super) above: u64,
    pub(super) sum: u64,
    /// At most the greatest value of the first part. With nothing counted, `u64::MAX`.
    pub(super) min: u64,
    /// At least the least value of the last part, and `min`. With nothing counted, 0.
    pub(super) max: u64,
}

/// Two distributions that can't be merged, because their buckets are not the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a histogram of {own} can't take in one of {other}")]
#[non_exhaustive]
pub struct BucketsMismatch {
    /// The buckets of the one that was to be added to.
    pub own: Buckets,
    /// Those of the one that was to be added.
    pub other: Buckets,
}

/// How it is made.
impl HistogramSnapshot {
    /// The one of nothing: merged with another, it changes nothing.
    pub fn empty(buckets: Buckets) -> HistogramSnapshot {
        HistogramSnapshot {
            buckets,
            counts: Counts::default(),
            above: 0,
            sum: 0,
            min: u64::MAX,
            max: 0,
        }
    }

    /// What a histogram shows after it has recorded these values.
    pub fn of(buckets: Buckets, values: impl IntoIterator<Item = u64>) -> HistogramSnapshot {
        let (mut all, mut indices) = (HistogramSnapshot::empty(buckets), Vec::new());
        for value in values {
            match buckets.index(value) {
                Some(index) => indices.push(index),
                None => all.above += 1,
            }
            all.sum = all.sum.saturating_add(value);
            (all.min, all.max) = (all.min.min(value), all.max.max(value));
        }
        indices.sort_unstable();
        all.counts = Counts::of(indices.into_iter().map(|index| (index, 1)));
        all
    }
}

/// What was recorded.
impl HistogramSnapshot {
    /// Its buckets.
    pub fn buckets(&self) -> Buckets {
        self.buckets
    }

    /// How many values were recorded, those [above](Self::above) included; at most `u64::MAX`.
    pub fn count(&self) -> u64 {
        u64::try_from(self.total()).unwrap_or(u64::MAX)
    }

    /// The sum of all values: exact, but in a [cut](crate::Histogram::snapshot) while others record
    /// to the width of the buckets. It stops at `u64::MAX`, and is then the least that it can be.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// The least value; `None` if there is none.
    pub fn min(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.min)
    }

    /// The greatest value, also one above the range; `None` if there is none.
    pub fn max(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.max)
    }

    /// How many values were greater than the highest of the buckets. Of those only the number, the sum
    /// and the greatest are known.
    pub fn above(&self) -> u64 {
        self.above
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.above == 0
    }

    /// The buckets that are not empty, by rising values: which values fall into each, and how many did.
    /// What was above is in none of them.
    pub fn iter(&self) -> impl Iterator<Item = (RangeInclusive<u64>, u64)> {
        self.counts.iter().map(|(index, count)| {
            let (least, greatest) = self.buckets.edges(index);
            (least..=greatest, count)
        })
    }

    pub(super) fn total(&self) -> u128 {
        self.counts.all().values + u128::from(self.above)
    }

    /// All that was counted, by rising values: between which two values, both included, and how many.
    pub(super) fn parts(&self) -> impl Iterator<Item = ((u64, u64), u64)> {
        let counted = self.counts.iter().map(|(index, count)| (self.bounds(index), count));
        counted.chain(self.bounds_above().map(|bounds| (bounds, self.above)))
    }

    /// Between which two values, both included, those lie that were counted in this bucket.
    pub(super) fn bounds(&self, index: u32) -> (u64, u64) {
        let (least, greatest) = self.buckets.edges(index);
        (least.max(self.min), greatest.min(self.max))
    }

    /// The same of those above the buckets; `None` if there are none.
    pub(super) fn bounds_above(&self) -> Option<(u64, u64)> {
        let least = self.buckets.highest().saturating_add(1);
        (self.above > 0).then(|| (least.max(self.min), self.max))
    }
}

/// What two of them give.
impl HistogramSnapshot {
    /// Adds what a disjoint part has recorded, without loss; counts and the sum stop at `u64::MAX`. In
    /// whatever order and grouping parts are merged, the result is the same.
    ///
    /// # Errors
    ///
    /// One with other buckets is refused, and nothing is changed.
    pub fn merge(&mut self, part: &HistogramSnapshot) -> Result<(), BucketsMismatch> {
        let HistogramSnapshot { buckets, counts, above, sum, min, max } = part;
        if self.buckets != *buckets {
            return Err(BucketsMismatch { own: self.buckets, other: *buckets });
        }
        self.counts = self.counts.plus(counts);
        self.above = self.above.saturating_add(*above);
        self.sum = self.sum.saturating_add(*sum);
        (self.min, self.max) = (self.min.min(*min), self.max.max(*max));
        Ok(())
    }

    /// What was recorded since `earlier`; `None` if this does not continue it: other buckets, or a
    /// count, the sum, the least or the greatest value went back.
    ///
    /// Counts are exact. The least and the greatest value are as close as the edges of their buckets and
    /// the overall ones tell: no value was less or greater. The sum is the difference of the two sums,
    /// kept to what the buckets allow, since either may hold a part of a value whose count followed. Where a sum
    /// or a count has stopped at `u64::MAX`, the difference is less than what was recorded.
    pub fn since(&self, earlier: &HistogramSnapshot) -> Option<HistogramSnapshot> {
        if self.buckets != earlier.buckets || self.min > earlier.min || self.max < earlier.max {
            return None;
        }
        let new = HistogramSnapshot {
            counts: self.counts.minus(&earlier.counts)?,
            above: self.above.checked_sub(earlier.above)?,
            sum: self.sum.checked_sub(earlier.sum)?,
            ..*self
        };
        Some(new.narrowed())
    }

    /// With the extremes and the sum brought to where its parts allow them to be.
    fn narrowed(mut self) -> HistogramSnapshot {
        let last = self.counts.last().map(|(index, _)| self.bounds(index));
        let (first, last) = (self.parts().next(), self.bounds_above().or(last));
        let (Some(((min, _), _)), Some((_, max))) = (first, last) else {
            return HistogramSnapshot::empty(self.buckets);
        };
        (self.min, self.max) = (min, max);
        self.with_possible_sum()
    }

    /// With the sum brought to where its parts allow it to be.
    pub(super) fn with_possible_sum(mut self) -> HistogramSnapshot {
        let (low, high) = self.sum_bounds();
        self.sum = self.sum.clamp(low, high);
        self
    }
}

/// For those who work with that library.
impl HistogramSnapshot {
    /// The same distribution as that library's type, with the same bounds and digits.
    ///
    /// What was above the range is counted there at the highest value. It takes `u64::MAX` values in
    /// all; of more, the greatest are left out. Its memory is that of all its buckets.
    pub fn to_hdr(&self) -> hdrhistogram::Histogram<u64> {
        let (lowest, highest) = (self.buckets.lowest(), self.buckets.highest());
        let hdr = hdrhistogram::Histogram::new_with_bounds(lowest, highest, self.buckets.digits());
        // Cannot fail: buckets have the limits of that library.
        let mut hdr = hdr.expect("buckets that there are");
        let mut record = |value: u64, count: u64| {
            // Its own look-ups overflow where the counts of its buckets do.
            let count = count.min(u64::MAX - hdr.len());
            if count > 0 {
                // Cannot fail: it takes any value up to its highest.
                hdr.record_n(value.min(highest), count).expect("a value of the range");
            }
        };
        // The least value itself, and the greatest itself: from these it derives its own.
        let mut of_the_least = 1;
        for ((least, greatest), count) in self.parts() {
            record(least, of_the_least);
            record(greatest, count - of_the_least);
            of_the_least = 0;
        }
        hdr
    }
}
