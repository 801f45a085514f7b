//! What holds of merging, and of what was recorded since.

use super::{buckets, recorded, values};
use flowmeter::{Buckets, Histogram, HistogramSnapshot};
use proptest::collection::vec;
use proptest::prelude::*;

fn merged(one: &HistogramSnapshot, other: &HistogramSnapshot) -> HistogramSnapshot {
    let mut all = one.clone();
    all.merge(other).unwrap();
    all
}

/// One with so great counts that sums of them stop.
fn any_snapshot(buckets: Buckets, values: &[(u64, u64)]) -> HistogramSnapshot {
    let histogram = Histogram::of(buckets);
    values.iter().for_each(|&(value, n)| histogram.record_n(value, n));
    histogram.snapshot()
}

fn counted() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let value = prop_oneof![0..300_u64, any::<u64>()];
    vec((value, prop_oneof![0..9_u64, any::<u64>()]), 0..8)
}

proptest! {
    #[test]
    fn merging_is_commutative_and_associative_and_the_empty_one_changes_nothing(
        buckets in buckets(),
        (a, b, c) in (counted(), counted(), counted()),
    ) {
        let [a, b, c] = [a, b, c].map(|values| any_snapshot(buckets, &values));
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        let empty = HistogramSnapshot::empty(buckets);
        prop_assert_eq!(&merged(&a, &empty), &a);
        prop_assert_eq!(&merged(&empty, &a), &a);
    }

    #[test]
    fn what_is_merged_is_what_one_histogram_had_recorded(
        buckets in buckets(),
        (one, other) in (values(), values()),
    ) {
        let parts = merged(&recorded(buckets, &one), &recorded(buckets, &other));
        prop_assert_eq!(parts, recorded(buckets, &[one, other].concat()));
    }

    #[test]
    fn what_was_recorded_since_is_what_a_new_histogram_had_recorded(
        buckets in buckets(),
        (before, after) in (values(), values()),
    ) {
        let earlier = recorded(buckets, &before);
        let later = recorded(buckets, &[before, after.clone()].concat());
        let since = later.since(&earlier).unwrap();
        let alone = recorded(buckets, &after);
        prop_assert_eq!(since.iter().collect::<Vec<_>>(), alone.iter().collect::<Vec<_>>());
        prop_assert_eq!((since.above(), since.count()), (alone.above(), alone.count()));
        prop_assert!(later.sum() == u64::MAX || since.sum() == alone.sum());
        // The extremes are those of the buckets, but never beyond what there was in all.
        prop_assert_eq!(since.min().is_some(), alone.min().is_some());
        prop_assert!(since.min() <= alone.min() && since.max() >= alone.max());
        prop_assert!(since.is_empty() || since.min() >= later.min() && since.max() <= later.max());
        let bucket = |value: Option<u64>| value.and_then(|value| buckets.index(value));
        prop_assert_eq!(bucket(since.min()), bucket(alone.min()));
        prop_assert_eq!(bucket(since.max()), bucket(alone.max()));
        // And it is as sound as any.
        let text = serde_json::to_string(&since).unwrap();
        prop_assert_eq!(serde_json::from_str::<HistogramSnapshot>(&text).unwrap(), since);
    }

    #[test]
    fn since_itself_there_was_nothing_and_since_nothing_there_was_all(
        buckets in buckets(),
        values in values(),
    ) {
        let seen = recorded(buckets, &values);
        let empty = HistogramSnapshot::empty(buckets);
        prop_assert_eq!(seen.since(&seen), Some(empty.clone()));
        prop_assert_eq!(seen.since(&empty), Some(seen));
    }

    #[test]
    fn what_lost_a_value_does_not_continue(
        buckets in buckets(),
        (first, mut values) in (0..1000_u64, values()),
        lost in any::<prop::sample::Index>(),
        more in values(),
    ) {
        values.push(first);
        let earlier = recorded(buckets, &values);
        let mut less = values.clone();
        let lost = less.swap_remove(lost.index(values.len()));
        let is_back = |value: &u64| buckets.index(*value) == buckets.index(lost);
        let more: Vec<u64> = more.into_iter().filter(|value| !is_back(value)).collect();
        let other = recorded(buckets, &[less, more].concat());
        prop_assert_eq!(other.since(&earlier), None);
    }
}

#[test]
fn the_extremes_of_what_was_recorded_since_are_as_close_as_can_be_known() {
    let histogram = Histogram::default();
    histogram.record(1001);
    histogram.record(5003);
    let before = histogram.snapshot();
    histogram.record(1002);
    histogram.record(5002);
    let since = histogram.snapshot().since(&before).unwrap();
    // From the overall extremes, since they lie in the same buckets.
    assert_eq!((since.min(), since.max(), since.sum()), (Some(1001), Some(5003), 6004));
    histogram.record(9000);
    let last = histogram.snapshot().since(&before).unwrap();
    assert_eq!(last.max(), Some(9000));
    let middle = Histogram::default();
    [1, 9_999_999].into_iter().for_each(|value| middle.record(value));
    let before = middle.snapshot();
    middle.record(1001);
    let since = middle.snapshot().since(&before).unwrap();
    assert_eq!((since.min(), since.max(), since.mean()), (Some(1000), Some(1003), Some(1001.0)));
}

#[test]
fn an_extreme_that_goes_back_is_no_continuation() {
    let earlier = HistogramSnapshot::of(Buckets::default(), [1000]);
    let later = HistogramSnapshot::of(Buckets::default(), [1001, 1001]);
    assert_eq!(later.since(&earlier), None);
}

#[test]
fn other_buckets_are_neither_merged_nor_a_continuation() {
    let coarse = HistogramSnapshot::of(Buckets::default(), [5, 6]);
    let mut fine = HistogramSnapshot::of(Buckets::new(3, 1..=1000).unwrap(), [5]);
    let before = fine.clone();
    let error = fine.merge(&coarse).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a histogram of 3 digits over 1..=1000 can't take in one of 2 digits over \
         1..=18446744073709551615"
    );
    assert_eq!((error.own, error.other), (before.buckets(), coarse.buckets()));
    assert_eq!(fine, before);
    assert_eq!(coarse.since(&fine), None);
}
