//! `Span`: cells with consecutive numbers, held by whoever counts with them.

use super::numbers::MOST_BITS;
use super::pool;

/// The first number of a span that has no cells: all were in use, or there was no memory for any. It is beyond every
/// sheet, and what follows it too.
pub(crate) const NOWHERE: u32 = 1 << 31;

/// Cells with these numbers, zero at first. When it is dropped, others may get them: so whoever counts with them must
/// own a share of it.
#[derive(Debug)]
pub(crate) struct Span {
    first: u32,
}

impl Span {
    /// The largest span has two to the power of this many cells.
    pub(crate) const MOST_BITS: u8 = MOST_BITS;

    /// A span of two to the power of `bits` cells; one [`NOWHERE`] if there are none left.
    pub(crate) fn take(bits: u8) -> Span {
        Span { first: pool::take(bits).unwrap_or(NOWHERE) }
    }

    /// The number of its first cell, or [`NOWHERE`].
    pub(crate) fn first(&self) -> u32 {
        self.first
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if self.first != NOWHERE {
            pool::give_back(self.first);
        }
    }
}
