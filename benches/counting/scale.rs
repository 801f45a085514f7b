//! How much is measured.

use std::time::Duration;

#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// How long a turn is, about, and so long each of several threads counts before it looks at the clock. It is
    /// short, so that on a loaded machine a slow way has undisturbed turns as well.
    pub(crate) turn: Duration,
    /// How often each way of one thread has its turn: what a neighbour takes for a while is not all of them.
    pub(crate) short_turns: usize,
    /// How often each way has its turn of two threads, or one that takes what there is not enough of for more turns.
    pub(crate) turns: usize,
    /// The part of a turn in which two threads must have had their processors both, for it to count.
    pub(crate) common: f64,
    /// How long a turn of more threads than processors is: each must have its share of them.
    pub(crate) slice: Duration,
    /// How often each way of eight threads, or of collecting, has its turn.
    pub(crate) long_turns: usize,
    /// Counters of a registry.
    pub(crate) counters: usize,
    /// Histograms of a registry.
    pub(crate) histograms: usize,
    /// Those of one that reports their quantiles.
    pub(crate) few_histograms: usize,
    /// How many threads have counted in them, at the most.
    pub(crate) threads: u64,
    /// Task groups of a job, and tasks of each.
    pub(crate) job: [u32; 2],
    /// The same of a job that fits into the cache.
    pub(crate) small_job: [u32; 2],
}

impl Scale {
    pub(crate) const FULL: Scale = Scale {
        turn: Duration::from_micros(300),
        short_turns: 501,
        turns: 101,
        common: 0.9,
        slice: Duration::from_millis(40),
        long_turns: 51,
        counters: 100_000,
        histograms: 1_000,
        few_histograms: 100,
        threads: 64,
        job: [100, 100],
        small_job: [10, 100],
    };
    pub(crate) const TINY: Scale = Scale {
        turn: Duration::ZERO,
        short_turns: 2,
        turns: 1,
        common: 0.0,
        slice: Duration::ZERO,
        long_turns: 1,
        counters: 100,
        histograms: 10,
        few_histograms: 3,
        threads: 3,
        job: [3, 3],
        small_job: [2, 3],
    };
}
