//! The sheet of the calling thread.

use super::pool;
use super::sheet::Sheet;
use super::sync::local;
use std::cell::Cell;

local! {
    /// The sheet of this thread; empty while it has none.
    static MINE: Cell<Sheet> = Cell::new(&[]);
}

local! {
    /// What gives it back. Beside the other, so that the one that every count reads has no destructor.
    static LEASE: Lease = Lease { is_asked_for: Cell::new(false) };
}

/// The lease of a thread's sheet, which ends with the thread.
struct Lease {
    /// It is asked for once: to find that there is no memory for it takes long.
    is_asked_for: Cell<bool>,
}

/// The sheet in which the calling thread, and no other one, counts by loads and stores. Empty if it has none: then
/// [`lease`] gets it one.
#[inline]
pub(crate) fn mine() -> Sheet {
    // `with` never fails either, but is not inlined everywhere.
    MINE.try_with(Cell::get).unwrap_or_default()
}

/// The sheet of the calling thread, now leased if it had none. Empty if it can't have one: when its thread-locals
/// are being destroyed, when there is no memory, or when it is its allocator that counts while it leases.
#[cold]
pub(crate) fn lease() -> Sheet {
    // Not while they are destroyed.
    let _ = LEASE.try_with(Lease::begin);
    mine()
}

fn set_mine(sheet: Sheet) {
    // It is there until the very end, but for the one of models.
    let _ = MINE.try_with(|mine| mine.set(sheet));
}

impl Lease {
    fn begin(&self) {
        // Who is at the pool, and whose allocator counts for the first time while it waits for the lock there, asks later.
        if !self.is_asked_for.get() && !pool::is_inside() {
            self.is_asked_for.set(true);
            set_mine(pool::lease().unwrap_or_default());
        }
    }

    fn end(&self) {
        let sheet = mine();
        if !sheet.is_empty() {
            // First: from here on this thread does not count in it.
            set_mine(&[]);
            pool::end_lease(sheet);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end();
    }
}

/// What the end of a thread does. In models it must be said, for there a thread is joined before its thread-locals
/// are destroyed.
#[cfg(all(test, loom))]
pub(crate) fn end_lease() {
    let _ = LEASE.try_with(Lease::end);
}
