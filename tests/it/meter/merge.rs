//! What holds of merged meters, and of meters that are written and read back.

use flowmeter::MeterSnapshot;
use flowmeter::{ManualClock, Meter};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

use super::{close, rates, secs};

/// A meter that was marked and read at any times.
fn snapshot() -> impl Strategy<Value = MeterSnapshot> {
    let marks = prop_oneof![4 => 0..1_000_000_u64, 1 => any::<u64>()];
    let nanos = prop_oneof![Just(0), 1..1_000_u64, 1..100_000_000_000_u64];
    vec((marks, nanos), 0..5).prop_map(|schedule| {
        let clock = ManualClock::new();
        let meter = Meter::new(&clock.clock());
        for (marks, nanos) in schedule {
            meter.mark(marks);
            clock.advance(Duration::from_nanos(nanos));
            meter.snapshot();
        }
        meter.snapshot()
    })
}

fn merged(one: &MeterSnapshot, other: &MeterSnapshot) -> MeterSnapshot {
    let mut whole = one.clone();
    whole.merge(other);
    whole
}

fn json(snapshot: &MeterSnapshot) -> String {
    serde_json::to_string(snapshot).unwrap()
}

proptest! {
    #[test]
    fn merging_is_commutative_bit_for_bit(one in snapshot(), other in snapshot()) {
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn a_meter_that_has_not_started_is_neutral(any in snapshot()) {
        let nothing = MeterSnapshot::default();
        prop_assert_eq!(&merged(&any, &nothing), &any);
        prop_assert_eq!(&merged(&nothing, &any), &any);
    }

    #[test]
    fn merging_in_another_grouping_differs_by_rounding_only(parts in vec(snapshot(), 1..12)) {
        let left = parts.iter().fold(MeterSnapshot::default(), |sum, part| merged(&sum, part));
        let right = parts.iter().rfold(MeterSnapshot::default(), |sum, part| merged(part, &sum));
        prop_assert_eq!((left.total(), left.age()), (right.total(), right.age()));
        let within = parts.len() as f64 * f64::EPSILON;
        for (one, other) in rates(&left).into_iter().flatten().zip(rates(&right).into_iter().flatten()) {
            prop_assert!(close(one, other, within), "{} is not {}", one, other);
        }
    }

    #[test]
    fn totals_add_up_to_the_largest_number_and_the_longer_age_counts(parts in vec(snapshot(), 0..5)) {
        let whole = parts.iter().fold(MeterSnapshot::default(), |sum, part| merged(&sum, part));
        let total: u128 = parts.iter().map(|part| u128::from(part.total())).sum();
        prop_assert_eq!(u128::from(whole.total()), total.min(u64::MAX.into()));
        prop_assert_eq!(whole.age(), parts.iter().map(MeterSnapshot::age).max().unwrap_or_default());
    }

    #[test]
    fn parts_merge_to_the_meter_of_all_their_marks_since_the_oldest_start(
        before in 0..1_000_u64,
        schedule in vec((0..1_000_u64, 0..1_000_u64, 1..1_000_000_u64), 1..10),
    ) {
        let clock = ManualClock::new();
        let (whole, older) = (Meter::new(&clock.clock()), Meter::new(&clock.clock()));
        [&whole, &older].iter().for_each(|meter| meter.mark(before));
        clock.advance(secs(30.0));
        let (_, _, younger) = (whole.snapshot(), older.snapshot(), Meter::new(&clock.clock()));
        for (one, other, millis) in schedule {
            whole.mark(one + other);
            older.mark(one);
            younger.mark(other);
            clock.advance(Duration::from_millis(millis));
            let parts = merged(&older.snapshot(), &younger.snapshot());
            let whole = whole.snapshot();
            prop_assert_eq!((parts.total(), parts.age()), (whole.total(), whole.age()));
            prop_assert_eq!(parts.rate_mean(), whole.rate_mean());
            for (one, other) in rates(&parts).unwrap().into_iter().zip(rates(&whole).unwrap()) {
                prop_assert!(close(one, other, 1e-9), "{} is not {}", one, other);
            }
        }
    }

    #[test]
    fn what_is_written_reads_back_bit_for_bit(one in snapshot()) {
        prop_assert_eq!(serde_json::from_str::<MeterSnapshot>(&json(&one)).unwrap(), one);
    }
}

#[test]
fn sums_that_no_meter_gives_are_not_read() {
    let with =
        |sum: &str| format!(r#"{{"total":1,"decayed":{{"age_ns":1,"sums":[0.0,{sum},0]}}}}"#);
    assert!(serde_json::from_str::<MeterSnapshot>(&with("0.5")).is_ok());
    for sum in ["-1", "-0.0", "-1e-300", "1e999", "null", "\"NaN\""] {
        assert!(serde_json::from_str::<MeterSnapshot>(&with(sum)).is_err(), "{sum}");
    }
    let error = serde_json::from_str::<MeterSnapshot>(&with("-1.5")).unwrap_err().to_string();
    assert!(error.contains("-1.5 is not a sum of weights: finite, and 0 or more"), "{error}");
}

#[test]
fn sums_stop_at_the_largest_number_and_so_do_rates() {
    let text = format!(r#"{{"total":1,"decayed":{{"age_ns":1,"sums":[{0},{0},{0}]}}}}"#, f64::MAX);
    let large: MeterSnapshot = serde_json::from_str(&text).unwrap();
    let whole = merged(&large, &large);
    assert_eq!(rates(&whole), Some([f64::MAX; 3]));
    assert_eq!(serde_json::from_str::<MeterSnapshot>(&json(&whole)).unwrap(), whole);
}

#[test]
fn the_text_form_holds_raw_numbers_only() {
    let clock = ManualClock::new();
    let meter = Meter::new(&clock.clock());
    meter.mark(7);
    assert_eq!(
        json(&meter.snapshot()),
        r#"{"total":7,"decayed":{"age_ns":0,"sums":[0.0,0.0,0.0]}}"#
    );
}
