//! A total that only grows.

use super::registered::Registered;
use crate::cells::{self, Arc, AtomicU64, NOWHERE, Ordering, Sheet, Span};

/// A total that only grows. Clones share one total.
///
/// Adding takes no lock, allocates nothing and can't fail. Each thread adds to memory of its own (its first add of all
/// gets it that), so threads that share a counter do not slow each other down. What was added is visible to
/// whoever reads next, and stays when its thread has ended. It may be added to from anywhere, also from the destructor
/// of a thread-local, by a global allocator (which must not read, make or drop one), and in a task that moves between
/// threads; but not from a signal handler, which may lose what it interrupts. Clones count on, with one total, when
/// their registry is gone. A total beyond `u64::MAX` starts over.
///
/// The default is a counter of its own, which no registry shows.
#[derive(Clone, Debug)]
pub struct Counter {
    /// The number of its cell. It is here too, so that to add is to look nowhere else.
    cell: u32,
    // `None`: of a disabled registry, or where there is none.
    core: Option<Arc<Core>>,
}

#[derive(Debug)]
struct Core {
    /// One cell.
    span: Span,
    /// The total if it has no cell.
    total: AtomicU64,
    registered: Registered,
}

impl Default for Counter {
    fn default() -> Counter {
        let (total, registered) = (AtomicU64::new(0), Registered::default());
        let core = Core { span: Span::take(0), total, registered };
        Counter { cell: core.span.first(), core: Some(Arc::new(core)) }
    }
}

