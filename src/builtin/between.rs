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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_was_between_the_last_two_that_lie_far_enough_apart() {
        let mut between = Between::new();
        let mut next = |millis: u64, reading: u64| {
            let now = Moment::default() + Duration::from_millis(millis);
            between.next(now, reading, |before, reading, passed| {
                Some((*before, *reading, passed.as_millis()))
            })
        };
        assert_eq!((next(1_000, 10), next(1_199, 11)), (None, None));
        assert_eq!(next(1_200, 20), Some((10, 20, 200)));
        assert_eq!(next(1_399, 30), Some((10, 20, 200)));
        assert_eq!(next(1_500, 50), Some((20, 50, 300)));
    }
}
