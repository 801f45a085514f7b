//! What threads share memory by: the standard library's, or, in models of it, what tries every order of steps.

#[cfg(loom)]
pub(crate) use loom::sync::Arc;
#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};
// That of the standard library has room for a count of weak ones too, eight bytes in each series.
#[cfg(not(loom))]
pub(crate) use triomphe::Arc;

// That of `parking_lot` is known to neither of the two interpreters.
#[cfg(loom)]
use loom::sync::Mutex;
#[cfg(all(miri, not(loom)))]
use std::sync::Mutex;

/// A lock without poisoning.
#[derive(Debug)]
pub(crate) struct Lock<T> {
    #[cfg(any(loom, miri))]
    mutex: Mutex<T>,
    #[cfg(not(any(loom, miri)))]
    mutex: parking_lot::Mutex<T>,
}

impl<T> Lock<T> {
    #[cfg(not(any(loom, miri)))]
    pub(crate) const fn new(value: T) -> Lock<T> {
        Lock { mutex: parking_lot::Mutex::new(value) }
    }

    #[cfg(all(miri, not(loom)))]
    pub(crate) const fn new(value: T) -> Lock<T> {
        Lock { mutex: Mutex::new(value) }
    }

    #[cfg(loom)]
    pub(crate) fn new(value: T) -> Lock<T> {
        Lock { mutex: Mutex::new(value) }
    }

    /// Does the work while no other thread does any here.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        #[cfg(not(any(loom, miri)))]
        return work(&mut self.mutex.lock());
        #[cfg(any(loom, miri))]
        return work(&mut self.mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

/// A thread-local that needs no initialisation, and if its type has no destructor is there until the very end.
macro_rules! local {
    ($(#[$meta:meta])* static $NAME:ident: $T:ty = $init:expr;) => {
        #[cfg(not(loom))]
        thread_local! {
            $(#[$meta])* static $NAME: $T = const { $init };
        }
        #[cfg(loom)]
        loom::thread_local! {
            $(#[$meta])* static $NAME: $T = $init;
        }
    };
}
pub(super) use local;
