//! Who keeps whom alive: a registry what it calls, and what it calls the registry.

use super::{Gives, registry};
use flowmeter::{MetricError, Registry, Sample};
use std::sync::Arc;

/// Whether somebody else still holds it.
fn is_held(value: &Arc<()>) -> bool {
    Arc::strong_count(value) > 1
}

/// A callback, a source and a check, each of which holds the value.
fn three_that_hold(value: &Arc<()>, registry: &Registry) {
    let [one, two, three] = [0; 3].map(|_| Arc::clone(value));
    registry.callback("level", move || Arc::strong_count(&one) as f64).unwrap().keep();
    let give = move |sample: &mut Sample| sample.gauge("held", Arc::strong_count(&two) as f64);
    registry.source("of", Gives(give)).unwrap().keep();
    let check = move || if Arc::strong_count(&three) > 9 { Err("too many") } else { Ok(()) };
    registry.health("well", check).unwrap().keep();
}

#[test]
fn a_dropped_registry_frees_what_it_called_although_snapshots_live() {
    let value = Arc::new(());
    let (_, registry) = registry();
    three_that_hold(&value, &registry);
    assert_eq!(Arc::strong_count(&value), 4);
    let snapshot = registry.collect();
    let report = registry.report();
    let reports = registry.reports();
    drop(registry);
    assert!(is_held(&value), "a cursor holds the registry");
    drop(reports);
    assert!(!is_held(&value));
    assert_eq!(snapshot.gauge("level"), Some(4.0));
    assert_eq!(report.snapshot().gauge("of.held"), Some(4.0));
}

#[test]
fn a_registry_that_never_collected_frees_what_it_would_have_called() {
    let value = Arc::new(());
    let (_, registry) = registry();
    three_that_hold(&value, &registry);
    drop(registry);
    assert!(!is_held(&value));
}

#[test]
fn taking_it_out_frees_it() {
    let value = Arc::new(());
    let (_, registry) = registry();
    let add = |name| {
        let value = Arc::clone(&value);
        registry.metric(name).label("a", "1").callback(move || {
            assert!(is_held(&value));
            1.0
        })
    };
    let guard = add("by.name").unwrap();
    registry.collect();
    assert_eq!(registry.unregister("by.name"), 1);
    assert!(!is_held(&value));
    drop(guard);
    add("by.labels").unwrap().keep();
    assert!(registry.unregister_with("by.labels", &[("a", "1")]));
    assert!(!is_held(&value));
    three_that_hold(&value, &registry);
    assert_eq!(registry.unregister_all(), 3, "a source is one of them");
    assert!(!is_held(&value));
    assert!(registry.collect().gauge("of.held").is_none());
    let guard = add("by.guard").unwrap();
    assert!(is_held(&value));
    drop(guard);
    assert!(!is_held(&value));
}

#[test]
fn what_is_refused_is_freed_at_once() {
    let value = Arc::new(());
    let (_, registry) = registry();
    let _level = registry.gauge("level").unwrap();
    let held = Arc::clone(&value);
    registry.callback("level", move || Arc::strong_count(&held) as f64).unwrap_err();
    assert!(!is_held(&value));
}

#[test]
fn a_scope_inside_does_not_keep_the_registry_alive() {
    let (_, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    let scope = registry.scope("inside");
    registry
        .callback("level", move || {
            scope.counter("calls").map_or(-1.0, |calls| {
                calls.add(1);
                calls.value() as f64
            })
        })
        .unwrap()
        .keep();
    assert_eq!(registry.collect().gauge("level"), Some(1.0));
    let scope = registry.scope("");
    drop(registry);
    assert!(!rows.is_registered());
    let error = scope.callback("late", || 1.0).unwrap_err();
    assert!(matches!(error, MetricError::Gone { .. }), "{error}");
}

#[test]
fn a_registry_inside_keeps_itself_alive_until_the_guard_is_dropped() {
    let (_, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    let inside = registry.clone();
    let guard = registry.callback("level", move || inside.keys().len() as f64).unwrap();
    assert_eq!(registry.collect().gauge("level"), Some(2.0));
    drop(registry);
    assert!(rows.is_registered());
    drop(guard);
    assert!(!rows.is_registered());
}

#[test]
fn a_guard_outlives_its_registry() {
    let (_, registry) = registry();
    let guard = registry.callback("level", || 1.0).unwrap();
    registry.collect();
    drop(registry);
    drop(guard);
}
