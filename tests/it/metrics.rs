//! Counters and gauges: which series a name and labels are, and that nothing counted is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;
use std::thread::{self, Scope, ScopedJoinHandle};

use flowmeter::{Registry, Snapshot};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use crate::laws::arbitrary::series_name;
use crate::own::users;

const THREADS: u64 = 8;
const ROUNDS: usize = 2_000;

type Labels = BTreeMap<String, String>;

fn pairs(labels: &Labels) -> Vec<(&str, &str)> {
    labels.iter().map(|(label, value)| (&**label, &**value)).collect()
}

/// Labels of few texts, whose concatenations are often the same.
fn confusable() -> impl Strategy<Value = Labels> {
    let labels = || select(vec!["a", "b", "c", "ab", "bc", "abc", "a=b", "\""]);
    let texts = || select(vec!["a", "b", "c", "ab", "bc", "abc", "=", ",", "a=b", "\"", "\0"]);
    let value = prop_oneof![texts(), Just("")].prop_map(String::from);
    btree_map(labels().prop_map(String::from), value, 0..3)
}

// Identity.

proptest! {
    #[test]
    fn two_handles_count_one_series_exactly_if_name_and_labels_are_equal(
        one in (select(vec!["m", "mm", "m{b=\"c\"}"]), confusable()),
        other in (select(vec!["m", "mm", "m{b=\"c\"}"]), confusable()),
    ) {
        let registry = Registry::new();
        let first = registry.counter_with(one.0, &pairs(&one.1)).unwrap();
        let second = registry.counter_with(other.0, &pairs(&other.1)).unwrap();
        first.add(1);
        second.add(10);
        let (seen, series) = if one == other { ((11, 11), 1) } else { ((1, 10), 2) };
        prop_assert_eq!((first.value(), second.value()), seen);
        prop_assert_eq!(users(&registry.collect()).len(), series);
    }

    #[test]
    fn the_order_in_which_labels_are_given_makes_no_difference(
        (name, labels) in series_name(),
        turn in any::<prop::sample::Index>(),
    ) {
        let registry = Registry::new();
        let mut given = pairs(&labels);
        registry.counter_with(&name, &given).unwrap().add(1);
        given.reverse();
        registry.counter_with(&name, &given).unwrap().add(2);
        given.rotate_left(turn.index(labels.len() + 1));
        registry.counter_with(&name, &given).unwrap().add(4);
        let snapshot = registry.collect();
        prop_assert_eq!(snapshot.counter_with(&name, &given), Some(7));
        let key = &users(&snapshot)[0].key;
        prop_assert_eq!(key.name(), name);
        prop_assert_eq!(key.labels().collect::<Vec<_>>(), pairs(&labels));
    }

    #[test]
    fn there_are_as_many_series_as_different_sets_of_labels(all in vec(confusable(), 0..30)) {
        let registry = Registry::new();
        for labels in &all {
            registry.counter_with("rows", &pairs(labels)).unwrap().inc();
        }
        let snapshot = registry.collect();
        let different: BTreeSet<_> = all.iter().collect();
        prop_assert_eq!(users(&snapshot).len(), different.len());
        for labels in different {
            let times = all.iter().filter(|other| *other == labels).count() as u64;
            prop_assert_eq!(snapshot.counter_with("rows", &pairs(labels)), Some(times));
        }
    }
}

#[test]
fn no_two_series_are_taken_for_one_because_their_texts_join_up_alike() {
    let registry = Registry::new();
    let series: [(&str, &[(&str, &str)]); 7] = [
        ("m", &[("ab", "c")]),
        ("m", &[("a", "bc")]),
        ("m", &[("x", "ab"), ("y", "c")]),
        ("m", &[("x", "a"), ("y", "bc")]),
        ("m", &[("x", "ab\",y=\"c")]),
        ("ma", &[("b", "c")]),
        ("m{ab=\"c\"}", &[]),
    ];
    for (n, (name, labels)) in (1..).zip(series) {
        registry.counter_with(name, labels).unwrap().add(n);
    }
    let snapshot = registry.collect();
    for (n, (name, labels)) in (1..).zip(series) {
        assert_eq!(snapshot.counter_with(name, labels), Some(n), "{name} {labels:?}");
    }
}

