//! What collections share: it costs little, and nobody can tell.

use crate::own::users;
use allocation_counter::measure;
use flowmeter::{Counter, Registry, Snapshot, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A registry with so many counters of one name, and their handles.
fn counters(count: usize) -> (Registry, Vec<Counter>) {
    let registry = Registry::builder().series_limit(count).build();
    let counter = |n: usize| {
        let (table, host) = (format!("t{:05}", n % 1000), format!("host{:04}", n / 1000));
        registry.counter_with("rows_total", &[("tables", &table), ("hosted", &host)]).unwrap()
    };
    let counters = (0..count).map(counter).collect();
    (registry, counters)
}

#[test]
fn a_counter_of_short_labels_costs_at_most_110_bytes_and_its_place_in_order_8() {
    let count = 100_000;
    // What all counters of a process have in common.
    Counter::default().inc();
    let mut made = None;
    let held = measure(|| made = Some(counters(count)));
    let (registry, handles) = made.unwrap();
    let of_handles = (handles.capacity() * size_of::<Counter>()) as i64;
    let each = (held.bytes_current - of_handles) / count as i64;
    assert!(each <= 110, "{each} bytes");
    let more = measure(|| drop(registry.collect())).bytes_current / count as i64;
    assert!(more <= 8, "{more} bytes more");
}

#[test]
fn collecting_again_allocates_the_values_and_a_few_things_however_many_series_there_are() {
    let again = |count: usize| {
        let (registry, _handles) = counters(count);
        let first = registry.collect();
        let again = measure(|| drop(registry.collect()));
        drop(first);
        (again.count_total, again.bytes_total)
    };
    let [few, many] = [again(10), again(10_000)];
    assert_eq!(few.0, many.0);
    // Those of jobs are as many as the parts of their map, which depend on the machine.
    assert!(few.0 < 8 + 4 * 64, "{} allocations", few.0);
    assert_eq!(many.1 - few.1, 8 * 9_990);
}

#[test]
fn a_histogram_that_is_collected_again_allocates_at_most_four_times_however_many_buckets_it_has() {
    let again = |count: u64| {
        let registry = Registry::new();
        for of in 0..count {
            let sizes = registry.histogram_with("sizes", &[("of", &format!("{of}"))]).unwrap();
            (0..1_000).for_each(|size| sizes.record(size * size));
        }
        drop(registry.collect());
        measure(|| drop(registry.collect())).count_total
    };
    let more = again(110) - again(10);
    assert!(more <= 4 * 100, "{more} allocations");
}

#[test]
fn what_is_taken_out_is_freed_though_snapshots_show_it() {
    let registry = Registry::new();
    let record = |name, label: &str| {
        registry.histogram_with(name, &[("of", label)]).unwrap().record(1_000);
    };
    record("stays", "");
    (0..100).for_each(|n| record("goes", &format!("{n}")));
    let snapshot = registry.collect();
    let freed = -measure(|| assert_eq!(registry.unregister("goes"), 100)).bytes_current;
    // The least that a histogram takes.
    assert!(freed >= 100 * 300, "{freed} bytes");
    let shown = snapshot.histogram_with("goes", &[("of", "7")]).unwrap();
    assert_eq!((shown.count(), shown.sum()), (1, 1_000));
}

/// Something that happens to a registry: of what name and label, and how much is counted.
#[derive(Clone, Debug)]
struct Step {
    what: What,
    name: &'static str,
    label: &'static str,
    n: u64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Count,
    TakeOut,
    TakeOutName,
    Collect,
}

fn step() -> impl Strategy<Value = Step> {
    use What::{Collect, Count, TakeOut, TakeOutName};
    let what = proptest::sample::select(vec![Count, Count, Count, TakeOut, TakeOutName, Collect]);
    // Before, between and behind the registry's own, which begin with `flowmeter.`.
    let name = proptest::sample::select(vec!["calls", "deep", "flow", "rows", "sizes"]);
    let label = proptest::sample::select(vec!["", "x", "y", "a value that is longer than others"]);
    (what, name, label, 0..9u64).prop_map(|(what, name, label, n)| Step { what, name, label, n })
}

/// What is there, by name and label.
type Model = BTreeMap<(&'static str, &'static str), u64>;

fn take(registry: &Registry, model: &mut Model, Step { what, name, label, n }: &Step) {
    let labels = [("of", *label)];
    match what {
        What::Count => {
            match *name {
                "calls" => registry.meter_with(name, &labels).unwrap().mark(*n),
                "deep" => registry.gauge_with(name, &labels).unwrap().add(*n as f64),
                "sizes" => registry.histogram_with(name, &labels).unwrap().record_n(1, *n),
                _ => registry.counter_with(name, &labels).unwrap().add(*n),
            }
            *model.entry((*name, *label)).or_default() += *n;
        }
        What::TakeOut => {
            let was_there = model.remove(&(*name, *label)).is_some();
            assert_eq!(registry.unregister_with(name, &labels), was_there);
        }
        What::TakeOutName => {
            let before = model.len();
            model.retain(|(of, _), _| of != name);
            assert_eq!(registry.unregister(name), before - model.len());
        }
        What::Collect => {}
    }
}

/// What a snapshot shows of users' series.
fn shown(snapshot: &Snapshot) -> Vec<(String, String, u64)> {
    let shown = users(snapshot).into_iter().map(|series| {
        let (_, label) = series.key.labels().next().unwrap();
        let n = match series.value {
            Value::Counter(total) => total,
            Value::Gauge(level) => level as u64,
            Value::Histogram(all) => all.count(),
            Value::Meter(marks) => marks.total(),
            other => panic!("{other:?} was not registered"),
        };
        (series.key.name().to_owned(), label.to_owned(), n)
    });
    shown.collect()
}

/// The same with nothing in common with other snapshots.
fn apart(snapshot: &Snapshot) -> Snapshot {
    Snapshot::from_json(&snapshot.to_json()).unwrap()
}

proptest! {
    #[test]
    fn whatever_came_and_went_each_snapshot_shows_what_was_there(
        steps in proptest::collection::vec(step(), 0..60),
    ) {
        let (registry, mut model) = (Registry::new(), Model::new());
        let mut snapshots = Vec::new();
        for step in &steps {
            take(&registry, &mut model, step);
            if let What::Collect = step.what {
                let snapshot = registry.collect();
                let there: Vec<_> = model
                    .iter()
                    .map(|((name, label), n)| ((*name).to_owned(), (*label).to_owned(), *n))
                    .collect();
                prop_assert_eq!(shown(&snapshot), there);
                prop_assert!(snapshot.series().is_sorted_by(|one, next| one.key < next.key));
                snapshots.push((apart(&snapshot), snapshot));
            }
        }
        // What came later changed none, nor what two of them tell.
        for (apart, snapshot) in &snapshots {
            prop_assert_eq!(snapshot, apart);
            for (apart_then, then) in &snapshots {
                prop_assert_eq!(snapshot.delta(then), apart.delta(apart_then));
            }
        }
        for (_, snapshot) in &snapshots {
            for series in snapshot.series() {
                let labels: Vec<_> = series.key.labels().collect();
                let found = snapshot.value_with(series.key.name(), &labels);
                prop_assert_eq!(found, Some(series.value));
            }
        }
    }
}
