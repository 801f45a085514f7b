//! A registry's epochs, and how one lies in a word with a number.

use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers are below it, and two epochs differ by it or more: so an epoch and a number are told from any other two.
pub(super) const NUMBERS: u64 = 1 << 24;
/// The number of a metric that counts nothing.
pub(super) const DEAD: u32 = NUMBERS as u32 - 2;
/// Stored when the number doesn't fit: the site asks the pins each time.
pub(super) const ELSEWHERE: u32 = NUMBERS as u32 - 1;

/// A registry's epoch: it ends when something is taken out. An epoch is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

impl Epoch {
    /// That of whoever comes when all are used up, after 2^40 of them: for it nothing is ever remembered.
    pub(super) const NONE: Epoch = Epoch(0);

    /// One that nobody has had.
    pub(super) fn next() -> Epoch {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // Relaxed: only that all are different matters.
        let next = LAST
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| last.checked_add(NUMBERS));
        next.map_or(Epoch::NONE, |last| Epoch(last + NUMBERS))
    }

    #[inline]
    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    #[inline]
    pub(super) const fn of_bits(bits: u64) -> Epoch {
        Epoch(bits)
    }
}
