//! How much is measured.

use std::time::Duration;

#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// How often a turn of one thread counts: a multiple of the [`VALUES`](crate::values::VALUES).
    pub(crate) times: u64,
    /// How often each way of one thread has its turn.
    pub(crate) turns: usize,
    /// How long a turn of two threads is.
    pub(crate) slice: Duration,
    /// How long a turn of more threads than processors is: each must have its share of them.
    pub(crate) long_slice: Duration,
    /// How often each way of several threads, or of collecting, has its turn.
    pub(crate) long_turns: usize,
    /// Counters of a registry.
    pub(crate) counters: usize,
    /// Histograms of a registry.
    pub(crate) histograms: usize,
    /// Task groups of a job, and tasks of each.
    pub(crate) groups: u32,
}

impl Scale {
    pub(crate) const FULL: Scale = Scale {
        times: 50 * 4096,
        turns: 101,
        slice: Duration::from_millis(5),
        long_slice: Duration::from_millis(40),
        long_turns: 51,
        counters: 100_000,
        histograms: 1_000,
        groups: 100,
    };
    pub(crate) const TINY: Scale = Scale {
        times: 4096,
        turns: 1,
        slice: Duration::ZERO,
        long_slice: Duration::ZERO,
        long_turns: 1,
        counters: 100,
        histograms: 10,
        groups: 3,
    };
}
