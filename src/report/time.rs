//! Stamps and durations as text.

use crate::clock::Stamp;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second that RFC 3339 can write: the end of the year 9999.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// The wall time of a stamp, as RFC 3339 in UTC, to the second; the nearest that can be written.
pub(crate) fn date(stamp: Stamp) -> String {
    let wall: SystemTime = stamp.wall().clamp(UNIX_EPOCH, UNIX_EPOCH + LAST);
    humantime::format_rfc3339_seconds(wall).to_string()
}

/// A duration in seconds: `0.000s`, `12.345s`, `4,000.000s`.
pub(super) fn seconds(duration: Duration) -> String {
    let rounded = duration.saturating_add(Duration::from_micros(500));
    let whole = super::units::grouped(rounded.as_secs());
    format!("{whole}.{:03}s", rounded.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;

    #[test]
    fn every_stamp_has_a_date() {
        let at = |unix_ms| date(Stamp { at: Moment::default(), unix_ms });
        assert_eq!(at(1_357_034_400_000), "2013-01-01T10:00:00Z");
        assert_eq!(at(i64::MIN), "1970-01-01T00:00:00Z");
        assert_eq!(at(i64::MAX), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn every_duration_has_seconds() {
        assert_eq!(seconds(Duration::from_micros(1_234_500)), "1.235s");
        assert_eq!(seconds(Duration::MAX), "18,446,744,073,709,551,615.999s");
    }
}
