//! Cells: where threads count, each in memory of its own, so that to count is a load and a store.
//!
//! ```text
//! the number of a cell        0     1     2     3   …
//!
//! thread A's sheet        [   7  |  0  |  3  |  0  | … ]   written by A alone
//! thread B's sheet        [   5  |  1  |  0  |  0  | … ]   written by B alone
//! a free sheet            [   2  |  0  |  0  |  0  | … ]   of a thread that ended; the next one counts on
//! the shared sheet        [   0  |  0  |  0  |  4  | … ]   by locked adds, of threads that have no sheet
//!                            ════
//! whoever reads cell 0:       14
//! ```
//!
//! A counter is the number of a cell; a histogram is several *spans*, runs of consecutive numbers. Whoever counts
//! finds the cell in the own sheet; whoever reads adds up the cells of one number in all sheets. Why that is right:
//!
//! - A sheet has one writer: the thread that leases it, by [`mine`]. So a load and a store lose nothing, and each
//!   cell, and so each sum, only grows.
//! - A thread that ends gives its sheet back as it is. Nothing is moved, so no reader can miss it or see it twice.
//!   The pool's lock hands it to the next thread, which counts on.
//! - A number is given to somebody else only when its [`Span`] is dropped, which whoever counts with it owns a share
//!   of: nobody counts any more, and who drops the last share sees all that the others have stored. Then it is zeroed
//!   in all sheets under the pool's lock, under which the next one gets it.
//! - A thread whose sheet is gone already (it counts in the destructor of a thread-local), that could not get one,
//!   or whose allocator counts while it gets one, adds by locked instructions: a counter to the shared sheet, a
//!   histogram to memory of its own that all threads share.
//! - Where no numbers are left a [`Span`] is [`NOWHERE`], beyond every sheet: who counts with it finds no cell, and
//!   has memory of its own that all threads share.
//!
//! A sheet is zeroed memory of which only touched pages are resident. Sheets are never freed: there are as many as
//! there were threads at once.

mod bits;
mod mine;
mod numbers;
mod pool;
mod sheet;
mod span;
mod sync;

#[cfg(all(test, loom))]
pub(crate) use mine::end_lease;
pub(crate) use mine::{lease, mine};
pub(crate) use pool::{have_run_out, shared, sheets, threads_without};
pub(crate) use sheet::Sheet;
pub(crate) use span::{NOWHERE, Span};
pub(crate) use sync::{Arc, AtomicU32, AtomicU64, Lock, Ordering, fence};
