//! What recording costs in memory: a page for each octave that is touched, and nothing afterwards.

use allocation_counter::measure;
use flowmeter::{Buckets, Histogram};

#[test]
fn recording_allocates_once_for_each_octave_and_never_again() {
    let histogram = Histogram::default();
    for bits in 7..64 {
        let first = measure(|| histogram.record(1 << bits));
        assert_eq!((first.count_total, first.bytes_total), (1, 1024), "{bits}");
        let again = measure(|| {
            for value in (0..1000).map(|n| (1_u64 << bits) + (n << bits >> 10)) {
                histogram.record(value);
                histogram.record_n(value, 7);
            }
        });
        assert_eq!(again.count_total, 0, "{bits}");
    }
}

#[test]
fn recording_above_the_range_allocates_nothing() {
    let histogram = Histogram::of(Buckets::new(2, 1..=1000).unwrap());
    assert_eq!(measure(|| histogram.record(1001)).count_total, 0);
}

#[test]
fn an_idle_histogram_is_small_and_a_full_one_is_60_kib() {
    let mut histogram = None;
    let made = measure(|| histogram = Some(Histogram::default()));
    assert!(made.bytes_total <= 1536, "{made:?}");
    let histogram = histogram.unwrap();
    let filled = measure(|| {
        histogram.record(1);
        (0..64).for_each(|bits| histogram.record(1 << bits));
    });
    let all = made.bytes_total + filled.bytes_total;
    assert!((59 * 1024..=60 * 1024).contains(&all), "{all}");
}
