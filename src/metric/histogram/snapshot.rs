//! A distribution as it was at one moment: a value that merges.

use super::buckets::Buckets;
use std::ops::RangeInclusive;

/// What a [`Histogram`](crate::Histogram) has recorded, at one moment or between two.
///
/// Count, sum, least and greatest value are exact; what is between these is known by its buckets. In a
/// cut while others record the sum, and so the mean, is exact to the width of the buckets. In JSON only
/// buckets that are not empty are written, and what can't have been recorded isn't read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistogramSnapshot {
    pub(super) buckets: Buckets,
    /// The buckets that are not empty, by rising index.
    pub(super) counts: Vec<(u32, u64)>,
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
        HistogramSnapshot { buckets, counts: Vec::new(), above: 0, sum: 0, min: u64::MAX, max: 0 }
    }

    /// What a histogram shows after it has recorded these values.
    pub fn of(buckets: Buckets, values: impl IntoIterator<Item = u64>) -> HistogramSnapshot {
        let mut all = HistogramSnapshot::empty(buckets);
        for value in values {
            match buckets.index(value) {
                Some(index) => all.counts.push((index, 1)),
                None => all.above += 1,
            }
            all.sum = all.sum.saturating_add(value);
            (all.min, all.max) = (all.min.min(value), all.max.max(value));
        }
        add_up(&mut all.counts);
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
        self.counts.iter().map(|&(index, count)| {
            let (least, greatest) = self.buckets.edges(index);
            (least..=greatest, count)
        })
    }

    pub(super) fn total(&self) -> u128 {
        let counts = self.counts.iter().map(|&(_, count)| u128::from(count));
        counts.sum::<u128>() + u128::from(self.above)
    }

    /// All that was counted, by rising values: between which two values, both included, and how many.
    pub(super) fn parts(&self) -> impl Iterator<Item = ((u64, u64), u64)> {
        let counted = self.counts.iter().map(|&(index, count)| (self.buckets.edges(index), count));
        let beyond = (self.buckets.highest().saturating_add(1), u64::MAX);
        let above = (self.above > 0).then_some((beyond, self.above));
        counted.chain(above).map(|((least, greatest), count)| {
            ((least.max(self.min), greatest.min(self.max)), count)
        })
    }

    /// Between which two sums the sum of all that was counted must be; both stop at `u64::MAX`.
    pub(super) fn sum_bounds(&self) -> (u64, u64) {
        self.parts().fold((0, 0), |(low, high), ((least, greatest), count)| {
            let plus = |sum: u64, value: u64| sum.saturating_add(value.saturating_mul(count));
            (plus(low, least), plus(high, greatest))
        })
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
        self.counts.extend(counts);
        add_up(&mut self.counts);
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
            counts: self.counts_since(earlier)?,
            above: self.above.checked_sub(earlier.above)?,
            sum: self.sum.checked_sub(earlier.sum)?,
            ..*self
        };
        Some(new.narrowed())
    }

    /// With the extremes and the sum brought to where its parts allow them to be.
    fn narrowed(mut self) -> HistogramSnapshot {
        let (first, last) = (self.parts().next(), self.parts().last());
        let (Some(((min, _), _)), Some(((_, max), _))) = (first, last) else {
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

    fn counts_since(&self, earlier: &HistogramSnapshot) -> Option<Vec<(u32, u64)>> {
        let mut before = earlier.counts.iter().peekable();
        let mut new = Vec::new();
        for &(index, count) in &self.counts {
            let counted = before.next_if(|&&(before, _)| before == index).map_or(0, |&(_, n)| n);
            new.push((index, count.checked_sub(counted)?));
        }
        new.retain(|&(_, count)| count > 0);
        // What is left is of buckets that are empty now.
        before.next().is_none().then_some(new)
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

/// Sorts by index, and makes one count of those of one index.
fn add_up(counts: &mut Vec<(u32, u64)>) {
    // Stable, because that is quick for two sorted parts, one behind the other.
    counts.sort_by_key(|&(index, _)| index);
    counts.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 = kept.1.saturating_add(next.1);
        }
        is_same
    });
}
