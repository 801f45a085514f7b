//! Families by the texts of their labels.

use allocation_counter::measure;
use flowmeter::{Counter, Family, Gauge, Histogram, Meter, MetricError, Registry, Timer};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::thread;

fn rows(registry: &Registry) -> Family<Counter, 2> {
    registry.metric("rows").family(["table", "outcome"]).unwrap()
}

fn rows_of(registry: &Registry, table: &str, outcome: &str) -> Option<u64> {
    registry.collect().counter_with("rows", &[("table", table), ("outcome", outcome)])
}

/// The same text, elsewhere in memory.
fn elsewhere(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[test]
fn the_same_texts_give_the_same_metric_wherever_they_lie() {
    let registry = Registry::new();
    let rows = rows(&registry);
    for table in ["flights", elsewhere("flights")] {
        rows.of([table, "kept"]).add(1);
        rows.of_static([table, "kept"]).add(10);
        rows.clone().of_static([table, "kept"]).add(100);
    }
    registry.counter_with("rows", &[("outcome", "kept"), ("table", "flights")]).unwrap().add(1_000);
    assert_eq!(rows_of(&registry, "flights", "kept"), Some(1_222));
    assert_eq!(rows.of(["flights", "kept"]).value(), 1_222);
}

#[test]
fn texts_that_are_alike_when_they_are_joined_are_told_apart() {
    let registry = Registry::new();
    let rows = rows(&registry);
    let all = [["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["", ""], ["é", "a"]];
    for (n, values) in (1..).zip(all) {
        rows.of(values).add(n);
        rows.of_static(values).add(n);
    }
    for (n, [table, outcome]) in (1..).zip(all) {
        assert_eq!(rows_of(&registry, table, outcome), Some(2 * n));
    }
}

proptest! {
    #[test]
    fn a_family_counts_as_a_map_does(
        all in vec((prop::sample::select(vec!["", "a", "b", "ab", "ba", "aab"]), "[ab]{0,3}", any::<bool>()), 0..300)
    ) {
        let registry = Registry::new();
        let rows = rows(&registry);
        let mut map = BTreeMap::new();
        for (table, outcome, is_static) in &all {
            match is_static {
                true => rows.of_static([table, elsewhere(outcome)]).inc(),
                false => rows.of([table, outcome]).inc(),
            }
            *map.entry((*table, &**outcome)).or_insert(0) += 1;
        }
        for ((table, outcome), count) in map {
            prop_assert_eq!(rows_of(&registry, table, outcome), Some(count));
        }
    }
}

#[test]
fn threads_that_find_and_add_at_once_lose_nothing() {
    const TABLES: u64 = 500;
    let registry = Registry::new();
    let rows = rows(&registry);
    let tables: Vec<String> = (0..TABLES).map(|n| format!("table-{n}")).collect();
    let count = || {
        for round in 0..20 {
            tables.iter().for_each(|table| rows.of([table, "kept"]).add(round));
        }
    };
    thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(count))));
    let now = registry.collect();
    let of = |table: &str| now.counter_with("rows", &[("table", table), ("outcome", "kept")]);
    assert!(tables.iter().all(|table| of(table) == Some(8 * 190)));
    assert_eq!(now.series().filter(|series| series.key.name() == "rows").count(), tables.len());
}

