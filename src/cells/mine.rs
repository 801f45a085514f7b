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
    /// What gives it back.
    static LEASE: Lease = Lease(Cell::new(State::New));
}

/// The sheet that this thread leases, if it does. Dropped when the thread ends.
struct Lease(Cell<State>);

#[derive(Clone, Copy)]
enum State {
    New,
    Leased(Sheet),
    /// There was no memory for a sheet. It isn't asked for again, which would take long each time.
    Refused,
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
        // Whoever is at the pool already comes again later.
        if matches!(self.0.get(), State::New) && !pool::is_inside() {
            let leased = pool::lease();
            self.0.set(leased.map_or(State::Refused, State::Leased));
            set_mine(leased.unwrap_or_default());
        }
    }
}

impl Lease {
    fn end(&self) {
        if let State::Leased(sheet) = self.0.replace(State::Refused) {
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
