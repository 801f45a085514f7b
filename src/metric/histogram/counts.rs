//! How many values are in which bucket, in short blocks: those with no value are left out where they are many.

use super::tally::{BLOCK, Block, Tally};
use std::fmt;
use std::iter::{self, Peekable};

const EMPTY: &Block = &[0; BLOCK];

/// The counts of all buckets. Where values lie close together these are copied and added up like plain arrays; where
/// they are scattered there is a block for each.
#[derive(Clone, Default)]
pub(super) struct Counts {
    /// By rising index.
    prefixes: Vec<Prefix>,
    /// In the same order. Apart, so that whoever looks for a rank passes over few lines of memory.
    blocks: Vec<Block>,
}

/// Where a block begins, and what all values up to its end add up to.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    /// The index of the block's first bucket: a multiple of [`BLOCK`].
    pub(super) first: u32,
    /// Of all values up to its end.
    pub(super) up_to: Tally,
}

/// Whatever is left out.
impl PartialEq for Counts {
    fn eq(&self, other: &Counts) -> bool {
        self.used().eq(other.used())
    }
}

impl Eq for Counts {}

/// The bucket indices with their counts.
impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// How they are made: from the first bucket to the last.
impl Counts {
    /// Of indices that do not fall; of one that comes again the counts are added up, and stop at `u64::MAX`.
    pub(super) fn of(counts: impl IntoIterator<Item = (u32, u64)>) -> Counts {
        let (mut firsts, mut blocks) = (Vec::new(), Vec::<Block>::new());
        for (index, count) in counts.into_iter().filter(|&(_, count)| count > 0) {
            let place = index % BLOCK as u32;
            if firsts.last() != Some(&(index - place)) {
                firsts.push(index - place);
                blocks.push(*EMPTY);
            }
            if let Some(sums) = blocks.last_mut() {
                let sum = &mut sums[place as usize];
                *sum = sum.saturating_add(count);
            }
        }
        Counts::of_blocks(firsts, blocks)
    }

    /// Of blocks, each with the index of its first bucket.
    pub(super) fn of_blocks(firsts: Vec<u32>, blocks: Vec<Block>) -> Counts {
        let (mut up_to, mut used) = (Tally::default(), 0);
        let mut prefixes = Vec::with_capacity(blocks.len());
        for (first, block) in firsts.into_iter().zip(&blocks) {
            let own = Tally::of(first, block);
            up_to = up_to.plus(own);
            used += usize::from(own.values > 0);
            prefixes.push(Prefix { first, up_to });
        }
        let all = Counts { prefixes, blocks };
        // To move a few would take longer than to pass over them.
        if used < all.blocks.len() / 2 { all.without_the_empty(used) } else { all }
    }

    #[cold]
    fn without_the_empty(&self, used: usize) -> Counts {
        let (mut prefixes, mut blocks) = (Vec::with_capacity(used), Vec::with_capacity(used));
        for (prefix, block) in self.used_with_prefixes() {
            prefixes.push(*prefix);
            blocks.push(*block);
        }
        Counts { prefixes, blocks }
    }
}

/// What is in them.
impl Counts {
    pub(super) fn is_empty(&self) -> bool {
        self.all().values == 0
    }

    /// Of all values.
    pub(super) fn all(&self) -> Tally {
        self.before(self.prefixes.len())
    }

    /// Of all values before the block at this position.
    pub(super) fn before(&self, position: usize) -> Tally {
        position.checked_sub(1).map_or_else(Tally::default, |last| self.prefixes[last].up_to)
    }

    /// Those of all blocks, by rising index.
    pub(super) fn prefixes(&self) -> &[Prefix] {
        &self.prefixes
    }

    /// The buckets that are not empty, by rising index.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u64)> {
        self.used().flat_map(|(first, block)| counted(first, block))
    }

    /// Buckets in the first `first` blocks, and in those from position `rest` on, but for the empty ones.
    pub(super) fn outside(&self, first: usize, rest: usize) -> impl Iterator<Item = (u32, u64)> {
        let blocks = || self.blocks();
        blocks()
            .take(first)
            .chain(blocks().skip(rest))
            .flat_map(|(first, block)| counted(first, block))
    }

    /// The last bucket that is not empty.
    pub(super) fn last(&self) -> Option<(u32, u64)> {
        let (first, block) = self.used().next_back()?;
        counted(first, block).last()
    }

    /// The bucket in which the value at this rank lies, from 1 on.
    pub(super) fn at_rank(&self, rank: u128) -> Option<u32> {
        let position = self.prefixes.partition_point(|prefix| prefix.up_to.values < rank);
        let (prefix, block) = (self.prefixes.get(position)?, &self.blocks[position]);
        let mut passed = self.before(position).values;
        let is_it = |&count: &u64| {
            passed += u128::from(count);
            passed >= rank
        };
        Some(prefix.first + block.iter().position(is_it)? as u32)
    }

    /// The blocks that are not empty, by rising index.
    fn used(&self) -> impl DoubleEndedIterator<Item = (u32, &Block)> {
        self.used_with_prefixes().map(|(prefix, block)| (prefix.first, block))
    }

    fn used_with_prefixes(&self) -> impl DoubleEndedIterator<Item = (&Prefix, &Block)> {
        self.prefixes.iter().zip(&self.blocks).filter(|(_, block)| *block != EMPTY)
    }

    /// All blocks.
    fn blocks(&self) -> impl Iterator<Item = (u32, &Block)> {
        self.prefixes.iter().map(|prefix| prefix.first).zip(&self.blocks)
    }
}

