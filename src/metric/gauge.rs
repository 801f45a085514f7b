//! A level that goes up and down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A level, as an `f64`: 0 at first. Clones share one level.
///
/// No call takes a lock, allocates or can fail. What is set is kept as given, NaN and infinities too.
#[derive(Clone, Debug, Default)]
pub struct Gauge {
    bits: Arc<AtomicU64>,
}

// Relaxed: a level orders nothing else in memory.
impl Gauge {
    /// Sets the level; of several writers the last one wins.
    #[inline]
    pub fn set(&self, level: f64) {
        self.bits.store(level.to_bits(), Ordering::Relaxed);
    }

    /// Raises the level by `amount`; no such change is lost to another one.
    #[inline]
    pub fn add(&self, amount: f64) {
        let mut bits = self.bits.load(Ordering::Relaxed);
        while let Err(newer) = self.bits.compare_exchange_weak(
            bits,
            (f64::from_bits(bits) + amount).to_bits(),
            Ordering::Relaxed,
            Ordering::Relaxed,
        ) {
            bits = newer;
        }
    }

    /// Lowers the level by `amount`.
    #[inline]
    pub fn sub(&self, amount: f64) {
        self.add(-amount);
    }

    /// The level now.
    pub fn value(&self) -> f64 {
        f64::from_bits(self.bits.load(Ordering::Relaxed))
    }
}
