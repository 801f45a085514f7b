//! A scope is what begins with its prefix and carries its labels, and sees nothing else.

use super::{series, texts, why};
use flowmeter::{Registry, Sample, Scope, Source};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::time::Duration;

#[test]
fn a_prefix_and_labels_are_added_to_whatever_is_asked_for() {
    let registry = Registry::new();
    let scope = registry.scope("db").label("host", "a").scope("pool").label("shard", "1");
    scope.counter("rows").unwrap();
    scope.gauge("level").unwrap();
    scope.histogram("sizes").unwrap();
    scope.meter("marks").unwrap();
    scope.metric("load").label("table", "x").timer().unwrap();
    scope.callback("open", || 1.0).unwrap().keep();
    scope.health("well", || Ok::<_, String>(())).unwrap().keep();
    let labels = "host=\"a\",shard=\"1\"";
    let expected = ["level", "marks", "open", "rows", "sizes", "well"]
        .map(|name| format!("db.pool.{name}{{{labels}}}"));
    let mut expected = expected.to_vec();
    expected.insert(1, format!("db.pool.load{{{labels},table=\"x\"}}"));
    assert_eq!(texts(scope.keys()), expected);
    assert_eq!(registry.keys(), scope.keys());
}

#[test]
fn labels_in_any_order_are_added_to_those_of_the_scope_for_every_kind() {
    let registry = Registry::new();
    let scope = registry.scope("db").label("host", "a");
    let labels = &[("table", "x"), ("shard", "1")];
    let other_order = &[("shard", "1"), ("table", "x")];
    scope.counter_with("rows", labels).unwrap().inc();
    scope.gauge_with("level", labels).unwrap().set(1.0);
    scope.histogram_with("sizes", labels).unwrap().record(1);
    scope.meter_with("marks", labels).unwrap().mark(1);
    scope.timer_with("load", labels).unwrap().record(Duration::ZERO);
    assert_eq!(scope.counter_with("rows", other_order).unwrap().value(), 1);
    assert_eq!(scope.gauge_with("level", other_order).unwrap().value(), 1.0);
    let counted = [
        scope.histogram_with("sizes", other_order).unwrap().snapshot().count(),
        scope.meter_with("marks", other_order).unwrap().snapshot().total(),
        scope.timer_with("load", other_order).unwrap().snapshot().count(),
    ];
    assert_eq!(counted, [1; 3]);
    let expected = ["level", "load", "marks", "rows", "sizes"]
        .map(|name| format!("db.{name}{{host=\"a\",shard=\"1\",table=\"x\"}}"));
    assert_eq!(texts(registry.keys()), expected);
    let said = why(scope.timer_with("load", &[("host", "b")]));
    assert_eq!(said, "metric `db.load` was given label `host` twice");
}

#[test]
fn the_scope_of_a_label_is_whatever_carries_it() {
    let registry = Registry::new();
    let scope = registry.label("host", "a");
    scope.counter("rows").unwrap().add(3);
    registry.counter_with("db.rows", &[("table", "x"), ("host", "a")]).unwrap();
    registry.counter_with("rows", &[("host", "b")]).unwrap();
    registry.counter("rows").unwrap();
    let expected = ["db.rows{host=\"a\",table=\"x\"}", "rows{host=\"a\"}"];
    assert_eq!(texts(scope.keys()), expected);
    assert_eq!(registry.collect().counter_with("rows", &[("host", "a")]), Some(3));
    assert_eq!(scope.unregister_all(), 2);
    assert_eq!(texts(registry.keys()), ["rows", "rows{host=\"b\"}"]);
}

#[test]
fn an_empty_prefix_adds_nothing_and_nested_ones_add_up() {
    let registry = Registry::new();
    registry.scope("").counter("rows").unwrap();
    registry.scope("a").scope("").scope("b").counter("rows").unwrap().inc();
    assert_eq!(texts(registry.keys()), ["a.b.rows", "rows"]);
    assert_eq!(registry.scope("a.b").counter("rows").unwrap().value(), 1);
    assert_eq!(registry.scope("").unregister_all(), 2);
}

#[test]
fn words_that_only_begin_alike_are_other_scopes() {
    let registry = Registry::new();
    for name in ["db", "db.x", "db2.x", "dbx", "db.y.x"] {
        registry.counter(name).unwrap();
    }
    let db = registry.scope("db");
    assert_eq!(texts(db.keys()), ["db.x", "db.y.x"]);
    assert_eq!(db.unregister("x"), 1);
    assert_eq!(db.unregister_all(), 1);
    assert_eq!(texts(registry.keys()), ["db", "db2.x", "dbx"]);
}

#[test]
fn a_scope_takes_out_only_what_carries_its_labels() {
    let registry = Registry::new();
    let [one, other] = ["a", "b"].map(|host| registry.scope("db").label("host", host));
    let handles = [&one, &other].map(|scope| scope.counter("rows").unwrap());
    one.metric("rows").label("table", "x").counter().unwrap();
    registry.counter("db.rows").unwrap();
    assert!(!other.unregister_with("rows", &[("table", "x")]));
    assert!(one.unregister_with("rows", &[("table", "x")]));
    assert_eq!(one.unregister("rows"), 1);
    assert_eq!(handles.map(|handle| handle.is_registered()), [false, true]);
    assert_eq!(texts(registry.keys()), ["db.rows", "db.rows{host=\"b\"}"]);
}