#[test]
fn what_was_taken_out_is_registered_anew_by_the_next_call() {
    let registry = Registry::new();
    let rows = rows(&registry);
    type Add = fn(&Family<Counter, 2>, [&'static str; 2], u64);
    let adds: [Add; 2] =
        [|rows, texts, n| rows.of(texts).add(n), |rows, texts, n| rows.of_static(texts).add(n)];
    for add in adds {
        add(&rows, ["flights", "kept"], 3);
        add(&rows, ["weather", "kept"], 5);
        registry.unregister_with("rows", &[("table", "flights"), ("outcome", "kept")]);
        assert_eq!(rows_of(&registry, "flights", "kept"), None);
        add(&rows, ["flights", "kept"], 4);
        assert_eq!(rows_of(&registry, "flights", "kept"), Some(4));
        registry.unregister("rows");
    }
}

/// The limit is 1,000: see `Family`.
#[test]
fn where_very_much_was_taken_out_it_still_finds_what_is_there() {
    let registry = Registry::new();
    let rows = rows(&registry);
    for round in 0..1_100 {
        for n in [round, 1] {
            rows.of(["flights", "kept"]).add(n);
            rows.of_static(["flights", "kept"]).add(n);
        }
        assert_eq!(rows_of(&registry, "flights", "kept"), Some(2 * (round + 1)));
        registry.unregister("rows");
    }
    rows.of(["weather", "kept"]).add(1);
    assert_eq!(rows_of(&registry, "weather", "kept"), Some(1));
}

/// The limit is 10,000: see `Family::of_static`.
#[test]
fn texts_of_ever_new_addresses_are_found_all_the_same() {
    let registry = Registry::new();
    let rows = rows(&registry);
    for _ in 0..10_100 {
        rows.of_static([elsewhere("flights"), "kept"]).inc();
    }
    assert_eq!(rows_of(&registry, "flights", "kept"), Some(10_100));
}

#[test]
fn beyond_the_limit_it_gives_the_overflow_of_its_scope() {
    let registry = Registry::builder().series_limit(1).build();
    let scope = registry.label("job", "copy");
    let rows: Family<Counter, 1> = scope.metric("rows").family(["table"]).unwrap();
    rows.of(["a"]).inc();
    (0..3).for_each(|_| rows.of(["b"]).inc());
    rows.of_static(["c"]).inc();
    rows.of(["a"]).inc();
    let now = registry.collect();
    assert_eq!(now.counter_with("rows", &[("job", "copy"), ("table", "a")]), Some(2));
    let overflow = [("job", "copy"), ("flowmeter.overflow", "true")];
    assert_eq!(now.counter_with("rows", &overflow), Some(4));
    assert_eq!(now.counter("flowmeter.overflow"), Some(4));
}

#[test]
fn values_that_cannot_be_those_of_labels_count_nothing_and_are_counted() {
    let registry = Registry::new();
    let rows = rows(&registry);
    let long = "x".repeat(2_000);
    rows.of([&long, "kept"]).inc();
    assert_eq!(rows.of([&long, "kept"]).value(), 0);
    assert_eq!(registry.collect().counter("flowmeter.refused"), Some(2));
    rows.of(["flights", "kept"]).inc();
    assert_eq!(rows_of(&registry, "flights", "kept"), Some(1));
}

#[test]
fn a_name_or_labels_that_cannot_be_are_an_error_when_it_is_made() {
    let registry = Registry::new();
    registry.gauge("depth").unwrap();
    let depth = registry.metric("depth").family::<Counter, 1>(["table"]);
    assert!(matches!(depth, Err(MetricError::Kind { .. })), "{depth:?}");
    let twice = registry.metric("rows").family::<Counter, 2>(["table", "table"]);
    assert!(matches!(twice, Err(MetricError::Key(_))), "{twice:?}");
    let reserved = registry.metric("rows").family::<Counter, 1>(["le"]);
    assert!(matches!(reserved, Err(MetricError::ReservedLabel { .. })), "{reserved:?}");
    assert_eq!(registry.collect().counter("flowmeter.refused"), Some(3));
    // What is known of a name is known before there is a series of it.
    let _sizes: Family<Histogram, 1> =
        registry.metric("size").unit("bytes").family(["table"]).unwrap();
    let now = registry.collect();
    assert_eq!(now.description("size").and_then(|size| size.unit.as_deref()), Some("bytes"));
    assert!(registry.counter("size").is_err());
}

#[test]
fn all_kinds_and_all_details_are_to_be_had() {
    let registry = Registry::new();
    let metric = |name| registry.metric(name).label("stage", "parse");
    let gauges: Family<Gauge, 1> = metric("depth").family(["table"]).unwrap();
    let meters: Family<Meter, 1> = metric("calls").family(["table"]).unwrap();
    let timers: Family<Timer, 1> = metric("load").family(["table"]).unwrap();
    let one: Family<Counter, 0> = metric("rows").family([]).unwrap();
    gauges.of(["a"]).set(1.5);
    meters.of(["a"]).mark(8);
    let started = timers.of(["a"]).start();
    one.of([]).add(3);
    drop(started);
    let (now, labels) = (registry.collect(), [("stage", "parse"), ("table", "a")]);
    assert_eq!(now.gauge_with("depth", &labels), Some(1.5));
    assert_eq!(now.meter_with("calls", &labels).map(flowmeter::MeterSnapshot::total), Some(8));
    assert_eq!(now.timer_with("load", &labels).map(flowmeter::TimerSnapshot::count), Some(1));
    assert_eq!(now.counter_with("rows", &labels[..1]), Some(3));
}

#[test]
fn of_a_registry_that_is_gone_or_disabled_nothing_is_counted() {
    let registry = Registry::new();
    let rows_here = rows(&registry);
    let handle = rows_here.of(["flights", "kept"]).handle();
    drop(registry);
    rows_here.of(["flights", "kept"]).add(1);
    rows_here.of_static(["weather", "kept"]).add(1);
    assert_eq!((handle.value(), handle.is_registered()), (0, false));

    let rows = rows(&Registry::disabled());
    rows.of(["flights", "kept"]).add(1);
    assert_eq!(rows.of_static(["flights", "kept"]).value(), 0);
}

#[test]
fn no_count_of_one_family_shows_in_another_while_registries_come_and_go_on_8_threads() {
    let live = |thread: u64| {
        for round in 0..200 {
            let registry = Registry::new();
            let rows = rows(&registry);
            let table = (round % 7).to_string();
            rows.of([&table, "kept"]).add(thread);
            rows.of_static(["flights", "kept"]).add(round);
            rows.of([&table, "kept"]).add(1);
            assert_eq!(rows_of(&registry, &table, "kept"), Some(thread + 1));
            assert_eq!(rows_of(&registry, "flights", "kept"), Some(round));
        }
    };
    thread::scope(|scope| (0..8).for_each(|thread| drop(scope.spawn(move || live(thread)))));
}

#[test]
fn a_hit_allocates_nothing() {
    let registry = Registry::new();
    let rows = rows(&registry);
    let table = "flights".to_owned();
    let add = || {
        rows.of([&table, "kept"]).add(1);
        rows.of_static(["weather", "kept"]).add(1);
    };
    add();
    assert_eq!(measure(|| (0..1_000).for_each(|_| add())).count_total, 0);
}

#[test]
fn values_that_come_and_go_are_not_kept_for_ever() {
    let registry = Registry::new();
    let sessions: Family<Counter, 1> = registry.metric("sessions").family(["id"]).unwrap();
    let come_and_go = |ids: std::ops::Range<u32>| {
        for id in ids {
            let id = id.to_string();
            sessions.of([&id]).inc();
            assert!(registry.unregister_with("sessions", &[("id", &id)]));
        }
    };
    come_and_go(0..5_000);
    let kept = measure(|| come_and_go(5_000..8_000)).bytes_current;
    assert!(kept < 10_000, "{kept}");
    assert_eq!(sessions.of(["8000"]).value(), 0);
    sessions.of(["8000"]).inc();
    assert_eq!(registry.collect().counter_with("sessions", &[("id", "8000")]), Some(1));
}

#[test]
fn a_family_takes_as_much_memory_as_its_page_says() {
    let registry = Registry::new();
    let ids: Vec<String> = (0..1_000).map(|id| format!("session-{id:010}")).collect();
    let statics: Vec<&'static str> = ids.iter().map(|id| elsewhere(id)).collect();
    let of = |id: &str| registry.counter_with("sessions", &[("id", id)]).unwrap();
    ids.iter().for_each(|id| of(id).inc());
    let sessions = || registry.metric("sessions").family::<Counter, 1>(["id"]).unwrap();
    let mut family = None;
    let itself = measure(|| family = Some(sessions())).bytes_current;
    assert!((2_000..3_000).contains(&itself), "{itself}");
    let family = family.unwrap();
    let each = |bytes: i64| bytes / ids.len() as i64;
    let by_text = each(measure(|| ids.iter().for_each(|id| family.of([id]).inc())).bytes_current);
    assert!((80..140).contains(&by_text), "{by_text}");
    let by_address = measure(|| statics.iter().for_each(|id| family.of_static([id]).inc()));
    let by_address = each(by_address.bytes_current);
    assert!((60..140).contains(&by_address), "{by_address}");
}

/// Asks the family when it is dropped.
struct AtTheEnd(Family<Counter, 1>);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        self.0.of(["end"]).inc();
    }
}

#[test]
fn a_registry_may_be_dropped_while_a_family_asks_it_and_what_it_drops_may_ask_the_family() {
    for _ in 0..500 {
        let registry = Registry::new();
        let rows: Family<Counter, 1> = registry.metric("rows").family(["table"]).unwrap();
        let at_the_end = AtTheEnd(rows.clone());
        let level = move || at_the_end.0.of(["level"]).value() as f64;
        registry.callback("level", level).unwrap().keep();
        thread::scope(|scope| {
            scope.spawn(|| (0..50).for_each(|i| rows.of([&i.to_string()]).inc()));
            scope.spawn(move || drop(registry));
        });
    }
}
