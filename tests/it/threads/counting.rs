//! Counting by many threads, that come and go while others look.

use super::look_beside;
use flowmeter::{Counter, Histogram, HistogramSnapshot, Registry};
use std::thread;

const LANES: u64 = 8;
const GENERATIONS: u64 = 100;
const ADDS: u64 = 125_000;

/// Runs so many threads at once, one after the other in each lane.
fn in_lanes(generations: u64, work: impl Fn() + Sync, between: impl Fn(u64) + Sync) {
    let lane = || {
        for generation in 0..generations {
            thread::scope(|scope| {
                scope.spawn(&work);
            });
            between(generation);
        }
    };
    thread::scope(|scope| (0..LANES).for_each(|_| drop(scope.spawn(lane))));
}

/// A registry that lives shortly: its counter begins at zero, whose cell it may ever have.
fn count_in_another_registry(generation: u64) {
    let registry = Registry::new();
    let counter = registry.counter("rows").unwrap();
    counter.add(generation);
    thread::scope(|scope| drop(scope.spawn(|| counter.add(1))));
    assert_eq!(registry.collect().counter("rows"), Some(generation + 1));
}

#[test]
fn a_hundred_million_adds_by_threads_that_come_and_go_are_counted_exactly() {
    let registry = Registry::new();
    let rows = registry.counter("rows").unwrap();
    let mut last = 0;
    let look = || {
        let now = registry.collect().counter("rows").unwrap();
        assert!(now >= last, "{now} after {last}");
        last = now;
    };
    look_beside(look, || {
        in_lanes(GENERATIONS, || (0..ADDS).for_each(|_| rows.inc()), count_in_another_registry);
    });
    assert_eq!(rows.value(), LANES * GENERATIONS * ADDS);
}

#[test]
fn all_values_of_threads_that_come_and_go_are_there_with_their_sum_and_their_extremes() {
    let histogram = Histogram::default();
    let values = || 1..=10_000_u64;
    let mut last = 0;
    let look = || {
        let now = histogram.snapshot();
        assert!(now.count() >= last, "{} after {last}", now.count());
        assert!((1.0..=10_000.0).contains(&now.mean().unwrap_or(1.0)), "{now:?}");
        last = now.count();
    };
    look_beside(look, || {
        in_lanes(20, || values().for_each(|value| histogram.record(value)), |_| ());
    });
    let once = HistogramSnapshot::of(Histogram::default().buckets(), values());
    let mut all = HistogramSnapshot::empty(once.buckets());
    (0..20 * LANES).for_each(|_| all.merge(&once).unwrap());
    assert_eq!(histogram.snapshot(), all, "bucket for bucket");
}

#[test]
fn what_has_the_cells_that_others_had_begins_at_zero() {
    for round in 1..200_u64 {
        let counters: Vec<_> = (0..10).map(|_| Counter::default()).collect();
        let histogram = Histogram::default();
        let count = || {
            counters.iter().for_each(|counter| counter.add(round));
            (0..10).for_each(|octave| histogram.record(round << octave));
        };
        thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(count))));
        assert!(counters.iter().all(|counter| counter.value() == 3 * round));
        let recorded = histogram.snapshot();
        assert_eq!((recorded.count(), recorded.sum()), (30, 3 * 1023 * round));
        assert_eq!((recorded.min(), recorded.max()), (Some(round), Some(round << 9)));
    }
}
