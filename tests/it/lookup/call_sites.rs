//! The macros: a call site looks its metric up once for each registry, and then finds it by itself.

use allocation_counter::measure;
use flowmeter::{Counter, Family, Here, Registry, counter, gauge, histogram, meter, timer};
use std::sync::mpsc::{TryRecvError, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

/// One call site for whoever counts rows.
fn rows(registry: &Registry) -> Here<'_, Counter> {
    counter!(registry, "rows", table = "flights")
}

fn rows_of(registry: &Registry) -> Option<u64> {
    registry.collect().counter_with("rows", &[("table", "flights")])
}

#[test]
fn what_is_counted_by_a_macro_is_counted_in_the_metric_of_that_name() {
    let registry = Registry::new();
    for n in 1..=3 {
        rows(&registry).add(n);
        rows(&registry).inc();
        gauge!(registry, "depth").set(n as f64);
        gauge!(registry, "depth").add(0.5);
        histogram!(registry, "size", kind = "a").record(n);
        meter!(registry, "calls").mark(n);
        timer!(registry, "load").record(Duration::from_secs(n));
        assert_eq!(timer!(registry, "load").time(|| n), n);
    }
    registry.counter_with("rows", &[("table", "flights")]).unwrap().add(10);
    let now = registry.collect();
    assert_eq!(rows_of(&registry), Some(19));
    assert_eq!(now.gauge("depth"), Some(3.5));
    assert_eq!(
        now.histogram_with("size", &[("kind", "a")]).map(flowmeter::HistogramSnapshot::sum),
        Some(6)
    );
    assert_eq!(now.meter("calls").map(flowmeter::MeterSnapshot::total), Some(6));
    assert_eq!(now.timer("load").map(flowmeter::TimerSnapshot::count), Some(6));
}

#[test]
fn names_and_labels_may_be_constants_and_the_registry_anything_that_leads_to_one() {
    const NAME: &str = "rows";
    const TABLE: &str = "flights";
    struct Job {
        registry: Arc<Registry>,
    }
    let job = Job { registry: Arc::new(Registry::new()) };
    counter!(job.registry, NAME, "table" = TABLE,).inc();
    counter!(&job.registry, "rows", table = "flights").inc();
    assert_eq!(rows_of(&job.registry), Some(2));
    let keyword = counter!(job.registry, "kinds", type = "a", "a.b" = "c");
    keyword.inc();
    let labels = [("type", "a"), ("a.b", "c")];
    assert_eq!(job.registry.collect().counter_with("kinds", &labels), Some(1));
}

#[test]
fn a_timer_that_was_started_at_a_call_site_stops_later() {
    let registry = Registry::new();
    let load = timer!(registry, "load").start();
    assert_eq!(registry.collect().timer("load").map(flowmeter::TimerSnapshot::count), Some(0));
    drop(load);
    assert_eq!(registry.collect().timer("load").map(flowmeter::TimerSnapshot::count), Some(1));
}

#[test]
fn a_handle_outlives_the_registry_of_its_call_site() {
    let registry = Registry::new();
    let (handle, depth) = (rows(&registry).handle(), gauge!(registry, "depth").handle());
    handle.add(3);
    depth.set(2.5);
    assert_eq!((rows_of(&registry), registry.collect().gauge("depth")), (Some(3), Some(2.5)));
    drop(registry);
    handle.add(4);
    assert_eq!((handle.value(), handle.is_registered(), depth.value()), (7, false, 2.5));
}

#[test]
fn one_site_serves_two_registries_by_turns_and_counts_each_for_itself() {
    let [one, other] = [Registry::new(), Registry::new()];
    for n in 1..=100 {
        rows(&one).add(1);
        rows(&other).add(n);
    }
    assert_eq!((rows_of(&one), rows_of(&other)), (Some(100), Some(5050)));
    drop(one);
    rows(&other).add(1);
    assert_eq!(rows_of(&other), Some(5051));
}

