//! By which mark call sites know a registry.

use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers are below it, and two marks differ by it or more: so a mark and a number are told from any other two.
pub(super) const NUMBERS: u64 = 1 << 24;

/// The mark of a registry, until something is taken out of it: then it gets another one. None is used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64);

impl Mark {
    /// That of whoever comes when all are used up, after 2^40 of them: for it nothing is ever remembered.
    pub(super) const NONE: Mark = Mark(0);

    /// One that nobody has had.
    pub(super) fn next() -> Mark {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // Relaxed: only that all are different matters.
        let next = LAST
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| last.checked_add(NUMBERS));
        next.map_or(Mark::NONE, |last| Mark(last + NUMBERS))
    }

    #[inline]
    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    #[inline]
    pub(super) const fn of_bits(bits: u64) -> Mark {
        Mark(bits)
    }
}
