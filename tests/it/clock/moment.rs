//! Moments and stamps: ages, sums, the wall before 1970, the written form.

use super::{END_OF_TIME, at_secs, secs};
use flowmeter::{ManualClock, Moment, Stamp};
use std::collections::BTreeSet;
use std::time::{Duration, UNIX_EPOCH};

#[test]
fn an_age_is_zero_rather_than_negative() {
    assert_eq!(at_secs(5).since(at_secs(2)), secs(3));
    assert_eq!(at_secs(2).since(at_secs(5)), Duration::ZERO);
    assert_eq!(END_OF_TIME.since(Moment::default()), Duration::from_nanos(u64::MAX));
}

#[test]
fn a_moment_saturates_at_the_end_of_time() {
    let last_but_one = Moment::from_nanos(u64::MAX - 1);
    assert_eq!(last_but_one + Duration::from_nanos(1), END_OF_TIME);
    assert_eq!(last_but_one + Duration::from_nanos(2), END_OF_TIME);
    assert_eq!(Moment::default() + Duration::MAX, END_OF_TIME);
}

#[test]
fn a_moment_is_written_as_its_nanoseconds() {
    let written = serde_json::to_string(&END_OF_TIME).unwrap();
    assert_eq!(written, "18446744073709551615");
    assert_eq!(serde_json::from_str::<Moment>(&written).unwrap(), END_OF_TIME);
}

#[test]
fn a_stamp_is_read_back_as_written() {
    let stamp = Stamp { at: Moment::from_nanos(7), unix_ms: -1 };
    let written = serde_json::to_string(&stamp).unwrap();
    assert_eq!(written, r#"{"at":7,"unix_ms":-1}"#);
    assert_eq!(serde_json::from_str::<Stamp>(&written).unwrap(), stamp);
}

#[test]
fn stamps_are_ordered_by_their_moment_first() {
    let stamp = |nanos, unix_ms| Stamp { at: Moment::from_nanos(nanos), unix_ms };
    let ordered = [stamp(1, 9), stamp(2, -4), stamp(2, 3)];
    assert_eq!(BTreeSet::from(ordered).into_iter().collect::<Vec<_>>(), ordered);
}

#[test]
fn a_stamp_knows_its_wall_time_before_1970_too() {
    let manual = ManualClock::new();
    let before = UNIX_EPOCH - Duration::from_micros(1_500);
    manual.set_wall(before);
    let stamp = manual.clock().stamp();
    assert_eq!(stamp.unix_ms, -2);
    assert_eq!(stamp.wall(), UNIX_EPOCH - Duration::from_millis(2));
}

#[test]
fn the_wall_time_of_a_stamp_exists_at_the_extremes() {
    let wall = |unix_ms| {
        let at = Moment::default();
        Stamp { at, unix_ms }.wall()
    };
    assert!(wall(i64::MIN) < UNIX_EPOCH - secs(200 * 365 * 86_400));
    assert!(wall(i64::MAX) > UNIX_EPOCH + secs(200 * 365 * 86_400));
    assert_eq!(wall(0), UNIX_EPOCH);
}
