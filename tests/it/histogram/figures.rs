//! What is derived from a distribution, held against its exact values.

use super::{buckets, quantiles, recorded, values, within};
use flowmeter::{Buckets, Histogram, HistogramSnapshot};
use proptest::collection::vec;
use proptest::prelude::*;

/// The value at the rank of `q`.
fn exact(sorted: &[u64], q: f64) -> u64 {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// The greatest power of two that is not above the lowest value; from 2^48 on, what floats take for it.
fn resolution(buckets: Buckets) -> u64 {
    let lowest = buckets.lowest();
    match lowest < 1 << 48 {
        true => 1 << lowest.ilog2(),
        false => 1 << (lowest as f64).log2().floor() as u32,
    }
}

fn deviation(values: &[u64]) -> f64 {
    let mean_of = |f: &dyn Fn(f64) -> f64| {
        values.iter().map(|&value| f(value as f64)).sum::<f64>() / values.len() as f64
    };
    let mean = mean_of(&|value| value);
    mean_of(&|value| (value - mean).powi(2)).sqrt()
}

#[test]
fn of_nothing_there_is_nothing_to_say() {
    let nothing = Histogram::default().snapshot();
    assert_eq!((nothing.count(), nothing.sum(), nothing.above()), (0, 0, 0));
    assert_eq!((nothing.min(), nothing.max()), (None, None));
    assert_eq!((nothing.mean(), nothing.standard_deviation()), (None, None));
    assert_eq!((nothing.quantile(0.5), nothing.quantile_bounds(0.5)), (None, None));
    assert_eq!((nothing.iter().count(), nothing.is_empty()), (0, true));
    assert_eq!(nothing, HistogramSnapshot::empty(Buckets::default()));
}

#[test]
fn a_histogram_of_its_own_is_shown_by_no_registry() {
    let histogram = Histogram::of(Buckets::new(3, 1..=1000).unwrap());
    histogram.record(7);
    assert!(!histogram.is_registered());
    assert_eq!((histogram.buckets().digits(), histogram.snapshot().count()), (3, 1));
}

#[test]
fn a_value_recorded_no_times_leaves_no_trace() {
    let histogram = Histogram::default();
    histogram.record_n(7, 0);
    assert!(histogram.snapshot().is_empty());
    histogram.record(9);
    histogram.record_n(70, 0);
    assert_eq!(histogram.snapshot(), HistogramSnapshot::of(histogram.buckets(), [9]));
}

#[test]
fn a_value_recorded_n_times_counts_as_often() {
    let (once, often) = (Histogram::default(), Histogram::default());
    for value in [0, 5, 300, 1 << 40] {
        often.record_n(value, 3);
        (0..3).for_each(|_| once.clone().record(value));
    }
    assert_eq!(once.snapshot(), often.snapshot());
}

#[test]
fn the_rank_of_a_quantile_is_computed_in_floats_as_hdr_does() {
    let seen = HistogramSnapshot::of(Buckets::default(), 1..=100);
    let hdr = seen.to_hdr();
    for (q, rank) in [(0.07, 8), (0.069, 7), (0.14, 15), (0.5, 50)] {
        assert_eq!((seen.quantile(q), hdr.value_at_quantile(q)), (Some(rank), rank), "{q}");
    }
}

#[test]
fn a_quantile_beyond_0_or_1_counts_as_these_and_none_is_of_no_number() {
    let sizes = HistogramSnapshot::of(Buckets::default(), [10, 1001, 1_000_001]);
    assert_eq!((sizes.quantile(-1.0), sizes.quantile(f64::NEG_INFINITY)), (Some(10), Some(10)));
    assert_eq!(
        (sizes.quantile(1.5), sizes.quantile(f64::INFINITY)),
        (Some(1_000_001), Some(1_000_001))
    );
    assert_eq!((sizes.quantile(f64::NAN), sizes.quantile_bounds(f64::NAN)), (None, None));
    assert_eq!((sizes.quantile(0.5), sizes.quantile_bounds(0.5)), (Some(1003), Some((1000, 1003))));
}

proptest! {
    #[test]
    fn count_sum_least_and_greatest_are_exact((buckets, values) in (buckets(), values())) {
        let seen = recorded(buckets, &values);
        let sum: u128 = values.iter().map(|&value| u128::from(value)).sum();
        prop_assert_eq!(seen.count(), values.len() as u64);
        prop_assert_eq!(seen.sum(), u64::try_from(sum).unwrap_or(u64::MAX));
        prop_assert_eq!(seen.min(), values.iter().min().copied());
        prop_assert_eq!(seen.max(), values.iter().max().copied());
        let above = values.iter().filter(|&&value| value > buckets.highest()).count();
        prop_assert_eq!(seen.above(), above as u64);
        prop_assert_eq!(&seen, &HistogramSnapshot::of(buckets, values));
    }

    #[test]
    fn the_true_value_always_lies_in_the_bounds_of_its_quantile(
        (buckets, mut values) in (buckets(), values()),
    ) {
        let seen = recorded(buckets, &values);
        values.sort_unstable();
        for q in quantiles().filter(|_| !values.is_empty()) {
            let (least, greatest) = seen.quantile_bounds(q).unwrap();
            let value = exact(&values, q);
            prop_assert!(least <= value && value <= greatest, "{}: {}", q, value);
            let given = seen.quantile(q).unwrap();
            prop_assert!((least..=greatest).contains(&given));
            prop_assert!((values[0]..=values[values.len() - 1]).contains(&given));
            let of_above = value > buckets.highest();
            prop_assert!(!of_above || q == 0.0 || Some(given) == seen.max());
        }
    }

    #[test]
    fn a_quantile_is_off_by_no_more_than_its_digits_promise((buckets, mut values) in within()) {
        let seen = recorded(buckets, &values);
        values.sort_unstable();
        let scale = 10_u128.pow(u32::from(buckets.digits()));
        let digits_from = u128::from(resolution(buckets)) * scale;
        for q in quantiles().filter(|_| !values.is_empty()) {
            let (value, given) = (exact(&values, q), seen.quantile(q).unwrap());
            let off = u128::from(given.abs_diff(value)) * scale;
            prop_assert!(off < digits_from.max(value.into()), "{}: {} for {}", q, given, value);
        }
    }

    #[test]
    fn the_values_of_a_bucket_differ_by_less_than_its_digits_or_the_resolution(
        (buckets, values) in within(),
    ) {
        let scale = 10_u128.pow(u32::from(buckets.digits()));
        let digits_from = u128::from(resolution(buckets)) * scale;
        for value in values {
            let beside = buckets.values(buckets.index(value).unwrap()).unwrap();
            let differ = u128::from(beside.end() - beside.start()) * scale;
            prop_assert!(differ < digits_from.max((*beside.start()).into()), "{:?}", beside);
        }
    }

    #[test]
    fn with_the_default_buckets_a_quantile_is_off_by_one_percent_at_most(
        mut values in vec(1..u64::MAX, 1..200),
    ) {
        let seen = recorded(Buckets::default(), &values);
        values.sort_unstable();
        for q in quantiles() {
            let (value, given) = (exact(&values, q), seen.quantile(q).unwrap());
            prop_assert!(given.abs_diff(value) <= value / 100, "{}: {} for {}", q, given, value);
        }
    }

    #[test]
    fn the_mean_is_the_exact_sum_by_the_count(values in vec(0..1_u64 << 50, 1..60)) {
        let seen = recorded(Buckets::default(), &values);
        let sum: u64 = values.iter().sum();
        prop_assert_eq!(seen.mean(), Some(sum as f64 / values.len() as f64));
    }

    #[test]
    fn the_standard_deviation_is_off_by_half_the_widest_bucket((buckets, values) in within()) {
        let seen = recorded(buckets, &values);
        prop_assert_eq!(seen.standard_deviation().is_some(), !values.is_empty());
        if let Some(given) = seen.standard_deviation() {
            let widths = seen.iter().map(|(values, _)| values.end() - values.start());
            let widest = widths.max().unwrap();
            let rounding = seen.max().unwrap() as f64 * 1e-9;
            let most = widest as f64 / 2.0 + rounding;
            let exact = deviation(&values);
            prop_assert!((given - exact).abs() <= most, "{} for {}", given, exact);
        }
    }
}
