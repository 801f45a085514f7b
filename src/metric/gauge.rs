//! A level that goes up and down.

use super::registered::Registered;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A level, as an `f64`: 0 at first. Clones share one level.
///
/// No call takes a lock, allocates or can fail. What is set is kept as given, NaN and infinities too.
///
/// The default is a gauge of its own, which no registry shows.
#[derive(Clone, Debug)]
pub struct Gauge {
    // `None`: of a disabled registry.
    core: Option<Arc<Core>>,
}

#[derive(Debug, Default)]
struct Core {
    bits: AtomicU64,
    registered: Registered,
}

impl Default for Gauge {
    fn default() -> Gauge {
        Gauge { core: Some(Arc::default()) }
    }
}

// Relaxed: a level orders nothing else in memory.
impl Gauge {
    /// A gauge that stays at 0.
    pub(crate) const fn disabled() -> Gauge {
        Gauge { core: None }
    }

    /// Sets the level; of several writers the last one wins.
    #[inline]
    pub fn set(&self, level: f64) {
        if let Some(core) = &self.core {
            core.bits.store(level.to_bits(), Ordering::Relaxed);
        }
    }

    /// Raises the level by `amount`; no such change is lost to another one.
    #[inline]
    pub fn add(&self, amount: f64) {
        let Some(core) = &self.core else { return };
        let mut bits = core.bits.load(Ordering::Relaxed);
        while let Err(newer) = core.bits.compare_exchange_weak(
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
        self.core.as_ref().map_or(0.0, |core| f64::from_bits(core.bits.load(Ordering::Relaxed)))
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It works
    /// on, unseen.
    #[inline]
    pub fn is_registered(&self) -> bool {
        self.core.as_ref().is_some_and(|core| core.registered.get())
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.core.iter().for_each(|core| core.registered.set(registered));
    }
}
