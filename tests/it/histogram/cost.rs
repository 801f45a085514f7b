//! What recording allocates: next to nothing for the first value of an octave, and nothing afterwards.

use allocation_counter::measure;
use flowmeter::{Buckets, Counter, Histogram};

/// This thread has what it counts in, which the first count of all asks for.
fn after_the_first_count() {
    Counter::default().inc();
}

#[test]
fn recording_allocates_at_most_once_for_each_octave_and_never_again() {
    after_the_first_count();
    let histogram = Histogram::default();
    for bits in 7..64 {
        let first = measure(|| histogram.record(1 << bits));
        assert!(first.count_total <= 1, "{bits}: {first:?}");
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
    after_the_first_count();
    let histogram = Histogram::of(Buckets::new(2, 1..=1000).unwrap());
    assert_eq!(measure(|| histogram.record(1001)).count_total, 0);
}

/// What is recorded lies in the cells of the threads, of which only touched ones take memory.
#[test]
fn a_histogram_is_small_whatever_is_recorded() {
    after_the_first_count();
    let mut histogram = None;
    let made = measure(|| histogram = Some(Histogram::default()));
    assert!(made.bytes_total <= 512, "{made:?}");
    let histogram = histogram.unwrap();
    let filled = measure(|| (0..64).for_each(|bits| histogram.record(1 << bits)));
    assert!(filled.bytes_current <= 1024, "{filled:?}");
}
