//! What is beyond the range of the buckets, or beyond what 64 bits can count.

use super::{buckets, values};
use flowmeter::{Buckets, Histogram, HistogramSnapshot};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

#[test]
fn a_value_above_the_range_is_counted_as_such_where_hdr_takes_it_in_silence() {
    let buckets = Buckets::new(3, 1..=1000).unwrap();
    let mut hdr = hdrhistogram::Histogram::<u64>::new_with_bounds(1, 1000, 3).unwrap();
    assert!(hdr.record(2000).is_ok(), "this is what was found in hdr");
    let histogram = Histogram::of(buckets);
    [1000, 1001, 2000, u64::MAX].into_iter().for_each(|value| histogram.record(value));
    let seen = histogram.snapshot();
    assert_eq!((seen.count(), seen.above()), (4, 3));
    assert_eq!(seen.iter().collect::<Vec<_>>(), [(1000..=1000, 1)]);
    assert_eq!((seen.min(), seen.max()), (Some(1000), Some(u64::MAX)));
}

#[test]
fn a_quantile_among_values_above_the_range_is_the_greatest_value() {
    let buckets = Buckets::new(2, 1..=1000).unwrap();
    let seen = HistogramSnapshot::of(buckets, [10, 20, 5000, 70_000]);
    assert_eq!((seen.quantile(0.5), seen.quantile(0.51)), (Some(20), Some(70_000)));
    assert_eq!(seen.quantile_bounds(0.75), Some((1001, 70_000)));
}

#[test]
fn no_value_of_the_last_bucket_is_beyond_the_range() {
    let buckets = Buckets::new(2, 1..=1000).unwrap();
    let seen = HistogramSnapshot::of(buckets, [1000, 5000]);
    assert_eq!(seen.quantile_bounds(0.5), Some((1000, 1000)));
}

#[test]
fn what_is_handed_on_has_the_values_above_at_the_highest() {
    let buckets = Buckets::new(2, 1..=1000).unwrap();
    let hdr = HistogramSnapshot::of(buckets, [10, 5000, u64::MAX]).to_hdr();
    assert_eq!((hdr.len(), hdr.count_at(10), hdr.count_at(1000)), (3, 1, 2));
}

#[test]
fn a_sum_stops_at_the_greatest_number() {
    let histogram = Histogram::default();
    histogram.record(u64::MAX - 1);
    assert_eq!(histogram.snapshot().sum(), u64::MAX - 1);
    histogram.record(5);
    assert_eq!(histogram.snapshot().sum(), u64::MAX);
    histogram.record(5);
    let seen = histogram.snapshot();
    assert_eq!((seen.sum(), seen.count()), (u64::MAX, 3));
    let histogram = Histogram::default();
    histogram.record_n(1 << 40, 1 << 40);
    assert_eq!(histogram.snapshot().sum(), u64::MAX);
}

#[test]
fn counts_stop_at_the_greatest_number() {
    let histogram = Histogram::of(Buckets::new(2, 1..=1000).unwrap());
    for value in [7, 2000] {
        histogram.record_n(value, u64::MAX - 1);
        histogram.record_n(value, 5);
        histogram.record(value);
    }
    let seen = histogram.snapshot();
    assert_eq!(seen.iter().collect::<Vec<_>>(), [(7..=7, u64::MAX)]);
    assert_eq!((seen.above(), seen.count()), (u64::MAX, u64::MAX));
    assert_eq!((seen.quantile(0.4), seen.quantile(0.6)), (Some(7), Some(2000)));
    assert_eq!(seen.quantile(1.0), Some(2000));
}

proptest! {
    /// All of the other library's look-ups are asked, with its overflow checks on.
    #[test]
    fn nothing_panics_however_much_was_counted(
        buckets in buckets(),
        counts in vec((any::<Index>(), prop_oneof![any::<u64>(), Just(u64::MAX)]), 0..6),
        values in values(),
    ) {
        let histogram = Histogram::of(buckets);
        for (value, count) in counts.iter().filter(|_| !values.is_empty()) {
            histogram.record_n(*value.get(&values), *count);
        }
        let mut seen = histogram.snapshot();
        seen.merge(&histogram.snapshot()).unwrap();
        let hdr = seen.to_hdr();
        prop_assert_eq!(hdr.len(), seen.count());
        for q in [0.0, 0.3, 1.0] {
            let _ = (hdr.value_at_quantile(q), seen.quantile(q));
        }
        prop_assert_eq!(hdr.iter_recorded().count() > 0, !seen.is_empty());
        let deviation = seen.standard_deviation().unwrap_or(0.0);
        let mean = seen.mean().unwrap_or(0.0);
        prop_assert!(deviation.is_finite() && mean.is_finite(), "{} {}", deviation, mean);
        prop_assert!(seen.since(&histogram.snapshot()).is_some());
    }
}