#[test]
fn what_cannot_be_registered_counts_nothing_and_is_counted_once_a_site_and_registry() {
    let registry = Registry::new();
    registry.gauge("depth").unwrap();
    let refused = || registry.collect().counter("flowmeter.refused").unwrap();
    let depth = |registry: &Registry, n| counter!(registry, "depth").add(n);
    for n in 0..5 {
        depth(&registry, n);
        histogram!(registry, "").record(n);
        assert_eq!(refused(), 2);
    }
    assert_eq!(registry.collect().gauge("depth"), Some(0.0));
    // Where it is a counter, the same site counts.
    let other = Registry::new();
    depth(&other, 7);
    assert_eq!(other.collect().counter("depth"), Some(7));
    depth(&registry, 7);
    assert_eq!(refused(), 2);
}

#[test]
fn beyond_the_limit_of_a_name_a_call_site_counts_in_its_overflow() {
    let registry = Registry::builder().series_limit(1).build();
    for _ in 0..3 {
        counter!(registry, "rows", table = "a").inc();
        counter!(registry, "rows", table = "b").inc();
        counter!(registry, "rows", table = "c").inc();
    }
    let now = registry.collect();
    assert_eq!(now.counter_with("rows", &[("table", "a")]), Some(3));
    assert_eq!(now.counter_with("rows", &[("flowmeter.overflow", "true")]), Some(6));
    assert_eq!(now.counter("flowmeter.overflow"), Some(2));
}

#[test]
fn of_a_disabled_registry_nothing_is_counted() {
    let registry = Registry::disabled();
    for _ in 0..2 {
        rows(&registry).inc();
        gauge!(registry, "depth").set(1.0);
        assert_eq!(timer!(registry, "load").start().stop(), Duration::ZERO);
    }
    assert_eq!(rows(&registry).handle().value(), 0);
    assert_eq!(registry.collect().series().count(), 0);
}

#[test]
fn what_was_taken_out_is_registered_anew_by_the_next_call() {
    let registry = Registry::new();
    let size = |n| histogram!(registry, "size").record(n);
    let count = || registry.collect().histogram("size").map(flowmeter::HistogramSnapshot::count);
    rows(&registry).add(3);
    size(1);
    registry.unregister_all();
    assert_eq!((rows_of(&registry), count()), (None, None));
    rows(&registry).add(4);
    size(1);
    assert_eq!((rows_of(&registry), count()), (Some(4), Some(1)));
    // What is taken out beside it changes nothing.
    registry.unregister("size");
    rows(&registry).add(1);
    assert_eq!((rows_of(&registry), count()), (Some(5), None));
}

/// The limit is 1,000: see `counter!`.
#[test]
fn where_very_much_was_taken_out_a_site_still_counts_in_what_is_there() {
    let registry = Registry::new();
    for round in 0..1_100 {
        rows(&registry).add(round);
        rows(&registry).add(1);
        assert_eq!(rows_of(&registry), Some(round + 1));
        registry.unregister("rows");
    }
    counter!(registry, "others").add(1);
    counter!(registry, "others").add(1);
    assert_eq!(registry.collect().counter("others"), Some(2));
}

#[test]
fn threads_that_reach_a_site_for_the_first_time_at_once_count_in_one_metric() {
    for _ in 0..100 {
        let registry = Registry::new();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    rows(&registry).inc();
                    histogram!(registry, "size").record(1);
                });
            }
        });
        let size = registry.collect().histogram("size").map(flowmeter::HistogramSnapshot::count);
        assert_eq!((rows_of(&registry), size), (Some(4), Some(4)));
    }
}

/// The cells of what went are those of what came: if a site counted in the cell that it knew from another registry,
/// some of these would have what belongs to others.
#[test]
fn no_count_of_one_registry_shows_in_another_while_registries_come_and_go_on_8_threads() {
    const ROUNDS: u64 = 300;
    let shared = Registry::new();
    let live = |thread: u64| {
        for round in 0..ROUNDS {
            let own = Registry::new();
            // What has the cells that went with the registry before.
            let beside = own.counter("beside").unwrap();
            rows(&own).add(thread + 1);
            rows(&shared).inc();
            rows(&own).add(round);
            meter!(own, "calls").mark(7);
            histogram!(own, "size").record(round);
            assert_eq!((rows_of(&own), beside.value()), (Some(thread + 1 + round), 0));
            let now = own.collect();
            assert_eq!(now.meter("calls").map(flowmeter::MeterSnapshot::total), Some(7));
            assert_eq!(
                now.histogram("size").map(|size| (size.count(), size.sum())),
                Some((1, round))
            );
        }
    };
    thread::scope(|scope| (0..8).for_each(|thread| drop(scope.spawn(move || live(thread)))));
    assert_eq!(rows_of(&shared), Some(8 * ROUNDS));
}

