//! A block of counters with one writer, of which any reader gets a consistent cut.
//!
//! The block is a sequence number and some cells. The writer makes the number odd, changes cells,
//! and makes it even again; a reader copies the cells between two looks at the number and tries again
//! if it was odd or has changed. The writer never waits and never retries. That there is one writer
//! is in the types: [`Pen`] can't be cloned and counts through `&mut self`.
//!
//! Everything is an atomic, so that a torn copy is only thrown away, never undefined behaviour.

#[cfg(loom)]
use loom::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::Arc;
#[cfg(not(loom))]
use std::sync::atomic::{AtomicU64, Ordering, fence};

/// 128 bytes: a pair of cache lines, which processors fetch together.
#[repr(align(128))]
#[derive(Debug)]
pub(super) struct Block<const N: usize> {
    sequence: AtomicU64,
    cells: [AtomicU64; N],
}

/// A new block of zeros: the end that writes, and the end that reads.
pub(super) fn block<const N: usize>() -> (Pen<N>, View<N>) {
    let cells = std::array::from_fn(|_| AtomicU64::new(0));
    let block = Arc::new(Block { sequence: AtomicU64::new(0), cells });
    (Pen { block: Arc::clone(&block) }, View { block })
}

/// The one writer of a block.
#[derive(Debug)]
pub(super) struct Pen<const N: usize> {
    block: Arc<Block<N>>,
}

/// Any number of readers of a block.
#[derive(Clone, Debug)]
pub(super) struct View<const N: usize> {
    block: Arc<Block<N>>,
}

/// The cells of a block while its sequence number is odd.
pub(super) struct Cells<'a, const N: usize>(&'a [AtomicU64; N]);

impl<const N: usize> Pen<N> {
    /// Changes cells so that every reader sees all of the changes or none.
    #[inline]
    pub(super) fn update(&mut self, change: impl FnOnce(Cells<'_, N>)) {
        let Block { sequence, cells } = &*self.block;
        let even = sequence.load(Ordering::Relaxed);
        sequence.store(even.wrapping_add(1), Ordering::Relaxed);
        // Whoever sees one of the changes sees the odd number too.
        fence(Ordering::Release);
        change(Cells(cells));
        // Whoever sees the even number sees all of the changes.
        sequence.store(even.wrapping_add(2), Ordering::Release);
    }
}

// A load and a store, not a locked add: nobody else writes these cells.
impl<const N: usize> Cells<'_, N> {
    /// Adds `n` to a cell, stopping at `u64::MAX`.
    #[inline]
    pub(super) fn add(&self, cell: usize, n: u64) {
        self.set(cell, self.get(cell).saturating_add(n));
    }

    #[inline]
    pub(super) fn set(&self, cell: usize, value: u64) {
        self.0[cell].store(value, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn get(&self, cell: usize) -> u64 {
        self.0[cell].load(Ordering::Relaxed)
    }
}

impl<const N: usize> View<N> {
    /// All cells as of one instant, with what `also` reads at that instant, or `None` if the writer
    /// is in mid-update.
    pub(super) fn try_cut<T>(&self, also: impl FnOnce() -> T) -> Option<([u64; N], T)> {
        let before = self.block.sequence.load(Ordering::Acquire);
        let cut = (self.copy(), also());
        // The copy is made before the second look.
        fence(Ordering::Acquire);
        let after = self.block.sequence.load(Ordering::Relaxed);
        (before == after && before.is_multiple_of(2)).then_some(cut)
    }

    fn copy(&self) -> [u64; N] {
        std::array::from_fn(|cell| self.block.cells[cell].load(Ordering::Relaxed))
    }
}

/// Every order in which two threads' steps can be seen, weak memory included: `.ci/run` runs it.
#[cfg(all(test, loom))]
mod models {
    use super::*;

    #[test]
    fn no_order_of_steps_gives_a_torn_cut() {
        loom::model(|| {
            let (mut pen, view) = block::<2>();
            // Both on threads of their own: loom does not vary the order of its main thread's steps.
            let writing = loom::thread::spawn(move || {
                for _ in 0..2 {
                    pen.update(|cells| {
                        cells.add(0, 1);
                        cells.add(1, 7);
                    });
                }
            });
            let reading = loom::thread::spawn(move || {
                if let Some(([records, bytes], ())) = view.try_cut(|| ()) {
                    assert_eq!(bytes, records * 7, "a torn cut");
                }
            });
            writing.join().unwrap();
            reading.join().unwrap();
        });
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    const RECORDS: usize = 0;
    const BYTES: usize = 1;
    const BYTES_PER_RECORD: u64 = 7;
    // The interpreter that knows weak memory is slow, and needs few.
    const CUTS: u64 = if cfg!(miri) { 1000 } else { 10_000_000 };

    /// Runs `look` on a block whose writer never rests, until it returns false.
    fn beside_a_writer(mut look: impl FnMut(&View<2>) -> bool) {
        let (mut pen, view) = block::<2>();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    pen.update(|cells| {
                        cells.add(RECORDS, 1);
                        cells.add(BYTES, BYTES_PER_RECORD);
                    });
                }
            });
            // Also when `look` panics: the writer would never end.
            let _stop = Stop(&stop);
            while look(&view) {}
        });
    }

    struct Stop<'a>(&'a AtomicBool);

    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    fn is_whole(cells: [u64; 2]) -> bool {
        cells[BYTES] == cells[RECORDS] * BYTES_PER_RECORD
    }

    #[test]
    fn ten_million_cuts_beside_a_writer_are_whole() {
        let (mut cuts, mut last, mut moved) = (0_u64, 0, 0_u64);
        beside_a_writer(|view| {
            if let Some((cells, ())) = view.try_cut(|| ()) {
                assert!(is_whole(cells), "a torn cut: {cells:?}");
                cuts += 1;
                moved += u64::from(cells[RECORDS] != last);
                last = cells[RECORDS];
            }
            // Only cuts that differ show that the writer was at work meanwhile.
            cuts < CUTS || moved < CUTS / 10_000
        });
    }

    #[test]
    fn without_the_sequence_check_some_cuts_are_torn() {
        let mut copies = 0_u64;
        let mut torn = 0_u64;
        beside_a_writer(|view| {
            torn += u64::from(!is_whole(view.copy()));
            copies += 1;
            torn == 0 && copies < 1_000_000_000
        });
        assert!(torn > 0, "no torn copy in {copies}: the check of whole cuts proves nothing");
    }

    #[test]
    fn a_writer_in_mid_update_gives_no_cut() {
        let (mut pen, view) = block::<2>();
        pen.update(|cells| {
            cells.add(RECORDS, 1);
            assert!(view.try_cut(|| ()).is_none());
        });
        assert_eq!(view.try_cut(|| ()), Some(([1, 0], ())));
    }

    #[test]
    fn a_cell_stops_at_the_largest_number() {
        let (mut pen, view) = block::<1>();
        pen.update(|cells| cells.set(0, u64::MAX - 1));
        pen.update(|cells| cells.add(0, 5));
        assert_eq!(view.try_cut(|| ()), Some(([u64::MAX], ())));
    }
}
