//! `Numbers`: which cells are in use.

use super::sheet::CELLS;
use std::collections::BTreeSet;

/// The largest span has two to the power of this many cells.
pub(super) const MOST_BITS: u8 = if cfg!(loom) { 3 } else { 11 };

const MOST: u32 = 1 << MOST_BITS;
const SIZES: usize = MOST_BITS as usize + 1;

/// So many cells are kept for small spans, of at most two to the power of [`SMALL_BITS`]: what is counted in one
/// cell is still counted fast where histograms would have taken all.
const FOR_SMALL: u32 = CELLS / 8;
const SMALL_BITS: u8 = 3;

/// The numbers of cells, given out as spans of a power of two.
///
/// All numbers are divided into pieces of the largest span, and a piece into spans of one size, as long as one of
/// them is in use. The lowest are given out first, so that few pages of the sheets are touched.
#[derive(Debug)]
pub(super) struct Numbers {
    /// All that were ever divided.
    pieces: Vec<Piece>,
    /// By size: those that are divided into spans of it, and have one that is not in use.
    open: [BTreeSet<u32>; SIZES],
    /// Those in which nothing is in use.
    whole: BTreeSet<u32>,
}

/// How a piece is divided.
#[derive(Debug)]
struct Piece {
    /// Into spans of two to the power of this many cells.
    bits: u8,
    /// How many of them are in use.
    used: u32,
    /// Which of them are not: a bit for each.
    free: [u64; WORDS],
}

const WORDS: usize = MOST.div_ceil(u64::BITS) as usize;

impl Numbers {
    pub(super) fn new() -> Numbers {
        let (pieces, open, whole) = <_>::default();
        Numbers { pieces, open, whole }
    }

    /// The first number of a span of two to the power of `bits`; `None` if there is none any more.
    pub(super) fn take(&mut self, bits: u8) -> Option<u32> {
        let at = match self.open.get(usize::from(bits))?.first() {
            Some(&open) => open,
            None => self.divide(bits)?,
        };
        let piece = self.pieces.get_mut(at as usize)?;
        let first = piece.take();
        if piece.is_full() {
            self.open[usize::from(bits)].remove(&at);
        }
        Some(at * MOST + first)
    }

    /// Divides a piece into spans of this size.
    fn divide(&mut self, bits: u8) -> Option<u32> {
        let untouched = CELLS / MOST - self.pieces.len() as u32;
        let left = untouched + self.whole.len() as u32;
        if left == 0 || bits > SMALL_BITS && left <= FOR_SMALL / MOST {
            return None;
        }
        let at = self.whole.pop_first().unwrap_or(self.pieces.len() as u32);
        match self.pieces.get_mut(at as usize) {
            Some(whole) => *whole = Piece::of(bits),
            None => self.pieces.push(Piece::of(bits)),
        }
        self.open[usize::from(bits)].insert(at);
        Some(at)
    }

    /// Of the span with this first number: two to the power of what its size is.
    pub(super) fn bits(&self, first: u32) -> u8 {
        self.pieces.get((first / MOST) as usize).map_or(0, |piece| piece.bits)
    }

    /// Takes a span back.
    pub(super) fn give_back(&mut self, first: u32) {
        let at = first / MOST;
        let Some(piece) = self.pieces.get_mut(at as usize) else { return };
        let open = &mut self.open[usize::from(piece.bits)];
        piece.give_back(first % MOST);
        if piece.used == 0 {
            open.remove(&at);
            self.whole.insert(at);
        } else {
            open.insert(at);
        }
    }
}

impl Piece {
    fn of(bits: u8) -> Piece {
        let spans = MOST >> bits;
        // The lowest bits of the words, from the first word on.
        let free = std::array::from_fn(|word| {
            let left = spans.saturating_sub(word as u32 * u64::BITS);
            u64::MAX.checked_shr(u64::BITS - left.min(u64::BITS)).unwrap_or_default()
        });
        Piece { bits, used: 0, free }
    }

    /// The first cell of the first span that is not in use; there is one.
    fn take(&mut self) -> u32 {
        let word = self.free.iter().position(|word| *word != 0).unwrap_or_default();
        let bit = self.free[word].trailing_zeros();
        self.free[word] &= !(1 << bit);
        self.used += 1;
        (word as u32 * u64::BITS + bit) << self.bits
    }

    fn give_back(&mut self, first: u32) {
        let span = first >> self.bits;
        self.free[(span / u64::BITS) as usize] |= 1 << (span % u64::BITS);
        self.used -= 1;
    }

    fn is_full(&self) -> bool {
        self.used << self.bits == MOST
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
        fn no_number_is_in_two_spans_and_all_can_be_given_out_again(steps in prop::collection::vec((0..=MOST_BITS, any::<prop::sample::Index>()), 1..300)) {
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
            used.iter().for_each(|&(first, _)| numbers.give_back(first));
            assert_eq!(all(&mut numbers, MOST_BITS).len() as u32, (CELLS - FOR_SMALL) / MOST);
        }
    }

    /// As many spans of this size as there are.
    fn all(numbers: &mut Numbers, bits: u8) -> Vec<u32> {
        std::iter::from_fn(|| numbers.take(bits)).collect()
    }

    #[test]
    fn large_spans_leave_an_eighth_of_all_cells_to_small_ones() {
        let mut numbers = Numbers::new();
        let large = all(&mut numbers, MOST_BITS);
        assert_eq!(large.len() as u32, (CELLS - FOR_SMALL) / MOST);
        assert_eq!(numbers.take(SMALL_BITS + 1), None);
        let small = all(&mut numbers, SMALL_BITS);
        assert_eq!((small.len() as u32) << SMALL_BITS, FOR_SMALL);
        assert_eq!(numbers.take(0), None);
    }

    #[test]
    fn what_was_given_back_is_given_out_again_in_any_size() {
        let mut numbers = Numbers::new();
        let singles = all(&mut numbers, 0);
        assert_eq!(singles.len() as u32, CELLS);
        // All of the first piece but one, and all of the last one.
        let (kept, first) = singles[..MOST as usize].split_first().unwrap();
        let last = &singles[(CELLS - MOST) as usize..];
        first.iter().chain(last).for_each(|&single| numbers.give_back(single));
        assert_eq!(numbers.take(3), Some(CELLS - MOST), "divided anew");
        numbers.give_back(*kept);
        numbers.give_back(CELLS - MOST);
        assert_eq!(numbers.take(1), Some(0));
        assert_eq!(all(&mut numbers, 0).len() as u32, MOST, "of the last piece");
    }

    #[test]
    fn a_span_that_is_larger_than_the_largest_is_not_there() {
        assert_eq!(Numbers::new().take(MOST_BITS + 1), None);
    }
}