#[test]
fn a_label_given_twice_is_refused_and_named() {
    let registry = Registry::new();
    for values in [["flights", "planes"], ["flights", "flights"]] {
        let labels = [("table", values[0]), ("side", "read"), ("table", values[1])];
        let said = "metric `rows` was given label `table` twice";
        assert_eq!(registry.counter_with("rows", &labels).unwrap_err().to_string(), said);
        assert_eq!(registry.gauge_with("rows", &labels).unwrap_err().to_string(), said);
    }
    assert!(users(&registry.collect()).is_empty());
}

#[test]
fn an_empty_name_is_refused_also_of_a_label() {
    let registry = Registry::new();
    let said = "a metric was asked for by an empty name";
    assert_eq!(registry.counter("").unwrap_err().to_string(), said);
    assert_eq!(registry.gauge_with("", &[("a", "b")]).unwrap_err().to_string(), said);
    let error = registry.counter_with("rows", &[("a", "b"), ("", "c")]).unwrap_err();
    assert_eq!(error.to_string(), "metric `rows` was given a label with an empty name");
    assert!(users(&registry.collect()).is_empty());
}

#[test]
fn asking_for_another_kind_is_an_error_that_names_both() {
    let registry = Registry::new();
    registry.counter("rows").unwrap().add(1);
    registry.gauge("level").unwrap().set(2.0);
    let error = registry.gauge("rows").unwrap_err();
    assert_eq!(error.to_string(), "metric `rows` was asked for as a gauge but is a counter");
    let error = registry.counter("level").unwrap_err();
    assert_eq!(error.to_string(), "metric `level` was asked for as a counter but is a gauge");
    let error = registry.gauge_with("rows", &[("table", "flights")]).unwrap_err();
    let said = "metric `rows{table=\"flights\"}` was asked for as a gauge but is a counter";
    assert_eq!(error.to_string(), said);
    let snapshot = registry.collect();
    assert_eq!((snapshot.counter("rows"), snapshot.gauge("level")), (Some(1), Some(2.0)));
    assert_eq!(users(&snapshot).len(), 2);
}

// Counting.

fn start<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    work: impl Fn(u64) -> T + Copy + Send + 's,
) -> Vec<ScopedJoinHandle<'s, T>> {
    (0..THREADS).map(|thread| scope.spawn(move || work(thread))).collect()
}

/// Takes `steps` steps on each of eight threads, which meet now and then, so that none is through
/// before the next one has begun.
fn side_by_side<'s>(
    scope: &'s Scope<'s, '_>,
    together: &'s Barrier,
    steps: u64,
    step: impl Fn(u64) + Copy + Send + 's,
) -> Vec<ScopedJoinHandle<'s, ()>> {
    start(scope, move |thread| {
        for n in 0..steps {
            if n % 10_000 == 0 {
                together.wait();
            }
            step(thread);
        }
    })
}

