//! What changed between two snapshots: how much, in what time, and what began anew.

use std::collections::BTreeMap;
use std::time::Duration;

use flowmeter::{
    Change, Key, ManualClock, Moment, Registry, SeriesSnapshot, Snapshot, Stamp, Value,
};
use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::select;

use super::arbitrary::number;

type Series = BTreeMap<&'static str, Value>;

fn snapshot(registry: u64, at: u64, series: &Series) -> Snapshot {
    let stamp = Stamp { at: Moment::from_nanos(at), unix_ms: 0 };
    let sample = |(name, value): (&&str, &Value)| {
        SeriesSnapshot::new(Key::new(name, &[]).unwrap(), value.clone())
    };
    Snapshot::new(registry, stamp, series.iter().map(sample).collect(), Vec::new(), 0)
}

fn counter(total: u64) -> Series {
    Series::from([("rows", Value::Counter(total))])
}

fn series() -> impl Strategy<Value = Series> {
    let value = prop_oneof![
        3 => number().prop_map(Value::Counter),
        1 => any::<f64>().prop_map(Value::Gauge),
    ];
    btree_map(select(vec!["bytes", "files", "level", "rows"]), value, 0..5)
}

/// The value that a change ends with, how much it grew, and whether it began anew.
fn parts(change: &Change) -> (Value, u64, bool) {
    match *change {
        Change::Counter { total, increase, restarted, .. } => {
            (Value::Counter(total), increase, restarted)
        }
        Change::Gauge { level, .. } => (Value::Gauge(level), 0, false),
        ref other => panic!("no parts of {other:?}"),
    }
}

/// How much a value grew, and whether it began anew.
fn model(earlier: Option<Value>, now: Value, same_registry: bool) -> (u64, bool) {
    match (now, earlier) {
        (Value::Gauge(_), _) => (0, false),
        (Value::Counter(now), _) if !same_registry => (now, true),
        (Value::Counter(now), None) => (now, false),
        (Value::Counter(now), Some(Value::Counter(earlier))) if earlier <= now => {
            (now - earlier, false)
        }
        (Value::Counter(now), Some(_)) => (now, true),
        (other, _) => panic!("no model of {other:?}"),
    }
}

proptest! {
    #[test]
    fn every_series_of_now_has_one_change_and_it_is_the_one_that_happened(
        earlier in series(),
        now in series(),
        registry in 1..3_u64,
        moments in any::<(u64, u64)>(),
    ) {
        let delta = snapshot(registry, moments.1, &now).delta(&snapshot(1, moments.0, &earlier));
        let same = registry == 1;
        let nanos = if same { moments.1.saturating_sub(moments.0) } else { 0 };
        prop_assert_eq!(delta.other_registry, !same);
        prop_assert_eq!(delta.interval, Duration::from_nanos(nanos));
        prop_assert_eq!(delta.changes().len(), now.len());
        for (change, (name, value)) in delta.changes().zip(&now) {
            prop_assert_eq!(change.key.name(), *name);
            let (increase, restarted) = model(earlier.get(name).cloned(), value.clone(), same);
            prop_assert_eq!(parts(&change.change), (value.clone(), increase, restarted));
            prop_assert_eq!(delta.get(name), Some(change.change));
        }
    }
}

#[test]
fn a_counter_grew_by_what_was_added_in_exactly_the_time_that_passed() {
    let manual = ManualClock::new();
    let registry = Registry::builder().clock(manual.clock()).build();
    let rows = registry.counter_with("rows", &[("table", "flights"), ("side", "read")]).unwrap();
    let level = registry.gauge("level").unwrap();
    rows.add(5);
    level.set(1.5);
    let earlier = registry.collect();
    manual.advance(Duration::from_nanos(1_234_567_891));
    rows.add(37);
    level.set(0.5);
    registry.counter("late").unwrap().add(3);
    let delta = registry.collect().delta(&earlier);

    assert_eq!(
        (delta.interval, delta.other_registry),
        (Duration::from_nanos(1_234_567_891), false)
    );
    let change = delta.get_with("rows", &[("side", "read"), ("table", "flights")]).unwrap();
    assert_eq!(parts(&change), (Value::Counter(42), 37, false));
    let change = delta.get("level").unwrap();
    assert_eq!(parts(&change), (Value::Gauge(0.5), 0, false));
    let change = delta.get("late").unwrap();
    assert_eq!(parts(&change), (Value::Counter(3), 3, false));
    assert_eq!((delta.get("rows"), delta.get("early")), (None, None));
}

