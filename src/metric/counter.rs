//! A total that only grows.

use super::registered::Registered;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A total that only grows. Clones share one total.
///
/// Adding takes no lock, allocates nothing and can't fail. A total beyond `u64::MAX` starts over.
///
/// The default is a counter of its own, which no registry shows.
#[derive(Clone, Debug)]
pub struct Counter {
    // `None`: of a disabled registry.
    core: Option<Arc<Core>>,
}

#[derive(Debug, Default)]
struct Core {
    total: AtomicU64,
    registered: Registered,
}

impl Default for Counter {
    fn default() -> Counter {
        Counter { core: Some(Arc::default()) }
    }
}

// Relaxed: a total orders nothing else in memory.
impl Counter {
    /// A counter that counts nothing.
    pub(crate) const fn disabled() -> Counter {
        Counter { core: None }
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Adds `n`.
    #[inline]
    pub fn add(&self, n: u64) {
        if let Some(core) = &self.core {
            core.total.fetch_add(n, Ordering::Relaxed);
        }
    }

    /// The total now.
    pub fn value(&self) -> u64 {
        self.core.as_ref().map_or(0, |core| core.total.load(Ordering::Relaxed))
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It counts
    /// on, unseen.
    pub fn is_registered(&self) -> bool {
        self.core.as_ref().is_some_and(|core| core.registered.get())
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.core.iter().for_each(|core| core.registered.set(registered));
    }
}
