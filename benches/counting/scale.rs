//! How much is measured.

use std::time::Duration;

#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// How often a turn of one thread counts: a multiple of [`VALUES`](crate::values::VALUES).
    pub(crate) times: u64,
    /// How often each way of one thread has its turn.
    pub(crate) turns: usize,
    /// How often each of several threads counts before it looks at the clock: a multiple, too.
    pub(crate) batch: u64,
    /// The part of the time in which two threads must have run both, for a turn to count.
    pub(crate) common: f64,
    /// How long a turn of more threads than processors is: each must have its share of them.
    pub(crate) slice: Duration,
    /// How often each way of several threads, or of collecting, has its turn.
    pub(crate) long_turns: usize,
    /// Counters of a registry.
    pub(crate) counters: usize,
    /// Histograms of a registry.
    pub(crate) histograms: usize,
    /// How many threads have counted in them, at the most.
    pub(crate) threads: u64,
    /// Task groups of a job, and tasks of each.
    pub(crate) job: [u32; 2],
    /// The same of a job that fits into the cache.
    pub(crate) small_job: [u32; 2],
}

impl Scale {
    pub(crate) const FULL: Scale = Scale {
        times: 50 * 4096,
        turns: 101,
        batch: 20 * 4096,
        common: 0.9,
        slice: Duration::from_millis(40),
        long_turns: 51,
        counters: 100_000,
        histograms: 1_000,
        threads: 64,
        job: [100, 100],
        small_job: [10, 100],
    };
    pub(crate) const TINY: Scale = Scale {
        times: 4096,
        turns: 1,
        batch: 4096,
        common: 0.0,
        slice: Duration::ZERO,
        long_turns: 1,
        counters: 100,
        histograms: 10,
        threads: 3,
        job: [3, 3],
        small_job: [2, 3],
    };
}
