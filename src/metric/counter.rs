//! A total that only grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A total that only grows. Clones share one total.
///
/// Adding takes no lock, allocates nothing and can't fail. A total beyond `u64::MAX` starts over.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    total: Arc<AtomicU64>,
}

// Relaxed: a total orders nothing else in memory.
impl Counter {
    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Adds `n`.
    #[inline]
    pub fn add(&self, n: u64) {
        self.total.fetch_add(n, Ordering::Relaxed);
    }

    /// The total now.
    pub fn value(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }
}
