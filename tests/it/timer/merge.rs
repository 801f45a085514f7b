//! What holds of merged timers, and of timers that are written and read back.

use flowmeter::{Buckets, ManualClock, Timer, TimerSnapshot};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

use super::MILLI;

/// A timer that recorded and was read at any times.
fn snapshot() -> impl Strategy<Value = TimerSnapshot> {
    let nanos = || prop_oneof![0..1_000_u64, 0..100_000_000_000_u64];
    vec((nanos(), nanos()), 0..5).prop_map(|schedule| {
        let clock = ManualClock::new();
        let timer = Timer::new(&clock.clock());
        for (took, pause) in schedule {
            timer.record(Duration::from_nanos(took));
            clock.advance(Duration::from_nanos(pause));
            timer.snapshot();
        }
        timer.snapshot()
    })
}

fn merged(one: &TimerSnapshot, other: &TimerSnapshot) -> TimerSnapshot {
    let mut whole = one.clone();
    whole.merge(other).unwrap();
    whole
}

proptest! {
    #[test]
    fn merging_is_commutative_bit_for_bit(one in snapshot(), other in snapshot()) {
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn a_timer_that_has_not_started_is_neutral(any in snapshot()) {
        let nothing = TimerSnapshot::empty(Buckets::default());
        prop_assert_eq!(&merged(&any, &nothing), &any);
        prop_assert_eq!(&merged(&nothing, &any), &any);
    }

    #[test]
    fn durations_merge_without_loss_in_any_grouping(
        one in snapshot(),
        two in snapshot(),
        three in snapshot(),
    ) {
        let left = merged(&merged(&one, &two), &three);
        let right = merged(&one, &merged(&two, &three));
        prop_assert_eq!(left.durations(), right.durations());
        prop_assert_eq!((left.count(), left.age()), (right.count(), right.age()));
        prop_assert_eq!(left.count(), one.count() + two.count() + three.count());
        for (one, other) in super::rates(&left).into_iter().zip(super::rates(&right)) {
            let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
            prop_assert!((one - other).abs() <= 3.0 * f64::EPSILON * one, "{} {}", one, other);
        }
    }

    #[test]
    fn what_is_written_reads_back_bit_for_bit(one in snapshot()) {
        let text = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<TimerSnapshot>(&text).unwrap(), one);
    }
}

#[test]
fn a_timer_of_other_buckets_is_refused_and_nothing_is_added() {
    let clock = ManualClock::new();
    let mut one = Timer::new(&clock.clock());
    one.record(MILLI);
    clock.advance(MILLI);
    let before = one.snapshot();
    one = Timer::of(&clock.clock(), Buckets::new(3, 1..=u64::MAX).unwrap());
    one.record(MILLI);
    clock.advance(MILLI);
    let mut whole = before.clone();
    let error = whole.merge(&one.snapshot()).unwrap_err();
    assert_eq!((error.own, error.other.digits()), (Buckets::default(), 3));
    assert_eq!(whole, before);
}

#[test]
fn rates_that_no_timer_gives_are_not_read() {
    let (_, timer) = super::timer();
    timer.record(MILLI);
    let text = serde_json::to_string(&timer.snapshot()).unwrap();
    let sums = "\"sums\":[0.0,0.0,0.0]";
    assert!(text.contains(sums), "{text}");
    let wrong = text.replace(sums, "\"sums\":[0.0,-1.0,0.0]");
    assert!(serde_json::from_str::<TimerSnapshot>(&text).is_ok());
    assert!(serde_json::from_str::<TimerSnapshot>(&wrong).is_err());
}

#[test]
fn a_mean_is_never_beyond_the_durations_where_their_sum_is_ahead_of_their_count() {
    let (_, timer) = super::timer();
    timer.record(MILLI);
    let text = serde_json::to_string(&timer.snapshot()).unwrap();
    let ahead = text.replace("\"sum\":1000000", "\"sum\":3000000");
    assert_ne!(ahead, text);
    let read: TimerSnapshot = serde_json::from_str(&ahead).unwrap();
    assert_eq!(read.mean(), Some(MILLI));
}
