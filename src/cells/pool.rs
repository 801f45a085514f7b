//! The pool that all registries of a process share: the numbers of cells, and all sheets.

use super::numbers::Numbers;
use super::sheet::{self, Sheet};
use super::sync::{Lock, Ordering, local};
use std::cell::Cell;
use std::sync::Arc;

/// Everything that is behind the lock.
struct Pool {
    numbers: Numbers,
    /// All that were ever made. The first is the shared one, without which there are no numbers.
    sheets: Option<Arc<[Sheet]>>,
    /// Those that no thread leases.
    free: Vec<Sheet>,
    /// Whether the shared one was ever asked for: else nothing is in it.
    is_shared: bool,
}

#[cfg(not(loom))]
static POOL: Lock<Pool> = Lock::new(Pool::new());
#[cfg(loom)]
loom::lazy_static! {
    static ref POOL: Lock<Pool> = Lock::new(Pool::new());
}

local! {
    /// Whether this thread is at the pool. It may come a second time if its allocator counts, and would wait for
    /// itself.
    static INSIDE: Cell<bool> = Cell::new(false);
}

/// Does the work under the lock; `None` if this thread is there already.
fn with_pool<T>(work: impl FnOnce(&mut Pool) -> T) -> Option<T> {
    if is_inside() {
        return None;
    }
    set_inside(true);
    let done = POOL.with(work);
    set_inside(false);
    Some(done)
}

/// Whether this thread is at the pool.
pub(super) fn is_inside() -> bool {
    INSIDE.try_with(Cell::get).unwrap_or_default()
}

fn set_inside(is_inside: bool) {
    // It is there until the very end, but for the one of models.
    let _ = INSIDE.try_with(|inside| inside.set(is_inside));
}

/// The first number of a span of two to the power of `bits`, whose cells are zero in all sheets.
pub(super) fn take(bits: u8) -> Option<u32> {
    with_pool(|pool| pool.take(bits)).flatten()
}

/// Takes a span back with which nobody counts any more.
pub(super) fn give_back(first: u32) {
    with_pool(|pool| pool.give_back(first));
}

/// A sheet for a thread to count in, as somebody left it; `None` if there is no memory for one.
pub(super) fn lease() -> Option<Sheet> {
    with_pool(Pool::lease).flatten()
}

/// Takes a sheet back from its thread, which counts no more in it.
pub(super) fn end_lease(sheet: Sheet) {
    with_pool(|pool| pool.free.push(sheet));
}

/// The sheet to which threads without one add by locked instructions. Whoever has a span finds it.
pub(crate) fn shared() -> Option<Sheet> {
    with_pool(Pool::shared).flatten()
}

/// All sheets in which something was counted before now.
pub(crate) fn sheets() -> Sheets {
    with_pool(Pool::sheets).unwrap_or_default()
}

/// All sheets of one moment, without the shared one if nothing is in it.
#[derive(Default)]
pub(crate) struct Sheets {
    all: Option<Arc<[Sheet]>>,
    skipped: usize,
}

impl Sheets {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Sheet> {
        let all = self.all.iter().flat_map(|sheets| sheets.iter().copied());
        all.skip(self.skipped)
    }

    /// Adds what they have in the cells from this number on to the sums, which stop at `u64::MAX`. Whoever reads a
    /// count sees what was stored before it.
    pub(crate) fn add_up(&self, first: u32, sums: &mut [u64]) {
        for sheet in self.iter() {
            let cells = sheet.get(first as usize..).unwrap_or_default();
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum = sum.saturating_add(cell.load(Ordering::Acquire));
            }
        }
    }
}

impl Pool {
    const fn new() -> Pool {
        Pool { numbers: Numbers::new(), sheets: None, free: Vec::new(), is_shared: false }
    }

    fn take(&mut self, bits: u8) -> Option<u32> {
        self.make_shared()?;
        self.numbers.take(bits)
    }

    /// The first one that is made is the shared one, whoever comes first.
    fn make_shared(&mut self) -> Option<()> {
        match self.sheets {
            Some(_) => Some(()),
            None => self.make().map(drop),
        }
    }

    fn give_back(&mut self, first: u32) {
        // Relaxed: the lock hands the zeros to whoever gets these numbers next, and to whoever counts for it.
        let cells = first as usize..first as usize + (1 << self.numbers.bits(first));
        let all = self.sheets.iter().flat_map(|sheets| sheets.iter());
        let given_back = all.filter_map(|sheet| sheet.get(cells.clone())).flatten();
        // A page that nobody has touched stays so.
        let touched = given_back.filter(|cell| cell.load(Ordering::Relaxed) != 0);
        touched.for_each(|cell| cell.store(0, Ordering::Relaxed));
        self.numbers.give_back(first);
    }

    fn sheets(&mut self) -> Sheets {
        Sheets { all: self.sheets.clone(), skipped: usize::from(!self.is_shared) }
    }

    fn shared(&mut self) -> Option<Sheet> {
        self.is_shared = true;
        self.sheets.as_ref()?.first().copied()
    }

    fn lease(&mut self) -> Option<Sheet> {
        self.make_shared()?;
        self.free.pop().or_else(|| self.make())
    }

    fn make(&mut self) -> Option<Sheet> {
        let new = sheet::new()?;
        let sheets = self.sheets.iter().flat_map(|sheets| sheets.iter().copied());
        self.sheets = Some(sheets.chain([new]).collect());
        Some(new)
    }
}