struct Gives;

impl Source for Gives {
    fn sample(&mut self, sample: &mut Sample) {
        sample.gauge("open", 1.0);
    }
}

#[test]
fn a_scope_takes_out_its_own_sources_and_no_other() {
    let registry = Registry::new();
    let [a, b] = ["a", "b"].map(|host| registry.scope("db").label("host", host));
    let guards = [a.source("pool", Gives).unwrap(), b.source("pool", Gives).unwrap()];
    assert_eq!((series(&registry), registry.scope("db2").unregister_all()), (2, 0));
    a.unregister_all();
    let left = registry.collect().gauge_with("db.pool.open", &[("host", "b")]);
    assert_eq!((left, series(&registry)), (Some(1.0), 1));
    registry.scope("db.pool").unregister_all();
    assert_eq!(series(&registry), 0, "all series of the source are in that scope");
    drop(guards);
}

#[test]
fn a_label_that_scope_and_call_both_give_is_refused() {
    let registry = Registry::new();
    let scope = registry.scope("db").label("host", "a");
    let said = "metric `db.rows` was given label `host` twice";
    assert_eq!(why(scope.metric("rows").label("host", "a").counter()), said);
    assert_eq!(why(scope.clone().label("host", "b").counter("rows")), said);
    assert!(!scope.unregister_with("rows", &[("host", "a")]));
}

#[test]
fn a_jobs_scope_gives_its_name_as_a_label() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    job.scope().counter("pages").unwrap().add(3);
    job.scope().scope("web").counter("pages").unwrap();
    let copy = [("job", "copy")];
    assert_eq!(registry.collect().counter_with("pages", &copy), Some(3));
    let scope = job.scope();
    job.finish();
    assert_eq!(scope.unregister_all(), 2);
}

#[test]
fn a_scope_that_outlives_its_registry_gives_errors_and_empty_lists() {
    let registry = Registry::new();
    let scope = registry.scope("db").label("host", "a");
    scope.counter("rows").unwrap();
    drop(registry);
    let said = "metric `db.rows` was asked for in a scope whose registry is gone";
    assert_eq!(why(scope.counter("rows")), said);
    assert_eq!(why(scope.timer("rows")), said);
    assert_eq!(why(scope.callback("rows", || 1.0)), said);
    assert_eq!(why(scope.health("rows", || Ok::<_, String>(()))), said);
    assert_eq!(why(scope.source("rows", Gives)), said);
    assert_eq!((scope.keys(), scope.unregister("rows"), scope.unregister_all()), (vec![], 0, 0));
    assert!(!scope.unregister_with("rows", &[]));
}

/// A scope: the words of its prefix, and the value of its label.
type Part = (&'static str, Option<&'static str>);

fn part() -> impl Strategy<Value = Part> {
    let prefixes = vec!["db", "db2", "a", "a.b", "a.b.c", "ab", "d"];
    (select(prefixes), select(vec![None, Some("1"), Some("2"), Some("12")]))
}

fn scope(registry: &Registry, (prefix, host): Part) -> Scope {
    let scope = registry.scope(prefix);
    match host {
        Some(host) => scope.label("host", host),
        None => scope,
    }
}

/// Whether everything of the one is in the other.
fn is_within(one: Part, other: Part) -> bool {
    let words: Vec<_> = one.0.split('.').collect();
    let of_other: Vec<_> = other.0.split('.').collect();
    words.starts_with(&of_other) && (other.1.is_none() || other.1 == one.1)
}

proptest! {
    #[test]
    fn a_scope_sees_lists_and_takes_out_exactly_its_own(
        parts in vec((part(), select(vec!["x", "y"])), 0..12),
        asked in part(),
    ) {
        let registry = Registry::new();
        let counters: Vec<_> = parts.iter().map(|(part, name)| {
            (*part, scope(&registry, *part).counter(name).unwrap())
        }).collect();
        let asked_scope = scope(&registry, asked);
        let all = registry.keys();
        let seen = asked_scope.keys();
        let count = seen.len();
        prop_assert!(seen.is_sorted());
        prop_assert_eq!(asked_scope.unregister_all(), count);
        prop_assert_eq!(asked_scope.keys().len(), 0);
        prop_assert_eq!(registry.keys().len(), all.len() - count);
        for (part, counter) in counters {
            prop_assert_eq!(counter.is_registered(), !is_within(part, asked), "{:?}", part);
        }
    }

    #[test]
    fn two_scopes_of_which_none_is_in_the_other_count_apart(one in part(), other in part()) {
        let registry = Registry::new();
        let scopes = [scope(&registry, one), scope(&registry, other)];
        let counters = scopes.each_ref().map(|scope| scope.counter("rows").unwrap());
        counters[0].add(1);
        counters[1].add(2);
        let seen = counters.each_ref().map(flowmeter::Counter::value);
        prop_assert_eq!(seen, if one == other { [3, 3] } else { [1, 2] });
        scopes[0].unregister("rows");
        prop_assert_eq!(counters[1].is_registered(), one != other
            && !(one.0 == other.0 && is_within(other, one)));
    }
}
