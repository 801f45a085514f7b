//! What threads share memory by: the standard library's, or, in models of it, what tries every order of steps.

#[cfg(loom)]
pub(crate) use loom::sync::Arc;
#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
#[cfg(not(loom))]
pub(crate) use std::sync::Arc;
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicU64, Ordering};

/// A lock without poisoning.
pub(super) struct Lock<T> {
    #[cfg(not(loom))]
    mutex: parking_lot::Mutex<T>,
    #[cfg(loom)]
    mutex: loom::sync::Mutex<T>,
}

impl<T> Lock<T> {
    #[cfg(not(loom))]
    pub(super) const fn new(value: T) -> Lock<T> {
        Lock { mutex: parking_lot::Mutex::new(value) }
    }

    #[cfg(loom)]
    pub(super) fn new(value: T) -> Lock<T> {
        Lock { mutex: loom::sync::Mutex::new(value) }
    }

    pub(super) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        #[cfg(not(loom))]
        return work(&mut self.mutex.lock());
        #[cfg(loom)]
        return work(&mut self.mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
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
