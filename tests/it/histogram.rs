//! Histograms: the buckets of HdrHistogram, exact totals, and laws that hold for every layout.

mod against_hdr;
mod beyond;
mod cost;
mod figures;
mod json;
mod laws;
mod layout;
mod racing;

use flowmeter::{Buckets, Histogram, HistogramSnapshot};
use proptest::collection::vec;
use proptest::prelude::*;

/// What a layout is asked for by, most of which there can be: digits, the lowest and the highest value.
fn bounds() -> impl Strategy<Value = (u8, u64, u64)> {
    let digits = prop_oneof![8 => 0..=3_u8, 1 => 4..=5_u8];
    let lowest = prop_oneof![4 => Just(1), 2 => 1..100_000_u64, 4 => edge()];
    (digits, lowest, edge()).prop_map(|(digits, lowest, highest)| {
        // Of many digits only so many octaves, for the sake of the other library's memory.
        let most = if digits > 3 { lowest.saturating_mul(1 << 20) } else { u64::MAX };
        (digits, lowest, highest.max(lowest.saturating_mul(2)).min(most))
    })
}

fn buckets() -> impl Strategy<Value = Buckets> {
    let made =
        |(digits, lowest, highest)| Buckets::new(digits, lowest..=highest).unwrap_or_default();
    prop_oneof![
        1 => Just(Buckets::default()),
        4 => bounds().prop_map(made),
    ]
}

/// A power of two or its neighbour, or any number of so many bits.
fn edge() -> impl Strategy<Value = u64> + Clone {
    let near = (0..64_u32, 0..3_u64).prop_map(|(bits, n)| (1_u64 << bits).wrapping_add(n) - 1);
    let any = (0..64_u32, any::<u64>()).prop_map(|(bits, n)| n >> bits);
    prop_oneof![2 => near, 3 => any, 1 => Just(u64::MAX)]
}

/// Values of every size; some are above the range of most layouts.
fn values() -> impl Strategy<Value = Vec<u64>> + Clone {
    prop_oneof![vec(edge(), 0..60), vec(0..1000_u64, 0..60)]
}

/// Buckets, and some values none of which is above them.
fn within() -> impl Strategy<Value = (Buckets, Vec<u64>)> {
    (buckets(), values()).prop_map(|(buckets, mut values)| {
        values.iter_mut().for_each(|value| *value = (*value).min(buckets.highest()));
        (buckets, values)
    })
}

fn recorded(buckets: Buckets, values: &[u64]) -> HistogramSnapshot {
    let histogram = Histogram::of(buckets);
    values.iter().for_each(|&value| histogram.record(value));
    histogram.snapshot()
}

fn quantiles() -> impl Iterator<Item = f64> {
    (0..=200).map(|n| f64::from(n) / 200.0).chain([0.001, 0.999, 0.9999, 1.0 - f64::EPSILON])
}
