//! `Bits`: a set of small numbers, which allocates nothing.

/// A set of numbers below a [limit](Bits::LIMIT).
#[derive(Clone, Debug)]
pub(super) struct Bits {
    words: [u64; WORDS],
    /// The words in which there is a number, so that the least one is found in two steps.
    filled: u32,
}

const WORDS: usize = if cfg!(loom) { 1 } else { 32 };

impl Bits {
    pub(super) const LIMIT: u32 = u64::BITS * WORDS as u32;

    pub(super) const NONE: Bits = Bits { words: [0; WORDS], filled: 0 };

    /// All numbers below this one.
    pub(super) fn below(end: u32) -> Bits {
        let end = end.min(Bits::LIMIT);
        let word = |at: usize| match end.saturating_sub(at as u32 * u64::BITS) {
            left @ 0..u64::BITS => bit(left) - 1,
            _ => u64::MAX,
        };
        let words = std::array::from_fn(word);
        Bits { words, filled: (bit(end.div_ceil(u64::BITS)) - 1) as u32 }
    }

    /// The least.
    pub(super) fn first(&self) -> Option<u32> {
        let at = self.filled.trailing_zeros();
        Some(at * u64::BITS + self.words.get(at as usize)?.trailing_zeros())
    }

    pub(super) fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    pub(super) fn insert(&mut self, number: u32) {
        let at = number / u64::BITS;
        self.words[at as usize] |= bit(number);
        self.filled |= 1 << at;
    }

    pub(super) fn remove(&mut self, number: u32) {
        let at = number / u64::BITS;
        let word = &mut self.words[at as usize];
        *word &= !bit(number);
        if *word == 0 {
            self.filled &= !(1 << at);
        }
    }
}

fn bit(number: u32) -> u64 {
    1 << (number % u64::BITS)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn they_are_a_set(
            end in 0..=Bits::LIMIT,
            steps in prop::collection::vec((any::<bool>(), 0..Bits::LIMIT), 0..200),
        ) {
            let (mut bits, mut set) = (Bits::below(end), BTreeSet::from_iter(0..end));
            for (comes, number) in steps {
                if comes {
                    bits.insert(number);
                    set.insert(number);
                } else {
                    bits.remove(number);
                    set.remove(&number);
                }
                prop_assert_eq!((bits.first(), bits.len()), (set.first().copied(), set.len() as u32));
            }
        }
    }
}
