//! Points in time: moments of a clock for ages, the wall time for display.

use serde::{Deserialize, Serialize};
use std::ops::Add;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A monotonic moment, in nanoseconds since the origin of its clock.
///
/// Only moments of one clock, or of its clones, can be compared. The default is the origin. In
/// serialised form it is the bare number of nanoseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Moment {
    nanos: u64,
}

impl Moment {
    /// The end of time, 584 years after the origin: where sums saturate, so as a deadline it means
    /// that there is none.
    pub(super) const LAST: Moment = Moment::from_nanos(u64::MAX);

    /// The moment that many nanoseconds after the origin.
    pub const fn from_nanos(nanos: u64) -> Self {
        Moment { nanos }
    }

    /// Nanoseconds since the origin.
    pub const fn as_nanos(self) -> u64 {
        self.nanos
    }

    /// The time from `earlier` to this moment; zero if `earlier` is the later one.
    pub const fn since(self, earlier: Moment) -> Duration {
        Duration::from_nanos(self.nanos.saturating_sub(earlier.nanos))
    }
}

/// Saturates at the last moment that can be held, 584 years after the origin.
impl Add<Duration> for Moment {
    type Output = Moment;

    fn add(self, by: Duration) -> Moment {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        Moment::from_nanos(self.nanos.saturating_add(by))
    }
}

/// One instant told twice: a moment for ages, and the wall time for display.
///
/// Stamps are ordered by their moment, then by their wall time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Stamp {
    /// When it was, by the monotonic clock.
    pub at: Moment,
    /// When it was, by the wall: whole milliseconds since 1970-01-01T00:00:00Z, rounded down;
    /// negative before that date.
    pub unix_ms: i64,
}

impl Stamp {
    /// The stamp of a moment at which the wall showed `wall`; saturates at the range of an `i64`.
    pub(super) fn of(at: Moment, wall: SystemTime) -> Self {
        let unix_ms = match wall.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_nanos().div_ceil(1_000_000))
                .map_or(i64::MIN, |millis| -millis),
        };
        Stamp { at, unix_ms }
    }

    /// The wall time, to the millisecond; the nearest that a [`SystemTime`] of this platform can
    /// hold.
    pub fn wall(&self) -> SystemTime {
        let distance = Duration::from_millis(self.unix_ms.unsigned_abs());
        if self.unix_ms < 0 {
            saturating(UNIX_EPOCH, distance, SystemTime::checked_sub)
        } else {
            wall_after(UNIX_EPOCH, distance)
        }
    }
}

/// What the wall shows `by` later; the latest that a `SystemTime` can hold if that is beyond it.
pub(super) fn wall_after(wall: SystemTime, by: Duration) -> SystemTime {
    saturating(wall, by, SystemTime::checked_add)
}

// The range of a `SystemTime` depends on the platform and can't be asked for, so where the whole
// way doesn't fit, ever smaller steps look for its end.
fn saturating(
    from: SystemTime,
    mut by: Duration,
    step: fn(&SystemTime, Duration) -> Option<SystemTime>,
) -> SystemTime {
    if let Some(there) = step(&from, by) {
        return there;
    }
    let mut nearest = from;
    while !by.is_zero() {
        by /= 2;
        nearest = step(&nearest, by).unwrap_or(nearest);
    }
    nearest
}
