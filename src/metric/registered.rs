//! Whether a registry still shows a metric: what its handles answer when they are asked.

use std::sync::atomic::{AtomicBool, Ordering};

/// The mark of a metric that its registry shows; at first it is not.
#[derive(Debug, Default)]
pub(super) struct Registered(AtomicBool);

// Relaxed: who asks learns what was true at some moment, and orders nothing by it.
impl Registered {
    #[inline]
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, registered: bool) {
        self.0.store(registered, Ordering::Relaxed);
    }
}
