//! The pool that all registries of a process share: the numbers of cells, and all sheets.

use super::numbers::Numbers;
use super::sheet::{self, Sheet};
use super::sync::{AtomicBool, AtomicU64, Lock, Ordering, local};
use std::cell::Cell;
use std::sync::{Arc, OnceLock};

/// Everything that is behind the lock.
struct Pool {
    numbers: Numbers,
    /// All that threads have leased so far.
    sheets: Arc<[Sheet]>,
    /// Those that no thread leases now.
    free: Vec<Sheet>,
}

/// The sheet of those who have none. It is not behind the lock: who needs it may be at the pool.
struct Shared {
    /// There before there is any number.
    sheet: OnceLock<Sheet>,
    /// Whether anybody has asked for it: else nothing is in it.
    is_used: AtomicBool,
}

#[cfg(not(loom))]
static POOL: Lock<Option<Pool>> = Lock::new(None);
#[cfg(not(loom))]
static SHARED: Shared = Shared { sheet: OnceLock::new(), is_used: AtomicBool::new(false) };
/// Whether cells were asked for that were not there; by now there may be some again.
#[cfg(not(loom))]
static HAVE_RUN_OUT: AtomicBool = AtomicBool::new(false);
/// How many threads asked for a sheet, and there was no memory for it.
#[cfg(not(loom))]
static THREADS_WITHOUT: AtomicU64 = AtomicU64::new(0);
#[cfg(loom)]
loom::lazy_static! {
    static ref POOL: Lock<Option<Pool>> = Lock::new(None);
    static ref SHARED: Shared = Shared { sheet: OnceLock::new(), is_used: AtomicBool::new(false) };
    static ref HAVE_RUN_OUT: AtomicBool = AtomicBool::new(false);
    static ref THREADS_WITHOUT: AtomicU64 = AtomicU64::new(0);
}

local! {
    /// Whether this thread is at the pool. It may come a second time if its allocator counts, and would wait for
    /// itself.
    static INSIDE: Cell<bool> = Cell::new(false);
}

/// Does the work under the lock; `None` if this thread is there already, as in an allocator that is asked for memory
/// there. What that makes has no cells, what it drops keeps them for ever, and what it reads is without any sheet.
fn with_pool<T>(work: impl FnOnce(&mut Pool) -> T) -> Option<T> {
    if is_inside() {
        return None;
    }
    set_inside(true);
    let done = POOL.with(|pool| work(pool.get_or_insert_with(Pool::new)));
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
    let first = with_pool(|pool| pool.take(bits)).flatten();
    if first.is_none() {
        HAVE_RUN_OUT.store(true, Ordering::Relaxed);
    }
    first
}

/// Whether cells were asked for that were not there.
pub(crate) fn have_run_out() -> bool {
    HAVE_RUN_OUT.load(Ordering::Relaxed)
}

/// Takes a span back with which nobody counts any more.
pub(super) fn give_back(first: u32) {
    with_pool(|pool| pool.give_back(first));
}

/// A sheet for a thread to count in, as somebody left it; `None` if there is no memory for one.
pub(super) fn lease() -> Option<Sheet> {
    let leased = with_pool(Pool::lease).flatten();
    if leased.is_none() {
        THREADS_WITHOUT.fetch_add(1, Ordering::Relaxed);
    }
    leased
}

/// How many threads asked for a sheet, and there was no memory for it.
pub(crate) fn threads_without() -> u64 {
    THREADS_WITHOUT.load(Ordering::Relaxed)
}

/// Takes a sheet back from its thread, which counts no more in it.
pub(super) fn end_lease(sheet: Sheet) {
    with_pool(|pool| pool.free.push(sheet));
}

/// The sheet to which threads without one add by locked instructions. Whoever has a span finds it.
pub(crate) fn shared() -> Option<Sheet> {
    SHARED.is_used.store(true, Ordering::Relaxed);
    SHARED.sheet.get().copied()
}

/// All sheets in which something was counted before now.
pub(crate) fn sheets() -> Sheets {
    let leased = with_pool(|pool| Arc::clone(&pool.sheets)).unwrap_or_default();
    let shared = SHARED.sheet.get().filter(|_| SHARED.is_used.load(Ordering::Relaxed));
    Sheets { leased, shared: shared.copied() }
}

/// All sheets of one moment, the shared one only if something may be in it.
pub(crate) struct Sheets {
    leased: Arc<[Sheet]>,
    shared: Option<Sheet>,
}

impl Sheets {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Sheet> {
        self.leased.iter().copied().chain(self.shared)
    }
}

impl Pool {
    fn new() -> Pool {
        Pool { numbers: Numbers::new(), sheets: Arc::default(), free: Vec::new() }
    }

    fn take(&mut self, bits: u8) -> Option<u32> {
        if SHARED.sheet.get().is_none() {
            // Nobody else sets it: this is under the lock.
            let _ = SHARED.sheet.set(sheet::new()?);
        }
        self.numbers.take(bits)
    }

    fn give_back(&mut self, first: u32) {
        // Relaxed: the lock hands the zeros to whoever gets these numbers next, and to whoever counts for it.
        let cells = first as usize..first as usize + (1 << self.numbers.bits(first));
        let all = self.sheets.iter().chain(SHARED.sheet.get());
        let given_back = all.filter_map(|sheet| sheet.get(cells.clone())).flatten();
        // A page that nobody has touched stays so.
        let touched = given_back.filter(|cell| cell.load(Ordering::Relaxed) != 0);
        touched.for_each(|cell| cell.store(0, Ordering::Relaxed));
        self.numbers.give_back(first);
    }

    fn lease(&mut self) -> Option<Sheet> {
        if let Some(sheet) = self.free.pop() {
            return Some(sheet);
        }
        let new = sheet::new()?;
        self.sheets = self.sheets.iter().copied().chain([new]).collect();
        Some(new)
    }
}
