//! What is counted where no cells are left: in a process of its own, since all registries of one share them.

use allocation_counter::measure;
use flowmeter::{Buckets, Counter, Histogram, Registry};
use std::thread;

/// Histograms that have all the cells that histograms can have, each in every octave of its buckets.
fn histograms_that_have_all() -> Vec<Histogram> {
    let buckets = Buckets::new(3, 1..=u64::MAX).unwrap();
    let all: Vec<_> = (0..100).map(|_| Histogram::of(buckets)).collect();
    for histogram in &all {
        (0..64).for_each(|octave| histogram.record(1 << octave));
    }
    all
}

/// Counters that have the eighth of all cells that is kept for them, and histograms without a value that have what was
/// left of the rest.
fn that_have_the_rest() -> (Vec<Counter>, Vec<Histogram>) {
    let counters = (0..600_000).map(|_| Counter::default()).collect();
    (counters, (0..500).map(|_| Histogram::default()).collect())
}

/// How many series of this registry have no cells, by its own account.
fn without_cells(registry: &Registry) -> Option<f64> {
    registry.collect().gauge("flowmeter.without_cells")
}

#[test]
fn what_has_no_cells_is_counted_as_exactly_and_cells_that_are_given_back_are_used_again() {
    // The first count of all asks for the memory in which this thread counts.
    Counter::default().inc();
    let registry = Registry::new();
    let early = registry.counter("early").unwrap();
    let mut histograms = Vec::new();
    let first = measure(|| histograms = histograms_that_have_all());
    let rest = that_have_the_rest();
    let counter = registry.counter("rows").unwrap();
    let meter = registry.meter("marks").unwrap();
    let histogram = registry.histogram("sizes").unwrap();
    registry.histogram("empty").unwrap();
    let count = || {
        [&early, &counter].into_iter().for_each(|counter| counter.add(3));
        meter.mark(3);
        (0..64).for_each(|octave| histogram.record(1 << octave));
        histogram.record_n(5, 1 << 40);
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(count))));
    assert_eq!([early.value(), counter.value(), meter.snapshot().total()], [12; 3]);
    let shown = registry.collect();
    assert_eq!(["early", "rows"].map(|name| shown.counter(name)), [Some(12); 2]);
    assert_eq!(shown.meter("marks").unwrap().total(), 12);
    let recorded = shown.histogram("sizes").unwrap();
    assert_eq!((recorded, recorded.count()), (&histogram.snapshot(), 4 * (64 + (1 << 40))));
    assert_eq!((recorded.min(), recorded.max()), (Some(1), Some(1 << 63)));
    assert_eq!(without_cells(&registry), Some(4.0));
    check_each_has_64(&histograms);

    drop((rest, counter, meter, histogram));
    histograms.clear();
    registry.unregister_all();
    registry.counter("rows").unwrap().inc();
    registry.histogram("sizes").unwrap().record(1);
    assert_eq!(without_cells(&registry), Some(0.0));
    // Where there are no cells, each octave is allocated. Not all had some, and now as many have.
    let octave = 1024 * size_of::<u64>() as u64;
    assert!(first.bytes_total > 100 * octave, "{first:?}");
    let again = measure(|| histograms = histograms_that_have_all());
    assert!(
        again.bytes_total < first.bytes_total + 100 * octave,
        "{again:?}, and at first {first:?}"
    );
    check_each_has_64(&histograms);
}

fn check_each_has_64(histograms: &[Histogram]) {
    for histogram in histograms {
        let recorded = histogram.snapshot();
        assert_eq!((recorded.count(), recorded.sum()), (64, u64::MAX));
    }
}
