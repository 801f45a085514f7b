//! `Span`: cells with consecutive numbers, held by whoever counts with them.

use super::numbers::MOST_BITS;
use super::pool::{self, Sheets};
use super::sync::Ordering;

/// The first number of a span that has no cells: all had been in use. It is beyond every sheet, and what follows it
/// too.
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

    /// What all sheets have in each of its first cells, added up; sums stop at `u64::MAX`. Whoever reads a count sees
    /// what was stored before it.
    pub(crate) fn read(&self, sheets: &Sheets, sums: &mut [u64]) {
        sums.fill(0);
        for sheet in sheets.iter() {
            let cells = sheet.get(self.first as usize..).unwrap_or_default();
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum = sum.saturating_add(cell.load(Ordering::Acquire));
            }
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if self.first != NOWHERE {
            pool::give_back(self.first);
        }
    }
}
