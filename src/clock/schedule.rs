//! `Schedule`: what is due at whole intervals from a beginning, and never drifts.

use super::moment::Moment;
use std::time::Duration;

/// The shortest interval there is.
const SHORTEST: Duration = Duration::from_millis(1);

/// The moments at which something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    began: Moment,
    interval: Duration,
    /// How many intervals there are from the beginning to the next moment.
    next: u64,
}

impl Schedule {
    /// Each `interval` after `began`; a millisecond is the shortest there is.
    pub(crate) fn new(began: Moment, interval: Duration) -> Schedule {
        Schedule { began, interval: interval.max(SHORTEST), next: 1 }
    }

    /// When it is due next; at the end of time: never.
    pub(crate) fn next(&self) -> Moment {
        let nanos = self.interval_nanos().saturating_mul(self.next);
        self.began + Duration::from_nanos(nanos)
    }

    /// Goes on to the first moment after `now`, and tells how many it goes past by then, but for one: they are
    /// missed.
    pub(crate) fn pass(&mut self, now: Moment) -> u64 {
        let gone = nanos(now.since(self.began)) / self.interval_nanos();
        let missed = gone.saturating_sub(self.next);
        self.next = self.next.max(gone.saturating_add(1));
        missed
    }

    fn interval_nanos(&self) -> u64 {
        nanos(self.interval)
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(nanos: u64) -> Moment {
        Moment::from_nanos(nanos)
    }

    #[test]
    fn what_is_late_is_skipped_and_counted() {
        let mut schedule = Schedule::new(at(5_000_000), Duration::from_millis(10));
        assert_eq!(schedule.next(), at(15_000_000));
        assert_eq!(schedule.pass(at(15_000_000)), 0);
        assert_eq!(schedule.next(), at(25_000_000));
        assert_eq!(schedule.pass(at(47_000_000)), 2, "those of 35 and of 45");
        assert_eq!(schedule.next(), at(55_000_000));
        assert_eq!(schedule.pass(at(50_000_000)), 0, "none was due");
        assert_eq!(schedule.next(), at(55_000_000));
    }

    #[test]
    fn an_interval_of_nothing_is_a_millisecond_and_one_of_all_time_never_comes() {
        assert_eq!(Schedule::new(at(0), Duration::ZERO).next(), at(1_000_000));
        let mut never = Schedule::new(at(7), Duration::MAX);
        assert_eq!(never.next(), at(u64::MAX));
        assert_eq!(never.pass(at(u64::MAX)), 0);
        assert_eq!(never.next(), at(u64::MAX));
    }

    proptest! {
        #[test]
        fn no_moment_is_forgotten(
            began in 0..u64::MAX / 4,
            interval in 1_000_000..u64::MAX / 8,
            steps in prop::collection::vec(0..u64::MAX / 64, 1..20),
        ) {
            let mut schedule = Schedule::new(at(began), Duration::from_nanos(interval));
            let (mut now, mut told) = (began, 0);
            for step in steps {
                now = now.saturating_add(step);
                if schedule.next() <= at(now) {
                    told += 1 + schedule.pass(at(now));
                }
                prop_assert_eq!(told, (now - began) / interval);
                prop_assert!(schedule.next() > at(now));
            }
        }
    }
}
