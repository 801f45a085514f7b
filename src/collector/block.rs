//! A block of counters with one writer, of which any reader gets a consistent cut.
//!
//! The block is a sequence number and some cells. The writer makes the number odd, changes cells,
//! and makes it even again; a reader copies the cells between two looks at the number and tries again
//! if it was odd or has changed. The writer never waits and never retries. That there is one writer
//! is in the types: [`Pen`] can't be cloned and counts through `&mut self`.
//!
//! Everything is an atomic, so that a torn copy is only thrown away, never undefined behaviour.
//!
//! Blocks lie inside of what they are the counters of, so that a collector finds both in one place.

use crate::cells::{AtomicU64, Ordering, fence};
use std::sync::Arc;

/// 128 bytes: a pair of cache lines, which processors fetch together.
#[repr(align(128))]
#[derive(Debug)]
pub(super) struct Block<const N: usize> {
    sequence: AtomicU64,
    cells: [AtomicU64; N],
}

/// The bit of the sequence number that says that the pen was taken; counting never gets that far.
const TAKEN: u64 = 1 << 63;

/// What holds a block of `N` cells.
pub(super) trait Holds<const N: usize> {
    fn block(&self) -> &Block<N>;
}

/// The one writer of a block, which keeps alive what holds it.
#[derive(Debug)]
pub(super) struct Pen<H, const N: usize> {
    holder: Arc<H>,
}

/// The cells of a block while its sequence number is odd.
pub(super) struct Cells<'a, const N: usize>(&'a [AtomicU64; N]);

impl<H: Holds<N>, const N: usize> Pen<H, N> {
    /// The pen of the holder's block; `None` if it was taken before.
    pub(super) fn take(holder: Arc<H>) -> Option<Self> {
        // Relaxed: it is only asked who was first. There is no pen yet that would write beside this.
        let before = holder.block().sequence.fetch_or(TAKEN, Ordering::Relaxed);
        (before & TAKEN == 0).then_some(Pen { holder })
    }

    /// What holds the block.
    #[inline]
    pub(super) fn holder(&self) -> &Arc<H> {
        &self.holder
    }

