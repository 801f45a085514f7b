//! How many values lie in a run of buckets, and the sum of their bucket indices: enough to bound their sum without
//! reading the counts again.

/// So many buckets lie next to each other in a block: two lines of memory.
pub(super) const BLOCK: usize = 16;

/// The counts of the buckets of a block.
pub(super) type Block = [u64; BLOCK];

/// Of some values, in whichever buckets. Nothing overflows: there are fewer than 2^24 buckets.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// How many there are.
    pub(super) values: u128,
    /// The indices of their buckets, added up value by value.
    pub(super) index_sum: u128,
}

/// Of counts that are all below it, what a block adds up to is far from 64 bits.
const MANY: u64 = 1 << 56;

impl Tally {
    /// Of the block that begins with the bucket `first`.
    #[inline]
    pub(super) fn of(first: u32, block: &Block) -> Tally {
        let few = of_few(block).map(|few| few.map(u128::from));
        let [values, steps] = few.unwrap_or_else(|| of_many(block));
        Tally { values, index_sum: u128::from(first) * values + steps }
    }

    /// Of both.
    #[inline]
    pub(super) fn plus(self, other: Tally) -> Tally {
        Tally { values: self.values + other.values, index_sum: self.index_sum + other.index_sum }
    }

    /// Of those that are not in the other one, which has a part of these.
    #[inline]
    pub(super) fn minus(self, part: Tally) -> Tally {
        Tally { values: self.values - part.values, index_sum: self.index_sum - part.index_sum }
    }
}

/// How many values are in a block, and how many buckets behind its first one they are, added up value by value; `None`
/// if these may be too many for 64 bits.
// Always: it is the body of a loop, and a call would hand its result over through memory.
#[inline(always)]
fn of_few(block: &Block) -> Option<[u64; 2]> {
    let (mut any, mut values, mut steps) = (0, 0_u64, 0_u64);
    // From the last one on: whatever was passed is a bucket further than the one that comes.
    for &count in block.iter().rev() {
        any |= count;
        steps = steps.wrapping_add(values);
        values = values.wrapping_add(count);
    }
    (any < MANY).then_some([values, steps])
}

/// The same of any counts.
#[cold]
fn of_many(block: &Block) -> [u128; 2] {
    let counts = || block.iter().map(|&count| u128::from(count));
    [counts().sum(), (0..).zip(counts()).map(|(place, count)| place * count).sum()]
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::array;

    #[test]
    fn few_values_are_added_up_like_many() {
        let blocks: [Block; 3] =
            [[0; BLOCK], array::from_fn(|i| (i * i) as u64 + 3), [MANY - 1; BLOCK]];
        for block in blocks {
            let few = of_few(&block).map(|few| few.map(u128::from));
            assert_eq!(few, Some(of_many(&block)), "{block:?}");
        }
    }

    #[test]
    fn the_greatest_counts_are_added_up_without_loss() {
        let all = Tally::of(1 << 24, &[u64::MAX; BLOCK]);
        let count = u128::from(u64::MAX);
        assert_eq!(all, Tally { values: 16 * count, index_sum: count * (16 * (1 << 24) + 120) });
        assert_eq!(all.plus(all).minus(all), all);
    }
}