/// While one thread counts at the site, another one takes the series out again and again.
#[test]
fn what_is_counted_while_it_is_taken_out_is_in_no_other_metric() {
    let registry = Registry::new();
    let (stop, stopped) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(|| {
            let _stop = stop;
            (0..200).for_each(|_| {
                registry.unregister("rows");
                let fresh = registry.counter("fresh").unwrap();
                assert_eq!(fresh.value(), 0);
                drop(fresh);
                registry.unregister("fresh");
            });
        });
        while stopped.try_recv() == Err(TryRecvError::Empty) {
            rows(&registry).inc();
        }
    });
    let now = rows_of(&registry).unwrap_or(0);
    rows(&registry).inc();
    assert_eq!(rows_of(&registry), Some(now + 1));
}

#[test]
fn a_hit_allocates_nothing() {
    let registry = Registry::new();
    let all = || {
        rows(&registry).add(1);
        gauge!(registry, "depth").set(1.0);
        histogram!(registry, "size").record(5);
        meter!(registry, "calls").mark(1);
        timer!(registry, "load").record(Duration::from_nanos(5));
    };
    all();
    assert_eq!(measure(|| (0..1_000).for_each(|_| all())).count_total, 0);
    // Also where two registries take turns.
    let other = Registry::new();
    let both = || [&registry, &other].into_iter().for_each(|registry| rows(registry).inc());
    both();
    assert_eq!(measure(|| (0..1_000).for_each(|_| both())).count_total, 0);
}

#[test]
fn a_label_may_have_the_name_of_a_keyword() {
    let registry = Registry::new();
    counter!(registry, "rows", r#type = "full", fn = "read").inc();
    let rows = [("type", "full"), ("fn", "read")];
    assert_eq!(registry.collect().counter_with("rows", &rows), Some(1));
}

#[test]
fn the_first_reasons_for_which_metrics_were_refused_are_kept_each_once() {
    let registry = Registry::new();
    registry.gauge("depth").unwrap();
    let rows: Family<Counter, 1> = registry.metric("rows").family(["table"]).unwrap();
    for i in 0..20 {
        counter!(registry, "depth").inc();
        assert!(registry.counter("depth").is_err());
        rows.of([&"x".repeat(2_000 + i)]).inc();
    }
    let why = registry.refusals();
    assert_eq!(why.len(), 10);
    assert_eq!(why[0], "metric `depth` was asked for as a counter but is a gauge");
    assert!(why[1].contains("`rows`") && why[9].contains("`rows`"), "{why:?}");
    assert_eq!(registry.collect().counter("flowmeter.refused"), Some(1 + 20 + 20));
    assert!(Registry::disabled().refusals().is_empty());
}

#[test]
fn a_site_that_many_threads_come_to_at_once_is_refused_once() {
    const THREADS: usize = 8;
    let start = Barrier::new(THREADS);
    for round in 0..50 {
        let registry = Registry::new();
        registry.gauge("depth").unwrap();
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    counter!(registry, "depth").inc();
                });
            }
        });
        assert_eq!(registry.collect().counter("flowmeter.refused"), Some(1), "round {round}");
    }
}

#[test]
fn a_site_that_was_beyond_the_limit_finds_room_when_there_is_some() {
    let registry = Registry::builder().series_limit(1).build();
    registry.counter_with("rows", &[("table", "first")]).unwrap();
    let count = || counter!(registry, "rows", table = "second").inc();
    (0..3).for_each(|_| count());
    assert!(registry.unregister_with("rows", &[("table", "first")]));
    (0..2).for_each(|_| count());
    let now = registry.collect();
    assert_eq!(now.counter_with("rows", &[("flowmeter.overflow", "true")]), Some(3));
    assert_eq!(now.counter_with("rows", &[("table", "second")]), Some(2));
}