    /// Changes cells, with a look at the holder, so that every reader sees all of the changes or none.
    #[inline]
    pub(super) fn update(&mut self, change: impl FnOnce(&H, Cells<'_, N>)) {
        let Block { sequence, cells } = self.holder.block();
        let even = sequence.load(Ordering::Relaxed);
        sequence.store(even.wrapping_add(1), Ordering::Relaxed);
        // Whoever sees one of the changes sees the odd number too.
        fence(Ordering::Release);
        change(&self.holder, Cells(cells));
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

impl<const N: usize> Block<N> {
    /// A block of zeros, whose pen is not taken.
    pub(super) fn new() -> Self {
        let cells = std::array::from_fn(|_| AtomicU64::new(0));
        Block { sequence: AtomicU64::new(0), cells }
    }

    /// All cells as of one instant, with what `also` reads at that instant, or `None` if the writer
    /// is in mid-update.
    pub(super) fn try_cut<T>(&self, also: impl FnOnce() -> T) -> Option<([u64; N], T)> {
        let (cut, is_whole) = self.try_read(|cells| (cells, also()));
        is_whole.then_some(cut)
    }

    /// What `read` makes of all cells, and whether they and what it reads itself are of one instant: if
    /// not, the writer was in mid-update, and what was made is to be thrown away.
    #[inline]
    pub(super) fn try_read<T>(&self, read: impl FnOnce([u64; N]) -> T) -> (T, bool) {
        let before = self.sequence.load(Ordering::Acquire);
        let made = read(self.copy());
        // The copy is made before the second look.
        fence(Ordering::Acquire);
        let after = self.sequence.load(Ordering::Relaxed);
        (made, before == after && before.is_multiple_of(2))
    }

    #[inline]
    fn copy(&self) -> [u64; N] {
        std::array::from_fn(|cell| self.cells[cell].load(Ordering::Relaxed))
    }
}

/// A block that is on its own.
#[cfg(test)]
impl<const N: usize> Holds<N> for Block<N> {
    fn block(&self) -> &Block<N> {
        self
    }
}

/// Every order in which two threads' steps can be seen, weak memory included: `.ci/run` runs it.
#[cfg(all(test, loom))]
mod models {
    use super::*;

    #[test]
    fn no_order_of_steps_gives_a_torn_cut() {
        loom::model(|| {
            let block = Arc::new(Block::<2>::new());
            let mut pen = Pen::take(Arc::clone(&block)).unwrap();
            // Both on threads of their own: loom does not vary the order of its main thread's steps.
            let writing = loom::thread::spawn(move || {
                for _ in 0..2 {
                    pen.update(|_, cells| {
                        cells.add(0, 1);
                        cells.add(1, 7);
                    });
                }
            });
            let reading = loom::thread::spawn(move || {
                if let Some(([records, bytes], ())) = block.try_cut(|| ()) {
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

    fn written<const N: usize>() -> (Pen<Block<N>, N>, Arc<Block<N>>) {
        let block = Arc::new(Block::new());
        (Pen::take(Arc::clone(&block)).unwrap(), block)
    }

    /// Runs `look` on a block whose writer never rests, until it returns false.
    fn beside_a_writer(mut look: impl FnMut(&Block<2>) -> bool) {
        let (mut pen, block) = written();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    pen.update(|_, cells| {
                        cells.add(RECORDS, 1);
                        cells.add(BYTES, BYTES_PER_RECORD);
                    });
                }
            });
            // Also when `look` panics: the writer would never end.
            let _stop = Stop(&stop);
            while look(&block) {}
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

    /// Makes so many cuts beside a writer, and looks at each.
    fn check_cuts(wanted: u64) {
        let (mut cuts, mut last, mut moved) = (0_u64, 0, 0_u64);
        beside_a_writer(|block| {
            if let Some((cells, ())) = block.try_cut(|| ()) {
                assert!(is_whole(cells), "a torn cut: {cells:?}");
                cuts += 1;
                moved += u64::from(cells[RECORDS] != last);
                last = cells[RECORDS];
            }
            // Only cuts that differ show that the writer was at work meanwhile.
            cuts < wanted || moved < wanted / 10_000
        });
    }

    #[test]
    fn ten_million_cuts_beside_a_writer_are_whole() {
        check_cuts(CUTS);
    }

    /// Some seconds when optimised, minutes when not: `.ci/deep` runs it.
    #[test]
    #[ignore = "takes long"]
    fn half_a_billion_cuts_beside_a_writer_are_whole() {
        check_cuts(50 * CUTS);
    }

    #[test]
    fn without_the_sequence_check_some_cuts_are_torn() {
        let mut copies = 0_u64;
        let mut torn = 0_u64;
        beside_a_writer(|block| {
            torn += u64::from(!is_whole(block.copy()));
            copies += 1;
            torn == 0 && copies < 1_000_000_000
        });
        assert!(torn > 0, "no torn copy in {copies}: the check of whole cuts proves nothing");
    }

    #[test]
    fn a_writer_in_mid_update_gives_no_cut() {
        let (mut pen, block) = written::<2>();
        pen.update(|_, cells| {
            cells.add(RECORDS, 1);
            assert!(block.try_cut(|| ()).is_none());
        });
        assert_eq!(block.try_cut(|| ()), Some(([1, 0], ())));
    }

    #[test]
    fn a_block_has_one_pen_and_counts_with_it_as_without() {
        let block = Arc::new(Block::<1>::new());
        assert_eq!(block.try_cut(|| ()), Some(([0], ())));
        let pens = [(); 3].map(|()| Pen::take(Arc::clone(&block)));
        assert!(matches!(pens, [Some(_), None, None]));
        assert_eq!(block.try_cut(|| ()), Some(([0], ())));
    }

    #[test]
    fn a_cell_stops_at_the_largest_number() {
        let (mut pen, block) = written::<1>();
        pen.update(|_, cells| cells.set(0, u64::MAX - 1));
        pen.update(|_, cells| cells.add(0, 5));
        assert_eq!(block.try_cut(|| ()), Some(([u64::MAX], ())));
    }
}