/// Every total of `rows` that was collected while the threads worked, in order.
fn totals_meanwhile<T>(registry: &Registry, threads: &[ScopedJoinHandle<'_, T>]) -> Vec<u64> {
    let mut totals = Vec::new();
    while !threads.iter().all(ScopedJoinHandle::is_finished) {
        totals.extend(registry.collect().counter("rows"));
        thread::yield_now();
    }
    totals
}

#[test]
fn a_counter_is_exact_and_never_seen_to_go_down_while_eight_threads_add() {
    const ADDS: u64 = 1_000_000;
    let registry = Registry::new();
    let rows = registry.counter("rows").unwrap();
    let together = Barrier::new(THREADS as usize);
    let totals = thread::scope(|scope| {
        let threads = side_by_side(scope, &together, ADDS, |_| rows.inc());
        totals_meanwhile(&registry, &threads)
    });
    assert!(totals.is_sorted(), "a total went down");
    assert_eq!((rows.value(), registry.collect().counter("rows")), (8_000_000, Some(8_000_000)));
}

#[test]
fn what_a_thread_has_added_is_in_the_very_next_collection() {
    let registry = Registry::new();
    thread::scope(|scope| {
        start(scope, |thread| {
            let name = format!("rows of {thread}");
            let rows = registry.counter(&name).unwrap();
            for n in 1..=500 {
                rows.inc();
                assert_eq!(registry.collect().counter(&name), Some(n));
            }
        });
    });
}

/// Has eight threads do `register` for each of many names, all of them at once for each name.
fn at_once<T: Send>(register: impl Fn(u64, &str) -> T + Copy + Send) -> Vec<Vec<T>> {
    let together = &Barrier::new(THREADS as usize);
    let work = move |thread| {
        let at_once = |round| {
            together.wait();
            register(thread, &format!("rows {round}"))
        };
        (0..ROUNDS).map(at_once).collect()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|n| scope.spawn(move || work(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn threads_that_register_one_series_at_once_all_count_in_it() {
    let registry = Registry::new();
    at_once(|thread, name| registry.counter(name).unwrap().add(1 << thread));
    let snapshot = registry.collect();
    for round in 0..ROUNDS {
        let total = snapshot.counter(&format!("rows {round}"));
        assert_eq!(total, Some((1 << THREADS) - 1), "round {round}");
    }
}

#[test]
fn of_threads_that_ask_for_one_name_as_two_kinds_at_once_one_kind_wins_for_all() {
    let registry = Registry::new();
    let given = at_once(|thread, name| match thread % 2 {
        0 => registry.counter(name).is_ok(),
        _ => registry.gauge(name).is_err(),
    });
    let snapshot = registry.collect();
    for round in 0..ROUNDS {
        let is_counter = snapshot.counter(&format!("rows {round}")).is_some();
        assert!(given.iter().all(|thread| thread[round] == is_counter), "round {round}");
    }
}

#[test]
fn a_gauge_loses_no_change_of_eight_threads_that_raise_and_lower_it() {
    const CHANGES: u64 = 100_000;
    let registry = Registry::new();
    let level = registry.gauge("level").unwrap();
    let together = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        side_by_side(scope, &together, CHANGES, |thread| {
            level.add((thread + 2) as f64);
            level.sub(1.0);
        });
    });
    let sum: u64 = (0..THREADS).map(|thread| (thread + 1) * CHANGES).sum();
    assert_eq!(registry.collect().gauge("level"), Some(sum as f64));
}

proptest! {
    #[test]
    fn a_gauge_keeps_the_bits_that_are_set(bits in any::<u64>()) {
        let registry = Registry::new();
        let level = registry.gauge("level").unwrap();
        let float = f64::from_bits(bits);
        for float in [float, f64::from_bits(bits | 0x7ff0_0000_0000_0000), -0.0] {
            level.set(float);
            let seen = [Some(level.value()), registry.collect().gauge("level")];
            prop_assert_eq!(seen.map(|level| level.map(f64::to_bits)), [Some(float.to_bits()); 2]);
        }
    }
}

#[test]
fn a_series_is_zero_until_something_is_counted() {
    let registry = Registry::new();
    let (_, _) = (registry.counter("rows").unwrap(), registry.gauge("level").unwrap());
    let snapshot = registry.collect();
    assert_eq!((snapshot.counter("rows"), snapshot.gauge("level")), (Some(0), Some(0.0)));
}

#[test]
fn a_series_goes_on_when_all_of_its_handles_are_gone() {
    let registry = Registry::new();
    registry.counter("rows").unwrap().add(3);
    registry.counter("rows").unwrap().add(4);
    assert_eq!(registry.collect().counter("rows"), Some(7));
}

#[test]
fn handles_outlive_their_registry_and_count_on() {
    let registry = Registry::new();
    let (rows, level) = (registry.counter("rows").unwrap(), registry.gauge("level").unwrap());
    let before: Snapshot = registry.collect();
    drop(registry);
    rows.clone().add(3);
    level.add(1.5);
    assert_eq!((rows.value(), level.value()), (3, 1.5));
    assert_eq!((before.counter("rows"), before.gauge("level")), (Some(0), Some(0.0)));
}
