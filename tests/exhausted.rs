//! What is counted where no cells are left: in a process of its own, since all registries of one share them.

use allocation_counter::measure;
use flowmeter::{Buckets, Counter, Histogram};
use std::thread;

/// Histograms that have all the cells there are, each in every octave of its buckets.
fn that_have_all_cells() -> Vec<Histogram> {
    let buckets = Buckets::new(3, 1..=u64::MAX).unwrap();
    let all: Vec<_> = (0..100).map(|_| Histogram::of(buckets)).collect();
    for histogram in &all {
        (0..64).for_each(|octave| histogram.record(1 << octave));
    }
    all
}

#[test]
fn what_has_no_cells_is_counted_as_exactly_and_cells_that_are_given_back_are_used_again() {
    // The first count of all asks for the memory in which this thread counts.
    Counter::default().inc();
    let mut all = Vec::new();
    let first = measure(|| all = that_have_all_cells());
    let counters: Vec<_> = (0..5_000).map(|_| Counter::default()).collect();
    let histogram = Histogram::default();
    let count = || {
        counters.iter().for_each(|counter| counter.add(3));
        (0..64).for_each(|octave| histogram.record(1 << octave));
        histogram.record_n(5, 1 << 40);
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(count))));
    assert!(counters.iter().all(|counter| counter.value() == 12));
    let recorded = histogram.snapshot();
    assert_eq!(recorded.count(), 4 * (64 + (1 << 40)));
    assert_eq!((recorded.min(), recorded.max()), (Some(1), Some(1 << 63)));
    for histogram in &all {
        let recorded = histogram.snapshot();
        assert_eq!((recorded.count(), recorded.sum()), (64, u64::MAX));
    }
    all.clear();
    drop((counters, histogram));
    // Where there are no cells, each octave is allocated. Not all had some, and now as many have.
    let octave = 1024 * size_of::<u64>() as u64;
    assert!(first.bytes_total > 100 * octave, "{first:?}");
    let again = measure(|| all = that_have_all_cells());
    assert!(
        again.bytes_total < first.bytes_total + 100 * octave,
        "{again:?}, and at first {first:?}"
    );
    assert!(all.iter().all(|histogram| histogram.snapshot().count() == 64));
}
