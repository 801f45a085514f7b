//! What the assertions for users say when they fail, and that they leave the snapshot as it is.

use flowmeter::{Buckets, Expect, ManualClock, Registry, Snapshot};
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::time::Duration;

/// One series of each kind, and a few counters of one name.
fn snapshot() -> Snapshot {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    for (i, table) in ["flights", "planes", "airports"].into_iter().enumerate() {
        registry.counter_with("rows", &[("table", table)]).unwrap().add(i as u64 + 3);
    }
    registry.gauge("depth").unwrap().set(2.5);
    registry.gauge("unknown").unwrap().set(f64::NAN);
    registry.histogram("size").unwrap().record_n(7, 5);
    registry.meter("calls").unwrap().mark(9);
    registry.timer("load").unwrap().record(Duration::from_secs(1));
    registry.health("db", || Ok::<(), &str>(())).unwrap().keep();
    registry.health("disk", || Err("no space")).unwrap().keep();
    registry.collect()
}

type Assertion = fn(Expect<'_>) -> Expect<'_>;

/// What the assertion says when it fails.
#[track_caller]
fn said(snapshot: &Snapshot, assertion: Assertion) -> String {
    let failed = panic::catch_unwind(AssertUnwindSafe(|| {
        assertion(Expect::of(snapshot));
    }));
    *failed.expect_err("the assertion fails").downcast::<String>().expect("it says why")
}

#[test]
fn a_snapshot_is_asked_as_often_as_one_likes() {
    let snapshot = snapshot();
    let before = snapshot.clone();
    for _ in 0..2 {
        Expect::of(&snapshot)
            .counter_with("rows", &[("table", "flights")], 3)
            .gauge("depth", 2.5)
            .gauge("unknown", f64::NAN)
            .histogram_count("size", 5)
            .meter_total("calls", 9)
            .timer_count("load", 1)
            .healthy("db")
            .unhealthy("disk", "no space")
            .none("errors");
    }
    assert_eq!(snapshot, before);
}

#[test]
fn a_wrong_value_is_told_beside_the_expected_one() {
    let cases: [(Assertion, &str); 7] = [
        (
            |e| e.counter_with("rows", &[("table", "flights")], 4),
            "expected `rows{table=\"flights\"}` to be a counter of 4, but it is a counter of 3",
        ),
        (
            |e| e.gauge("depth", 2.0),
            "expected `depth` to be a gauge of 2, but it is a gauge of 2.5",
        ),
        (
            |e| e.histogram_count("size", 1),
            "expected `size` to be a histogram of 1 value, but it is a histogram of 5 values",
        ),
        (
            |e| e.meter_total("calls", 8),
            "expected `calls` to be a meter of 8, but it is a meter of 9",
        ),
        (
            |e| e.timer_count("load", 2),
            "expected `load` to be a timer of 2 durations, but it is a timer of 1 duration",
        ),
        (
            |e| e.healthy("disk"),
            "expected `disk` to be a health check that is healthy, \
             but it is a health check that is unhealthy: no space",
        ),
        (
            |e| e.unhealthy("db", "gone"),
            "expected `db` to be a health check that is unhealthy: gone, \
             but it is a health check that is healthy",
        ),
    ];
    for (assertion, expected) in cases {
        assert_eq!(said(&snapshot(), assertion), expected);
    }
}

#[test]
fn another_kind_is_told() {
    let snapshot = snapshot();
    assert_eq!(
        said(&snapshot, |e| e.counter("depth", 2)),
        "expected `depth` to be a counter of 2, but it is a gauge of 2.5"
    );
    assert_eq!(
        said(&snapshot, |e| e.histogram_count("load", 1)),
        "expected `load` to be a histogram of 1 value, but it is a timer of 1 duration"
    );
}

#[test]
fn of_a_missing_series_those_of_its_name_are_shown_and_the_most_similar_labels_first() {
    let lines = [
        "expected `rows{table=\"plains\"}` to be a counter of 4, but there is no such series; the nearest:",
        "  `rows{table=\"planes\"}` is a counter of 4",
        "  `rows{table=\"flights\"}` is a counter of 3",
        "  `rows{table=\"airports\"}` is a counter of 5",
        "  `load` is a timer of 1 duration",
        "  `calls` is a meter of 9",
    ];
    let said = said(&snapshot(), |e| e.counter_with("rows", &[("table", "plains")], 4));
    assert_eq!(said, lines.join("\n"));
}

#[test]
fn of_a_missing_name_the_most_similar_ones_are_shown() {
    let registry = Registry::new();
    for name in ["rows.failed", "rows.read", "row.read", "cows.read", "unlike", "rows"] {
        registry.counter(name).unwrap();
    }
    let lines = [
        "expected `rows.red` to be a counter of 0, but there is no such series; the nearest:",
        "  `rows.read` is a counter of 0",
        "  `cows.read` is a counter of 0",
        "  `row.read` is a counter of 0",
        "  `rows` is a counter of 0",
        "  `rows.failed` is a counter of 0",
    ];
    assert_eq!(said(&registry.collect(), |e| e.counter("rows.red", 0)), lines.join("\n"));
}

#[test]
fn the_registrys_own_series_are_shown_only_to_whoever_asks_for_one() {
    let empty = Registry::new().collect();
    assert_eq!(
        said(&empty, |e| e.counter("rows", 3)),
        "expected `rows` to be a counter of 3, but there is no series at all"
    );
    let lines = said(&empty, |e| e.gauge("flowmeter.serie", 0.0));
    assert_eq!(lines.lines().nth(1), Some("  `flowmeter.series` is a gauge of 0"));
}

#[test]
fn what_should_not_be_there_is_told_with_all_its_labels() {
    let lines = [
        "expected no series `rows`, but there is:",
        "  `rows{table=\"airports\"}` is a counter of 5",
        "  `rows{table=\"flights\"}` is a counter of 3",
        "  `rows{table=\"planes\"}` is a counter of 4",
    ];
    assert_eq!(said(&snapshot(), |e| e.none("rows")), lines.join("\n"));
}

#[test]
fn what_no_series_can_be_called_is_told() {
    assert_eq!(
        said(&snapshot(), |e| e.counter_with("rows", &[("a", "1"), ("a", "2")], 0)),
        "no snapshot has what is expected: metric `rows` was given label `a` twice"
    );
}

#[test]
fn labels_are_told_apart_for_every_kind() {
    let registry = Registry::new();
    let labels = &[("b", "2"), ("a", "1")];
    registry.gauge_with("depth", labels).unwrap().set(1.0);
    let size = registry.metric("size").labels(labels).buckets(Buckets::default());
    size.histogram().unwrap().record(1);
    registry.meter_with("calls", labels).unwrap().mark(1);
    registry.timer_with("load", labels).unwrap().record(Duration::ZERO);
    registry.metric("db").labels(labels).health(|| Ok::<(), &str>(())).unwrap().keep();
    registry.metric("disk").labels(labels).health(|| Err("no space")).unwrap().keep();
    let other_order = &[("a", "1"), ("b", "2")];
    let snapshot = registry.collect();
    Expect::of(&snapshot)
        .gauge_with("depth", other_order, 1.0)
        .histogram_count_with("size", other_order, 1)
        .meter_total_with("calls", other_order, 1)
        .timer_count_with("load", other_order, 1)
        .healthy_with("db", other_order)
        .unhealthy_with("disk", other_order, "no space");
    let said = said(&snapshot, |e| e.meter_total("calls", 1));
    assert!(said.contains("\n  `calls{a=\"1\",b=\"2\"}` is a meter of 1"), "{said}");
    let said = self::said(&snapshot, |e| e.healthy("db"));
    assert!(
        said.contains("there is no such series; the nearest:\n  `db{a=\"1\",b=\"2\"}`"),
        "{said}"
    );
}

thread_local! {
    /// Where this thread has panicked last.
    static PLACE: Cell<Option<(String, u32)>> = const { Cell::new(None) };
}

#[test]
fn an_assertion_fails_at_the_line_of_its_caller() {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        PLACE.set(panicked.location().map(|at| (at.file().to_owned(), at.line())));
        others(panicked);
    }));
    let cases: [(u32, Assertion); 15] = [
        (line!(), |e| e.counter("x", 1)),
        (line!(), |e| e.counter_with("x", &[], 1)),
        (line!(), |e| e.gauge("x", 1.0)),
        (line!(), |e| e.gauge_with("x", &[], 1.0)),
        (line!(), |e| e.histogram_count("x", 1)),
        (line!(), |e| e.histogram_count_with("x", &[], 1)),
        (line!(), |e| e.meter_total("x", 1)),
        (line!(), |e| e.meter_total_with("x", &[], 1)),
        (line!(), |e| e.timer_count("x", 1)),
        (line!(), |e| e.timer_count_with("x", &[], 1)),
        (line!(), |e| e.healthy("x")),
        (line!(), |e| e.healthy_with("x", &[])),
        (line!(), |e| e.unhealthy("x", "y")),
        (line!(), |e| e.unhealthy_with("x", &[], "y")),
        (line!(), |e| e.none("rows")),
    ];
    let snapshot = snapshot();
    for (line, assertion) in cases {
        said(&snapshot, assertion);
        assert_eq!(PLACE.take(), Some((file!().to_owned(), line)));
    }
}
