//! `Pause`: how long to wait before the next try.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// Pauses that double from 0.1 s to 30 s; with jitter each is half fixed and half random, so that those who
/// lost their peer at the same instant do not all come back at another one.
pub(crate) struct Pause {
    next: Duration,
    // Random by its keys, which the system gives, and another number for each question.
    jitter: Option<RandomState>,
    taken: u64,
}

impl Pause {
    pub(crate) fn new(jitter: bool) -> Pause {
        Pause { next: SHORTEST, jitter: jitter.then(RandomState::new), taken: 0 }
    }

    /// The next pause; the one after it is twice as long.
    pub(crate) fn take(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(LONGEST);
        self.taken += 1;
        match &self.jitter {
            Some(random) => half_random(whole, random.hash_one(self.taken)),
            None => whole,
        }
    }

    pub(crate) fn start_over(&mut self) {
        self.next = SHORTEST;
    }
}

fn half_random(whole: Duration, random: u64) -> Duration {
    let half = whole / 2;
    let nanos = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX - 1);
    half + Duration::from_nanos(random % (nanos + 1))
}
