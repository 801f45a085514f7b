//! What panics is counted and named, and harms nothing else.

use super::{Gives, OnDrop, counted, registry};
use crate::job::panic_quietly;
use flowmeter::{Change, Registry, Sample, Snapshot};
use std::sync::Arc;

fn panicked(snapshot: &Snapshot, name: &str) -> Option<u64> {
    counted(snapshot, "panicked", name)
}

#[test]
fn what_panics_is_absent_and_counted_and_is_called_again() {
    let (_, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    let mut calls = 0;
    let _bad = registry.callback("bad", move || {
        calls += 1;
        if calls < 3 { panic_quietly() } else { f64::from(calls) }
    });
    let mut samples = 0;
    let give = move |sample: &mut Sample| {
        samples += 1;
        sample.gauge("before", 1.0);
        if samples < 3 {
            panic_quietly();
        }
    };
    let _source = registry.source("worse", Gives(give)).unwrap();
    let _good = registry.callback("good", || 1.0).unwrap();
    rows.add(2);
    for times in [1, 2] {
        let snapshot = registry.collect();
        assert_eq!((snapshot.gauge("bad"), snapshot.gauge("worse.before")), (None, None));
        assert_eq!((snapshot.gauge("good"), snapshot.counter("rows")), (Some(1.0), Some(2)));
        assert_eq!(panicked(&snapshot, "bad"), Some(times));
        assert_eq!(panicked(&snapshot, "worse"), Some(times));
        assert_eq!(panicked(&snapshot, "good"), Some(0));
    }
    let snapshot = registry.collect();
    assert_eq!((snapshot.gauge("bad"), snapshot.gauge("worse.before")), (Some(3.0), Some(1.0)));
    assert_eq!((panicked(&snapshot, "bad"), panicked(&snapshot, "worse")), (Some(2), Some(2)));
}

#[test]
fn a_reason_that_panics_when_it_is_shown_is_the_checks_failure() {
    struct Bad;
    impl std::fmt::Display for Bad {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic_quietly()
        }
    }
    let (_, registry) = registry();
    let _guard = registry.health("bad", || Err(Bad)).unwrap();
    let snapshot = registry.collect();
    assert_eq!(snapshot.health("bad").unwrap().to_string(), "unhealthy: panicked: as planned");
}

#[test]
fn what_panics_when_it_is_dropped_while_it_runs_harms_nobody() {
    let (_, registry) = registry();
    let scope = registry.scope("");
    let bomb = OnDrop(|| panic_quietly());
    let level = move || {
        let _bomb = &bomb;
        scope.unregister("bad") as f64
    };
    registry.callback("bad", level).unwrap().keep();
    let _good = registry.callback("good", || 1.0).unwrap();
    for _ in 0..2 {
        let snapshot = registry.collect();
        assert_eq!((snapshot.gauge("bad"), snapshot.gauge("good")), (None, Some(1.0)));
    }
}

fn always_bad(registry: &Registry, part: &str) -> flowmeter::SourceGuard {
    registry.metric("bad").label("part", part).callback(|| panic_quietly()).unwrap()
}

#[test]
fn what_others_of_the_name_come_and_go_changes_no_failure_that_was_counted() {
    let (_, registry) = registry();
    let increase = |now: &Snapshot, earlier| match now
        .delta(earlier)
        .get_with("flowmeter.panicked", &[("source", "bad")])
    {
        Some(Change::Counter { total, increase, restarted, .. }) => (total, increase, restarted),
        other => panic!("{other:?}"),
    };
    let a = always_bad(&registry, "a");
    registry.collect();
    let first = registry.collect();
    let b = always_bad(&registry, "b");
    let second = registry.collect();
    assert_eq!(increase(&second, &first), (4, 2, false));
    drop(a);
    let third = registry.collect();
    assert_eq!(increase(&third, &second), (5, 1, false));
    drop(b);
    assert_eq!(panicked(&registry.collect(), "bad"), None);
    let _again = always_bad(&registry, "a");
    assert_eq!(increase(&registry.collect(), &third), (1, 1, true));
}

#[test]
fn what_panics_when_it_is_dropped_keeps_nothing_else_and_reaches_nobody() {
    let (_, registry) = registry();
    let add = |name: &str| {
        let bomb = OnDrop(|| panic_quietly());
        let level = move || {
            let _held = &bomb;
            1.0
        };
        registry.callback(name, level).unwrap()
    };
    let good = Arc::new(());
    let held = Arc::clone(&good);
    add("bad").keep();
    registry.callback("good", move || Arc::strong_count(&held) as f64).unwrap().keep();
    assert_eq!(registry.unregister_all(), 2);
    assert_eq!((Arc::strong_count(&good), registry.keys().len()), (1, 0));
    assert_eq!(registry.collect().gauge("good"), None);

    drop(add("guarded"));
    add("one").keep();
    add("two").keep();
    // Two panics at once would abort the process.
    drop(registry);
}
