//! `Numbers`: which cells are in use.

use super::sheet::CELLS;

/// The largest span has two to the power of this many cells.
pub(super) const MOST_BITS: u8 = if cfg!(loom) { 3 } else { 11 };

const MOST: u32 = 1 << MOST_BITS;
const SIZES: usize = MOST_BITS as usize + 1;

/// The numbers of cells, given out as spans of a power of two.
///
/// All numbers are divided once into pieces of the largest span, and a piece into spans of one size. So what was
/// given back is only given out again as a span of the same size.
#[derive(Debug)]
pub(super) struct Numbers {
    /// By size: those that were given back.
    free: [Vec<u32>; SIZES],
    /// By size: the next one, and the end, of the piece that is being divided.
    pieces: [(u32, u32); SIZES],
    /// Of each piece that is divided, or was: into spans of which size.
    divided: Vec<u8>,
}

impl Numbers {
    pub(super) fn new() -> Numbers {
        Numbers {
            free: [const { Vec::new() }; SIZES],
            pieces: [(0, 0); SIZES],
            divided: Vec::new(),
        }
    }

    /// The first number of a span of two to the power of `bits`; `None` if there is none any more.
    pub(super) fn take(&mut self, bits: u8) -> Option<u32> {
        let free = self.free.get_mut(usize::from(bits))?;
        if let Some(first) = free.pop() {
            return Some(first);
        }
        let (next, end) = self.pieces.get_mut(usize::from(bits))?;
        if next == end {
            let piece = self.divided.len() as u32 * MOST;
            (*next, *end) = (piece, Some(piece + MOST).filter(|&end| end <= CELLS)?);
            self.divided.push(bits);
        }
        let first = *next;
        *next += 1 << bits;
        Some(first)
    }

    /// Of the span with this first number: two to the power of what its size is.
    pub(super) fn bits(&self, first: u32) -> u8 {
        self.divided.get((first / MOST) as usize).copied().unwrap_or_default()
    }

    /// Takes a span back.
    pub(super) fn give_back(&mut self, first: u32) {
        let bits = self.bits(first);
        if let Some(free) = self.free.get_mut(usize::from(bits)) {
            free.push(first);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is in use, as spans of numbers, sorted.
    fn check_apart(used: &[(u32, u8)]) {
        let mut spans: Vec<_> =
            used.iter().map(|&(first, bits)| (first, first + (1 << bits))).collect();
        spans.sort_unstable();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
        assert!(spans.iter().all(|&(_, end)| end <= CELLS), "{spans:?}");
    }

    proptest! {
        #[test]
        fn no_number_is_in_two_spans(steps in prop::collection::vec((0..=MOST_BITS, any::<prop::sample::Index>()), 1..300)) {
            let (mut numbers, mut used) = (Numbers::new(), Vec::new());
            for (bits, which) in steps {
                if which.index(3) == 0 && !used.is_empty() {
                    let (first, bits) = used.swap_remove(which.index(used.len()));
                    assert_eq!(numbers.bits(first), bits);
                    numbers.give_back(first);
                } else {
                    used.push((numbers.take(bits).expect("there are enough"), bits));
                }
                check_apart(&used);
            }
        }
    }

    #[test]
    fn all_numbers_are_given_out_and_then_only_what_was_given_back() {
        let mut numbers = Numbers::new();
        let small = numbers.take(0).unwrap();
        let pieces = std::iter::from_fn(|| numbers.take(MOST_BITS)).count();
        assert_eq!(pieces as u32, CELLS / MOST - 1, "one was divided");
        assert_eq!(numbers.take(1), None);
        numbers.give_back(small);
        assert_eq!(numbers.take(0), Some(small));
        let singles = std::iter::from_fn(|| numbers.take(0)).count();
        assert_eq!(singles as u32, MOST - 1);
    }

    #[test]
    fn a_span_that_is_larger_than_the_largest_is_not_there() {
        assert_eq!(Numbers::new().take(MOST_BITS + 1), None);
    }
}
