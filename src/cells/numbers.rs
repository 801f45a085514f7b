//! `Numbers`: which cells are in use.

use super::bits::Bits;
use super::sheet::CELLS;

/// The largest span has two to the power of this many cells.
pub(super) const MOST_BITS: u8 = if cfg!(loom) { 3 } else { 11 };

const MOST: u32 = 1 << MOST_BITS;
const SIZES: usize = MOST_BITS as usize + 1;

/// How many pieces all numbers make.
const PIECES: u32 = CELLS / MOST;
/// So many of them are kept for spans of one cell: counters still find some where histograms have taken all that they
/// can.
const KEPT: u32 = PIECES / 8;

// Cannot fail: it is a check of the constants, when they are compiled.
const _: () = assert!(MOST <= Bits::LIMIT && PIECES <= Bits::LIMIT, "each is a number in a set");

/// The numbers of cells, given out as spans of a power of two.
///
/// All numbers are divided into pieces of the largest span, and a piece into spans of one size, as long as one of
/// them is in use. The lowest are given out first, so that few pages of the sheets are touched.
#[derive(Debug)]
pub(super) struct Numbers {
    /// How each piece is divided that ever was.
    pieces: Vec<Piece>,
    /// By size: the pieces that are divided into spans of it, and have one that is not in use.
    open: [Bits; SIZES],
    /// The pieces in which nothing is in use.
    whole: Bits,
}

/// How a piece is divided.
#[derive(Debug)]
struct Piece {
    /// Into spans of two to the power of this many cells.
    bits: u8,
    /// How many of them are in use.
    used: u32,
    /// Which of them are not.
    free: Bits,
}

impl Numbers {
    pub(super) fn new() -> Numbers {
        // Room for all, so that no thread that asks for a number meets the growth of it.
        let pieces = Vec::with_capacity(PIECES as usize);
        Numbers { pieces, open: [Bits::NONE; SIZES], whole: Bits::below(PIECES) }
    }

    /// The first number of a span of two to the power of `bits`; `None` if there is none any more.
    pub(super) fn take(&mut self, bits: u8) -> Option<u32> {
        let at = match self.open.get(usize::from(bits))?.first() {
            Some(open) => open,
            None => self.divide(bits)?,
        };
        let piece = self.pieces.get_mut(at as usize)?;
        let first = piece.take()?;
        if piece.is_full() {
            self.open[usize::from(bits)].remove(at);
        }
        Some(at * MOST + first)
    }

    /// Divides a piece into spans of this size.
    fn divide(&mut self, bits: u8) -> Option<u32> {
        let kept = if bits == 0 { 0 } else { KEPT };
        let at = self.whole.first().filter(|_| self.whole.len() > kept)?;
        self.whole.remove(at);
        self.open[usize::from(bits)].insert(at);
        // The lowest of them is one that was, or the next one.
        match self.pieces.get_mut(at as usize) {
            Some(whole) => *whole = Piece::of(bits),
            None => self.pieces.push(Piece::of(bits)),
        }
        Some(at)
    }

    /// How many cells the span with this first number has, as a power of two.
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
            open.remove(at);
            self.whole.insert(at);
        } else {
            open.insert(at);
        }
    }
}

impl Piece {
    fn of(bits: u8) -> Piece {
        Piece { bits, used: 0, free: Bits::below(MOST >> bits) }
    }

    /// The first cell of the first span that is not in use.
    fn take(&mut self) -> Option<u32> {
        let span = self.free.first()?;
        self.free.remove(span);
        self.used += 1;
        Some(span << self.bits)
    }

    fn give_back(&mut self, first: u32) {
        self.free.insert(first >> self.bits);
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

    /// That no two spans have a number in common, and none has one that there is not.
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
            assert_eq!(all(&mut numbers, MOST_BITS).len() as u32, PIECES - KEPT);
        }
    }

    /// As many spans of this size as there are.
    fn all(numbers: &mut Numbers, bits: u8) -> Vec<u32> {
        std::iter::from_fn(|| numbers.take(bits)).collect()
    }

    #[test]
    fn larger_spans_leave_an_eighth_of_all_cells_to_single_ones() {
        for bits in 1..=MOST_BITS {
            let mut numbers = Numbers::new();
            let larger = all(&mut numbers, bits);
            assert_eq!((larger.len() as u32) << bits, CELLS - KEPT * MOST);
            assert_eq!(all(&mut numbers, 0).len() as u32, KEPT * MOST);
        }
    }

    #[test]
    fn what_was_given_back_is_given_out_again_the_lowest_first() {
        let mut numbers = Numbers::new();
        let singles = all(&mut numbers, 0);
        assert_eq!(singles, Vec::from_iter(0..CELLS));
        // One of the last piece, and all of the first one but its first.
        let back = Vec::from_iter((1..MOST).chain([CELLS - 1]));
        back.iter().rev().for_each(|&single| numbers.give_back(single));
        assert_eq!(all(&mut numbers, 0), back);
    }

    #[test]
    fn a_piece_in_which_nothing_is_in_use_is_divided_anew() {
        let mut numbers = Numbers::new();
        let singles = all(&mut numbers, 0);
        let kept = [0, MOST];
        let back = singles.into_iter().filter(|single| !kept.contains(single));
        back.for_each(|single| numbers.give_back(single));
        assert_eq!(numbers.take(MOST_BITS), Some(2 * MOST));
        assert_eq!(numbers.take(1), Some(3 * MOST));
        numbers.give_back(0);
        assert_eq!(numbers.take(3), Some(0));
        numbers.give_back(3 * MOST);
        assert_eq!(all(&mut numbers, 0).len() as u32, CELLS - 1 - 2 * MOST);
    }

    #[test]
    fn a_span_that_is_larger_than_the_largest_is_not_there() {
        assert_eq!(Numbers::new().take(MOST_BITS + 1), None);
    }
}