/// Those of a block that are not empty, by their index.
fn counted(first: u32, block: &Block) -> impl Iterator<Item = (u32, u64)> {
    (first..).zip(block.iter().copied()).filter(|&(_, count)| count > 0)
}

/// What two of them give.
impl Counts {
    /// Both, bucket by bucket; each stops at `u64::MAX`.
    pub(super) fn plus(&self, other: &Counts) -> Counts {
        let add = |own: u64, other| Some(own.saturating_add(other));
        self.with(other, add).unwrap_or_default()
    }

    /// What is left of these without the others; `None` if there are more of those somewhere.
    pub(super) fn minus(&self, other: &Counts) -> Option<Counts> {
        self.with(other, u64::checked_sub)
    }

    /// What each bucket's counts in both give.
    fn with(&self, other: &Counts, give: impl Fn(u64, u64) -> Option<u64>) -> Option<Counts> {
        let room = self.blocks.len().max(other.blocks.len());
        let (mut firsts, mut blocks) = (Vec::with_capacity(room), Vec::with_capacity(room));
        for (first, [own, other]) in self.beside(other) {
            let mut given = *own;
            for (count, other) in given.iter_mut().zip(other) {
                *count = give(*count, *other)?;
            }
            firsts.push(first);
            blocks.push(given);
        }
        Some(Counts::of_blocks(firsts, blocks))
    }

    /// The blocks of both that begin with the same bucket, with an empty one where one has none.
    fn beside<'a>(&'a self, other: &'a Counts) -> impl Iterator<Item = (u32, [&'a Block; 2])> {
        let (mut own, mut others) = (self.blocks().peekable(), other.blocks().peekable());
        iter::from_fn(move || {
            let next = [own.peek(), others.peek()].into_iter().flatten();
            let first = next.map(|&(first, _)| first).min()?;
            Some((first, [take(&mut own, first), take(&mut others, first)]))
        })
    }
}

/// The next block if it begins with this bucket.
fn take<'a>(
    blocks: &mut Peekable<impl Iterator<Item = (u32, &'a Block)>>,
    first: u32,
) -> &'a Block {
    blocks.next_if(|&(next, _)| next == first).map_or(EMPTY, |(_, block)| block)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Of blocks in which nothing is left out.
    fn with_gaps(counts: &[(u32, u64)]) -> Counts {
        let mut blocks = vec![*EMPTY; 4];
        counts.iter().for_each(|&(index, count)| {
            blocks[index as usize / BLOCK][index as usize % BLOCK] = count;
        });
        Counts::of_blocks((0..).step_by(BLOCK).take(4).collect(), blocks)
    }

    #[test]
    fn what_is_left_out_makes_no_difference() {
        let counts = [(17, 2), (40, 1), (41, 5)];
        let (dense, sparse) = (with_gaps(&counts), Counts::of(counts));
        assert_eq!([dense.prefixes.len(), sparse.prefixes.len()], [4, 2]);
        assert_eq!(dense, sparse);
        assert_eq!(dense.all(), sparse.all());
        assert!([&dense, &sparse].iter().all(|all| all.iter().eq(counts)));
        assert!([&dense, &sparse].iter().all(|all| all.last() == Some((41, 5))));
        let ranks = |all: &Counts| [1, 2, 3, 4, 8, 9].map(|rank| all.at_rank(rank));
        assert_eq!(ranks(&dense), [Some(17), Some(17), Some(40), Some(41), Some(41), None]);
        assert_eq!(ranks(&sparse), ranks(&dense));
        assert_eq!(dense.plus(&sparse), sparse.plus(&sparse));
        assert!(dense.minus(&sparse).is_some_and(|none| none.is_empty()));
    }

    #[test]
    fn ranks_are_exact_beyond_64_bits() {
        let all = Counts::of([(3, u64::MAX), (5, u64::MAX), (900, 1)]);
        let beyond = 2 * u128::from(u64::MAX);
        let ranks = [beyond / 2, beyond / 2 + 1, beyond, beyond + 1, beyond + 2];
        let found = ranks.map(|rank| all.at_rank(rank));
        assert_eq!(found, [Some(3), Some(5), Some(5), Some(900), None]);
    }

    #[test]
    fn many_empty_blocks_are_left_out() {
        assert_eq!(with_gaps(&[(20, 1)]).prefixes.len(), 1);
    }
}
