//! Which sums a distribution can have.

use super::counts::Prefix;
use super::snapshot::HistogramSnapshot;
use super::tally::{BLOCK, Tally};
use std::ops::Range;

/// Two sums: of the least and of the greatest values that there can have been.
type Sums = [u128; 2];

impl HistogramSnapshot {
    /// Between which two sums the sum of all that was counted must be; both stop at `u64::MAX`.
    pub(super) fn sum_bounds(&self) -> (u64, u64) {
        let even = self.even_blocks();
        let others = self.counts.outside(even.start, even.end);
        let others = others.map(|(index, count)| sums_of(self.bounds(index), count));
        let above = self.bounds_above().map(|bounds| sums_of(bounds, self.above));
        let [low, high] = self.sums_by_octave(even).chain(others).chain(above).fold([0, 0], plus);
        let stopped = |sum: u128| u64::try_from(sum).unwrap_or(u64::MAX);
        (stopped(low), stopped(high))
    }

    /// At which positions the blocks are whose buckets are all of the same width. Where an octave has a block or more
    /// these are all but those with the extremes, which cut off a part of a bucket.
    fn even_blocks(&self) -> Range<usize> {
        if self.buckets.per_octave() < BLOCK as u32 {
            return 0..0;
        }
        let (prefixes, highest) = (self.counts.prefixes(), self.buckets.highest());
        let first_of = |value: u64| self.buckets.position(value.min(highest)) & !(BLOCK as u32 - 1);
        let (least, greatest) = (first_of(self.min), first_of(self.max));
        let start = prefixes.partition_point(|prefix| prefix.first <= least);
        let end = prefixes.partition_point(|prefix| prefix.first < greatest);
        start..end.max(start)
    }

    /// The sums of each octave, without a look at the counts.
    fn sums_by_octave(&self, even: Range<usize>) -> impl Iterator<Item = Sums> {
        let octave = |prefix: &Prefix| self.buckets.octave(prefix.first).0;
        let mut before = self.counts.before(even.start);
        let octaves =
            self.counts.prefixes()[even].chunk_by(move |one, next| octave(one) == octave(next));
        octaves.filter_map(move |prefixes| {
            let (first, last) = (prefixes.first()?, prefixes.last()?);
            let here = last.up_to.minus(before);
            before = last.up_to;
            Some(self.sums_from(first.first, here))
        })
    }

    /// Of values from this bucket on, in buckets of its width: each begins a width after the one before.
    fn sums_from(&self, first: u32, Tally { values, index_sum }: Tally) -> Sums {
        let (least, greatest) = self.buckets.edges(first);
        let (least, within) = (u128::from(least), u128::from(greatest - least));
        let steps = index_sum - u128::from(first) * values;
        let low = least.saturating_mul(values).saturating_add(steps.saturating_mul(within + 1));
        [low, low.saturating_add(within.saturating_mul(values))]
    }
}

/// Those of so many values between these two.
fn sums_of((least, greatest): (u64, u64), count: u64) -> Sums {
    [least, greatest].map(|value| u128::from(value) * u128::from(count))
}

fn plus(one: Sums, other: Sums) -> Sums {
    [0, 1].map(|i| one[i].saturating_add(other[i]))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::Buckets;
    use super::*;

    /// The bucket of 1,005 begins at 1,000, and that of 5,001 ends at 5,023.
    #[test]
    fn the_blocks_of_the_extremes_are_cut_off_at_these() {
        let all = HistogramSnapshot::of(Buckets::default(), [1_005, 1_005, 3_000, 5_001]);
        let (low, high) = all.sum_bounds();
        let (least, greatest) = all.bounds(all.buckets.position(3_000));
        assert_eq!(low, 2 * 1_005 + least + 4_992);
        assert_eq!(high, 2 * 1_007 + greatest + 5_001);
    }
}