#[test]
fn a_counter_that_is_lower_began_anew_and_grew_by_all_it_shows() {
    let delta = snapshot(7, 20, &counter(4)).delta(&snapshot(7, 10, &counter(9)));
    let change = delta.get("rows").unwrap();
    assert_eq!(parts(&change), (Value::Counter(4), 4, true));
    assert_eq!((delta.interval, delta.other_registry), (Duration::from_nanos(10), false));
}

#[test]
fn a_counter_that_stands_still_did_not_begin_anew() {
    let delta = snapshot(7, 20, &counter(9)).delta(&snapshot(7, 10, &counter(9)));
    let change = delta.get("rows").unwrap();
    assert_eq!(parts(&change), (Value::Counter(9), 0, false));
}

#[test]
fn nothing_is_subtracted_from_what_another_registry_counted() {
    let [one, other] = [Registry::new(), Registry::new()];
    one.counter("rows").unwrap().add(2);
    other.counter("rows").unwrap().add(9);
    let delta = other.collect().delta(&one.collect());
    let change = delta.get("rows").unwrap();
    assert_eq!(parts(&change), (Value::Counter(9), 9, true));
    assert_eq!((delta.interval, delta.other_registry), (Duration::ZERO, true));
}

#[test]
fn two_snapshots_in_the_wrong_order_have_no_time_between_them() {
    let (earlier, later) = (snapshot(7, 10, &counter(1)), snapshot(7, 20, &counter(2)));
    assert_eq!(earlier.delta(&later).interval, Duration::ZERO);
}

#[test]
fn every_kind_tells_what_was_added_since() {
    let manual = ManualClock::new();
    let registry = Registry::builder().clock(manual.clock()).build();
    let (sizes, pages) = (registry.histogram("sizes").unwrap(), registry.meter("pages").unwrap());
    let load = registry.timer("load").unwrap();
    sizes.record_n(1000, 5);
    pages.mark(5);
    load.record(Duration::from_millis(5));
    let earlier = registry.collect();
    manual.advance(Duration::from_secs(1));
    sizes.record(7);
    pages.mark(3);
    load.record(Duration::from_millis(7));
    let now = registry.collect();
    let delta = now.delta(&earlier);

    let Some(Change::Histogram { total, increase, restarted, .. }) = delta.get("sizes") else {
        panic!("{delta:?}")
    };
    assert_eq!((total.count(), increase.count(), increase.sum()), (6, 1, 7));
    // What is recent is not what it all was.
    assert_eq!((total.quantile(0.5), increase.quantile(0.5)), (Some(1000), Some(7)));
    assert!(!restarted);
    let Some(Change::Meter { meter, increase, .. }) = delta.get("pages") else {
        panic!("{delta:?}")
    };
    assert_eq!((meter.total(), increase, meter.rate_mean()), (8, 3, Some(8.0)));
    let Some(Change::Timer { timer, increase, .. }) = delta.get("load") else {
        panic!("{delta:?}")
    };
    assert_eq!((timer.count(), increase.count(), increase.sum()), (2, 1, 7_000_000));
    for name in ["sizes", "pages", "load"] {
        let change = delta.get(name).unwrap();
        assert_eq!(Some(change.now()), now.value_with(name, &[]));
        assert_eq!(change.restarted(), Some(false));
    }
}

#[test]
fn what_was_registered_anew_began_anew_even_if_it_is_higher() {
    let registry = Registry::new();
    let register = |n: u64| {
        registry.counter("rows").unwrap().add(n);
        registry.histogram("sizes").unwrap().record_n(1, n);
        registry.meter("pages").unwrap().mark(n);
        registry.timer("load").unwrap().record(Duration::from_nanos(n));
    };
    register(2);
    let earlier = registry.collect();
    assert_eq!(registry.unregister_all(), 4);
    register(5);
    let delta = registry.collect().delta(&earlier);
    for name in ["rows", "sizes", "pages", "load"] {
        assert_eq!(delta.get(name).unwrap().restarted(), Some(true), "{name}");
    }
    assert_eq!(parts(&delta.get("rows").unwrap()), (Value::Counter(5), 5, true));
    let Some(Change::Histogram { increase, .. }) = delta.get("sizes") else { panic!("{delta:?}") };
    assert_eq!(increase.count(), 5);
}

#[test]
fn a_gauge_and_a_health_check_do_not_add_up() {
    let registry = Registry::new();
    registry.gauge("level").unwrap().set(1.0);
    let _db = registry.health("db", || Err::<(), _>("no answer")).unwrap();
    let delta = registry.collect().delta(&registry.collect());
    assert_eq!(delta.get("level").unwrap().restarted(), None);
    let change = delta.get("db").unwrap();
    assert_eq!((change.restarted(), &change), (None, &change.clone()));
    let Change::Health { health, .. } = change else { panic!("{change:?}") };
    assert_eq!(health.to_string(), "unhealthy: no answer");
}
