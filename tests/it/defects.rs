//! Defects of other metrics libraries, each shown gone: `docs/from-go-metrics.md` tells of which.

use flowmeter::{
    Buckets, Change, Counter, Expect, ManualClock, MetricError, Registry, Sample, Snapshot, Source,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

#[test]
fn a_meter_that_is_asked_for_again_and_again_is_one() {
    let registry = Registry::new();
    for _ in 0..1_000 {
        registry.meter("calls").unwrap().mark(1);
    }
    assert_eq!(registry.keys().len(), 1);
    Expect::of(&registry.collect()).meter_total("calls", 1_000);
}

#[test]
fn an_interval_in_which_nothing_was_recorded_has_no_quantiles() {
    let registry = Registry::new();
    registry.histogram("size").unwrap().record(1_000);
    let earlier = registry.collect();
    let later = registry.collect();
    let delta = later.delta(&earlier);
    let Some(Change::Histogram { total, increase, .. }) = delta.get("size") else {
        panic!("{delta:?}");
    };
    assert_eq!((increase.count(), increase.quantile(0.99)), (0, None));
    assert_eq!(total.quantile(0.99), Some(1_000));
}

#[test]
fn a_scope_neither_lists_nor_takes_out_what_its_sibling_has() {
    let registry = Registry::new();
    let [one, other] = ["one", "other"].map(|prefix| registry.scope(prefix));
    let kept = other.counter("rows").unwrap();
    one.counter("rows").unwrap();
    one.health("db", || Err("gone")).unwrap().keep();
    let names = |scope: &flowmeter::Scope| -> Vec<String> {
        scope.keys().iter().map(|key| key.name().to_owned()).collect()
    };
    assert_eq!(names(&one), ["one.db", "one.rows"]);
    assert_eq!(names(&other), ["other.rows"]);
    assert_eq!(one.unregister_all(), 2);
    assert!(kept.is_registered());
    Expect::of(&registry.collect()).counter("other.rows", 0).none("one.rows").none("one.db");
}

#[test]
fn a_snapshot_takes_nothing_away() {
    let registry = Registry::new();
    registry.counter("rows").unwrap().add(3);
    registry.gauge("depth").unwrap().set(10.0);
    registry.histogram("size").unwrap().record(7);
    for _ in 0..2 {
        let snapshot = registry.collect();
        Expect::of(&snapshot).counter("rows", 3).gauge("depth", 10.0).histogram_count("size", 1);
    }
}

#[test]
fn a_handle_of_a_series_that_was_taken_out_says_so() {
    let registry = Registry::new();
    let old = registry.counter("rows").unwrap();
    assert_eq!(registry.unregister("rows"), 1);
    assert!(!old.is_registered());
    old.add(5);
    let new = registry.counter("rows").unwrap();
    new.add(1);
    assert_eq!((old.value(), new.is_registered()), (5, true));
    Expect::of(&registry.collect()).counter("rows", 1);
}

#[test]
fn a_series_whose_handle_is_held_is_never_taken_out_for_being_idle() {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    let rows = registry.counter("rows").unwrap();
    clock.advance(Duration::from_secs(365 * 24 * 3600));
    registry.collect();
    rows.inc();
    Expect::of(&registry.collect()).counter("rows", 1);
}

#[test]
fn names_that_are_written_alike_are_an_error_that_quotes_both() {
    let registry = Registry::new();
    registry.counter("same.name").unwrap();
    let error = registry.counter("same_name").unwrap_err();
    assert!(matches!(&error, MetricError::Alike { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("`same_name` clashes with `same.name`"), "{text}");
}

#[test]
fn a_counter_and_the_same_with_total_are_not_two() {
    let registry = Registry::new();
    registry.counter("rows").unwrap();
    let error = registry.counter("rows_total").unwrap_err();
    assert!(matches!(error, MetricError::Alike { .. }), "{error}");
}

#[test]
fn counting_returns_nothing() {
    let counter = Counter::default();
    let () = counter.inc();
    let () = counter.add(2);
    assert_eq!(counter.value(), 3);
}

#[test]
fn two_handles_in_one_expression_do_not_deadlock() {
    let registry = Registry::new();
    let rows = |table| registry.counter_with("rows", &[("table", table)]).unwrap();
    let both = (rows("a"), rows("b"));
    rows("a").add(rows("b").value() + rows("a").value() + 1);
    assert_eq!((both.0.value(), both.1.value()), (1, 0));
}

#[test]
fn collecting_while_others_register_and_take_out_deadlocks_nobody() {
    let registry = Registry::new();
    let own = registry.scope("inside");
    let call = move || {
        let asked = own.counter("asked").map(|asked| asked.inc());
        f64::from(u8::from(asked.is_ok()))
    };
    registry.callback("lazy", call).unwrap().keep();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..3 {
            let (registry, done) = (&registry, &done);
            scope.spawn(move || {
                let name = format!("rows.{thread}");
                while !done.load(Ordering::Relaxed) {
                    registry.counter(&name).unwrap().inc();
                    registry.unregister(&name);
                }
            });
        }
        let snapshots: Vec<_> = (0..100).map(|_| registry.collect()).collect();
        done.store(true, Ordering::Relaxed);
        assert!(snapshots.iter().all(|snapshot| snapshot.gauge("lazy") == Some(1.0)));
    });
    assert!(registry.collect().counter("inside.asked") >= Some(100));
}

#[test]
fn the_limit_of_series_is_the_users_and_what_is_beyond_is_counted() {
    let registry = Registry::builder().series_limit(3).build();
    for user in 0..10 {
        registry.counter_with("rows", &[("user", &user.to_string())]).unwrap().inc();
    }
    let wide = registry.metric("wide").series_limit(50);
    for user in 0..10 {
        wide.clone().label("user", &user.to_string()).counter().unwrap().inc();
    }
    let snapshot = registry.collect();
    Expect::of(&snapshot).counter_with("rows", &[("flowmeter.overflow", "true")], 7);
    let of = |name| snapshot.series().filter(move |series| series.key.name() == name);
    assert_eq!((of("rows").count(), of("wide").count()), (4, 10));
}

#[test]
fn a_gauge_goes_below_zero() {
    let registry = Registry::new();
    let depth = registry.gauge("depth").unwrap();
    depth.add(1.0);
    depth.sub(3.0);
    Expect::of(&registry.collect()).gauge("depth", -2.0);
}

#[test]
fn what_a_metric_means_is_in_the_snapshot() {
    let registry = Registry::new();
    registry.metric("read").help("What was read").unit("bytes").counter().unwrap();
    let snapshot = registry.collect();
    let said = snapshot.description("read").unwrap();
    assert_eq!(
        (said.help.as_deref(), said.unit.as_deref()),
        (Some("What was read"), Some("bytes"))
    );
}

/// A pool of connections.
struct Pool;

impl Source for Pool {
    fn sample(&mut self, sample: &mut Sample) {
        sample.gauge("open", 2.0);
    }
}

#[test]
fn a_source_stands_under_the_prefix_of_its_scope() {
    let registry = Registry::new();
    let _guard = registry.scope("db").source("pool", Pool).unwrap();
    Expect::of(&registry.collect()).gauge("db.pool.open", 2.0);
}

#[test]
fn a_histogram_takes_more_than_its_range_and_says_so() {
    let registry = Registry::new();
    let sizes = registry.metric("size").buckets(Buckets::new(3, 1..=1_000).unwrap());
    sizes.histogram().unwrap().record(2_000);
    let snapshot = registry.collect();
    let size = snapshot.histogram("size").unwrap();
    assert_eq!((size.count(), size.above(), size.sum(), size.max()), (1, 1, 2_000, Some(2_000)));
}

#[test]
fn count_and_sum_and_mean_are_of_all_values_however_many() {
    let registry = Registry::new();
    let size = registry.histogram("size").unwrap();
    (1..=100_000).for_each(|value| size.record(value));
    let snapshot = registry.collect();
    let size = snapshot.histogram("size").unwrap();
    assert_eq!((size.count(), size.sum()), (100_000, 5_000_050_000));
    assert_eq!((size.mean(), size.max()), (Some(50_000.5), Some(100_000)));
}

/// Values that spread like durations do, most of them small and a few very large: of each factor there are as
/// many as of any other, and the product of eight is nearly log-normal. The same at each call.
fn skewed_values(count: usize) -> Vec<u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let exponent = |parts: f64| 1.7 * (parts - 4.0) + 7.0;
    (0..count).map(|_| exponent((0..8).map(|_| next()).sum()).exp() as u64).collect()
}

