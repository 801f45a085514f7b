//! How long to try again for another thread that is in the middle of something short.

use std::hint;
use std::thread;
use std::time::{Duration, Instant};

// Some microseconds: a writer that still runs is done by then, one that lost its core is not.
const SPINS: u32 = 100;

/// A bound on trying again: first it spins, then it yields the thread, then it gives up.
// The real time, also where the clock is a manual one: what is waited for is the CPU, which the
// job's time says nothing about, and a test that holds that time still would never be let go.
#[derive(Debug)]
pub(crate) struct Patience {
    within: Duration,
    spins: u32,
    since: Option<Instant>,
}

impl Patience {
    /// Patience for that much real time, counted from when spinning did not help.
    pub(crate) fn new(within: Duration) -> Self {
        Patience { within, spins: 0, since: None }
    }

    /// Waits a little; false, without a wait, once the time is over.
    pub(crate) fn wait(&mut self) -> bool {
        if self.spins < SPINS {
            self.spins += 1;
            hint::spin_loop();
            return true;
        }
        // Read only now: the usual try again is shorter than reading the time.
        let since = *self.since.get_or_insert_with(Instant::now);
        let left = since.elapsed() < self.within;
        if left {
            thread::yield_now();
        }
        left
    }
}
