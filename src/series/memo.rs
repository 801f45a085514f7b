//! What a call site remembers of a registry: the epoch of that, and the number of its metric, in one word.

use super::epoch::{ELSEWHERE, Epoch};
use crate::cells::{AtomicU64, Ordering};

/// What a call site remembers.
#[derive(Debug)]
pub(super) struct Memo {
    /// An epoch, and the number that was noted with it.
    word: AtomicU64,
}

/// The word of one who remembers nothing.
const NOTHING: u64 = u64::MAX;

impl Memo {
    /// (In models an atomic can't be made so.)
    #[cfg(not(loom))]
    pub(super) const fn new() -> Memo {
        Memo { word: AtomicU64::new(NOTHING) }
    }

    /// The number that was noted in this epoch; else something beyond all numbers.
    #[inline]
    pub(super) fn number(&self, epoch: Epoch) -> u64 {
        // Acquire: who finds the number of a cell finds the zero that is in it. One subtraction says all, since two
        // epochs differ by as much as there are numbers, or more.
        self.word.load(Ordering::Acquire).wrapping_sub(epoch.bits())
    }

    pub(super) fn note(&self, epoch: Epoch, number: u32) {
        if epoch != Epoch::NONE {
            let number = u64::from(number).min(u64::from(ELSEWHERE));
            self.word.store(epoch.bits() + number, Ordering::Release);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::epoch::{DEAD, NUMBERS};
    use super::*;

    #[test]
    fn a_number_is_found_in_its_own_epoch_only() {
        let memo = Memo::new();
        let [first, second] = [Epoch::next(), Epoch::next()];
        let last = Epoch::of_bits(u64::MAX - NUMBERS + 1);
        let all = [first, second, last, Epoch::NONE];
        let found = |epoch| usize::try_from(memo.number(epoch)).unwrap_or(usize::MAX);
        assert!(all.iter().all(|epoch| found(*epoch) >= ELSEWHERE as usize));
        for epoch in [first, second, last] {
            for number in [0, 5, DEAD, ELSEWHERE] {
                memo.note(epoch, number);
                assert_eq!(found(epoch), number as usize);
                let others = all.iter().filter(|other| **other != epoch);
                assert!(others.clone().all(|other| found(*other) > ELSEWHERE as usize));
            }
        }
        memo.note(first, u32::MAX);
        assert_eq!(found(first), ELSEWHERE as usize);
        memo.note(Epoch::NONE, 7);
        assert_eq!(found(first), ELSEWHERE as usize);
    }
}

/// Every order in which the threads' steps can be seen, weak memory included, with at most three interruptions:
/// `.ci/run` runs it, and `.ci/deep` with more.
#[cfg(all(test, loom))]
mod models {
    use super::super::epoch::NUMBERS;
    use super::*;
    use crate::cells;
    use crate::metric::{Counter, add_in_cell};
    use loom::sync::Arc;
    use loom::thread;

    #[test]
    fn who_finds_the_number_of_a_cell_here_finds_it_zeroed() {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = builder.preemption_bound.or(Some(3));
        builder.check(|| {
            let memo = Arc::new(Memo { word: AtomicU64::new(NOTHING) });
            let (epoch, old) = (Epoch::of_bits(NUMBERS), Counter::default());
            let counting = {
                let (memo, old) = (Arc::clone(&memo), old.clone());
                thread::spawn(move || {
                    old.inc();
                    drop(old);
                    let is_found = add_in_cell(memo.number(epoch), 1);
                    cells::end_lease();
                    u64::from(is_found)
                })
            };
            // Which has the cell of the old one, if that is free by now.
            drop(old);
            let new = Counter::default();
            memo.note(epoch, new.cell());
            let counted = counting.join().unwrap();
            assert_eq!(new.value(), counted, "what the old one counted is in the new one");
        });
    }
}