#[test]
fn the_tail_of_200_000_skewed_values_is_as_exact_as_the_rest() {
    let registry = Registry::new();
    let load = registry.histogram("load").unwrap();
    let mut values = skewed_values(200_000);
    values.iter().for_each(|value| load.record(*value));
    values.sort_unstable();
    let snapshot = registry.collect();
    let load = snapshot.histogram("load").unwrap();
    for q in [0.5, 0.9, 0.99, 0.999, 0.9999] {
        let exact = values[(q * 200_000.0_f64).ceil() as usize - 1];
        let told = load.quantile(q).unwrap();
        assert!((exact..=exact + exact / 100).contains(&told), "{q}: {told} of {exact}");
    }
    assert_eq!(load.max(), values.last().copied());
    let (median, greatest) = (values[100_000], values[199_999]);
    assert!(greatest > 200 * median, "the values have a tail: {median}, {greatest}");
}

#[test]
fn every_kind_is_written_as_json_and_read_back_health_checks_too() {
    let registry = Registry::new();
    registry.counter("rows").unwrap();
    registry.gauge("depth").unwrap();
    registry.histogram("size").unwrap();
    registry.meter("calls").unwrap();
    registry.timer("load").unwrap();
    registry.health("db", || Err("gone")).unwrap().keep();
    let snapshot = registry.collect();
    let read_back = Snapshot::from_json(&snapshot.to_json()).unwrap();
    assert_eq!(read_back, snapshot);
    Expect::of(&read_back).unhealthy("db", "gone");
}