// Relaxed: a total orders nothing else in memory.
impl Counter {
    /// A counter that counts nothing.
    pub(crate) const fn disabled() -> Counter {
        Counter { cell: NOWHERE, core: None }
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Adds `n`.
    #[inline]
    pub fn add(&self, n: u64) {
        if !add_in_cell(self.cell.into(), n) {
            self.add_otherwise(n);
        }
    }

    /// Adds where the thread has no sheet yet, or can't have one, or the counter has no cell.
    #[cold]
    fn add_otherwise(&self, n: u64) {
        let Some(core) = &self.core else { return };
        if self.cell == NOWHERE {
            core.total.fetch_add(n, Ordering::Relaxed);
        } else if !cells::lease().is_empty() {
            self.add(n);
        } else if let Some(cell) = cells::shared().and_then(|sheet| sheet.get(self.cell as usize)) {
            cell.fetch_add(n, Ordering::Relaxed);
        }
    }

    /// The total now.
    pub fn value(&self) -> u64 {
        let sheets = cells::sheets();
        sheets
            .iter()
            .fold(self.total_without_cell(), |sum, sheet| sum.wrapping_add(self.counted_in(sheet)))
    }

    /// What was counted in a sheet.
    #[inline]
    fn counted_in(&self, sheet: Sheet) -> u64 {
        sheet.get(self.cell as usize).map_or(0, |cell| cell.load(Ordering::Relaxed))
    }

    /// What was counted though it has no cell.
    fn total_without_cell(&self) -> u64 {
        match &self.core {
            Some(core) if self.cell == NOWHERE => core.total.load(Ordering::Relaxed),
            _ => 0,
        }
    }

    /// The number of its cell; beyond every sheet if it has none.
    pub(crate) fn cell(&self) -> u32 {
        self.cell
    }

    /// Whether there was no cell for it when it was made: then threads add to one place, which is slower.
    pub(crate) fn lacks_cells(&self) -> bool {
        self.cell == NOWHERE && self.core.is_some()
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It counts
    /// on, unseen.
    #[inline]
    pub fn is_registered(&self) -> bool {
        self.core.as_ref().is_some_and(|core| core.registered.get())
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.core.iter().for_each(|core| core.registered.set(registered));
    }
}

/// Adds in the cell of the calling thread with this number; false if it has none.
#[inline]
pub(crate) fn add_in_cell(number: u64, n: u64) -> bool {
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let Some(cell) = cells::mine().get(number) else { return false };
    // A load and a store, not a locked add: nobody else writes this cell.
    let total = cell.load(Ordering::Relaxed);
    cell.store(total.wrapping_add(n), Ordering::Relaxed);
    true
}

/// The total of each counter as it is now: added up sheet by sheet, so that memory is read in its order.
pub(crate) fn totals(counters: &[Counter]) -> Vec<u64> {
    let mut totals: Vec<_> = counters.iter().map(Counter::total_without_cell).collect();
    for sheet in cells::sheets().iter() {
        for (total, counter) in totals.iter_mut().zip(counters) {
            *total = total.wrapping_add(counter.counted_in(sheet));
        }
    }
    totals
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::thread;

    // The interpreter that knows weak memory is slow, and needs few.
    const ADDS: u64 = if cfg!(miri) { 100 } else { 100_000 };

    #[test]
    fn threads_that_come_and_go_lose_nothing_and_what_follows_in_their_cells_begins_at_zero() {
        for _ in 0..3 {
            let counter = Counter::default();
            let count = || (0..ADDS).for_each(|_| counter.inc());
            thread::scope(|scope| {
                scope.spawn(count);
                scope.spawn(|| scope.spawn(count));
                let reading = scope.spawn(|| (counter.value(), counter.value()));
                let (first, second) = reading.join().unwrap();
                assert!(first <= second && second <= 2 * ADDS, "{first}, {second}");
            });
            assert_eq!(counter.value(), 2 * ADDS);
        }
    }

    #[test]
    fn a_disabled_counter_has_no_cell_and_stays_at_zero() {
        let counter = Counter::disabled();
        counter.add(3);
        assert_eq!((counter.cell, counter.value()), (NOWHERE, 0));
    }
}

/// Every order in which the threads' steps can be seen, weak memory included, with at most three interruptions:
/// `.ci/run` runs it, and `.ci/deep` with more.
#[cfg(all(test, loom))]
mod models {
    use super::*;
    use loom::thread;

    /// Tries all orders in which threads are interrupted three times at the most, unless told otherwise by
    /// `LOOM_MAX_PREEMPTIONS`.
    fn model(threads: impl Fn() + Sync + Send + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = builder.preemption_bound.or(Some(3));
        builder.check(threads);
    }

    /// A thread that does this and ends.
    fn thread(work: impl FnOnce() + 'static) -> thread::JoinHandle<()> {
        thread::spawn(move || {
            work();
            cells::end_lease();
        })
    }

    fn add(counter: &Counter, n: u64) -> thread::JoinHandle<()> {
        let counter = counter.clone();
        thread(move || (0..n).for_each(|_| counter.inc()))
    }

    fn read_twice(counter: &Counter, most: u64) -> thread::JoinHandle<()> {
        let counter = counter.clone();
        thread(move || {
            let (first, second) = (counter.value(), counter.value());
            assert!(first <= second && second <= most, "{first}, then {second} of {most}");
        })
    }

    #[test]
    fn a_total_never_goes_down_while_a_thread_counts_and_is_exact_when_it_has_ended() {
        model(|| {
            let counter = Counter::default();
            let threads = [add(&counter, 2), read_twice(&counter, 2)];
            threads.map(|thread| thread.join().unwrap());
            assert_eq!(counter.value(), 2);
        });
    }

    #[test]
    fn nothing_is_lost_or_seen_twice_when_a_thread_ends_and_the_next_one_counts_on() {
        model(|| {
            let counter = Counter::default();
            let reading = read_twice(&counter, 2);
            add(&counter, 1).join().unwrap();
            add(&counter, 1).join().unwrap();
            reading.join().unwrap();
            assert_eq!(counter.value(), 2);
        });
    }

    #[test]
    fn two_threads_never_count_in_one_sheet() {
        model(|| {
            let counter = Counter::default();
            // Whose sheet only one of the two can have.
            add(&counter, 1).join().unwrap();
            let threads = [add(&counter, 1), add(&counter, 1)];
            threads.map(|thread| thread.join().unwrap());
            assert_eq!(counter.value(), 3);
        });
    }

    #[test]
    fn who_counts_after_giving_its_sheet_back_writes_nobodys_cell() {
        model(|| {
            let counter = Counter::default();
            let late = counter.clone();
            let ending = thread::spawn(move || {
                late.inc();
                cells::end_lease();
                late.inc();
            });
            let threads = [ending, add(&counter, 1)];
            threads.map(|thread| thread.join().unwrap());
            assert_eq!(counter.value(), 3);
        });
    }

    /// In the shared sheet, where a load and a store would lose what the other one adds.
    #[test]
    fn two_that_count_after_giving_their_sheets_back_lose_nothing() {
        model(|| {
            let counter = Counter::default();
            let late = |counter: Counter| {
                thread::spawn(move || {
                    cells::lease();
                    cells::end_lease();
                    counter.inc();
                })
            };
            let threads = [late(counter.clone()), late(counter.clone())];
            threads.map(|thread| thread.join().unwrap());
            assert_eq!(counter.value(), 2);
        });
    }

    #[test]
    fn a_cell_is_given_to_the_next_counter_only_when_nobody_counts_with_it_any_more() {
        model(|| {
            let old = Counter::default();
            let other = add(&old, 1);
            let next = thread(move || {
                old.inc();
                drop(old);
                // It has the same cell, if the other thread has ended.
                let new = Counter::default();
                new.inc();
                assert_eq!(new.value(), 1, "what the old one counted is in the new one");
            });
            [other, next].map(|thread| thread.join().unwrap());
            assert_eq!(Counter::default().value(), 0);
        });
    }
}
