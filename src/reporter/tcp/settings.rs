//! What a TCP reporter is told before it starts.

use crate::clock::Clock;
use std::time::Duration;

// Less would never let time pass.
const SHORTEST: Duration = Duration::from_millis(1);

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) clock: Clock,
    pub(super) flush_every: Duration,
    pub(super) dial_within: Duration,
    pub(super) write_within: Duration,
    pub(super) jitter: bool,
}

impl Settings {
    /// As they are used: no time is zero.
    pub(super) fn usable(&self) -> Settings {
        let Settings { clock, flush_every, dial_within, write_within, jitter } = self.clone();
        Settings {
            clock,
            flush_every: flush_every.max(SHORTEST),
            dial_within: dial_within.max(SHORTEST),
            write_within: write_within.max(SHORTEST),
            jitter,
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            clock: Clock::system(),
            flush_every: Duration::from_secs(5),
            dial_within: Duration::from_secs(3),
            write_within: Duration::from_secs(10),
            jitter: true,
        }
    }
}
