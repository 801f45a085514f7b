//! `Between`: what is only known between two readings.

use crate::clock::Moment;
use std::time::Duration;

/// Systems count processor time in ticks of 10 ms: over less than this a percentage says little.
const AT_LEAST: Duration = Duration::from_millis(200);

/// The reading from which the next one counts, and what was between the two before.
#[derive(Debug)]
pub(super) struct Between<T, U> {
    since: Option<(Moment, T)>,
    last: Option<U>,
}

impl<T, U: Copy> Between<T, U> {
    pub(super) fn new() -> Between<T, U> {
        Between { since: None, last: None }
    }

    /// Whether nothing was read yet.
    #[cfg(any(test, not(target_os = "linux")))]
    pub(super) fn is_new(&self) -> bool {
        self.since.is_none()
    }

    /// What `of` makes of a reading, of the one before, and of the time between them. Unless enough of that has passed,
    /// it is what it was; of the first reading there is none.
    pub(super) fn next(
        &mut self,
        now: Moment,
        reading: T,
        of: impl FnOnce(&T, &T, Duration) -> Option<U>,
    ) -> Option<U> {
        match &self.since {
            None => self.since = Some((now, reading)),
            Some((at, before)) if now.since(*at) >= AT_LEAST => {
                self.last = of(before, &reading, now.since(*at));
                self.since = Some((now, reading));
            }
            Some(_) => {}
        }
        self.last
    }
}
