//! Metrics that exporters would write alike never come together, whichever is first.

use super::{refusals, series, why};
use flowmeter::{MetricError, MetricKind, Registry, Sample, Source, SourceGuard};
use proptest::prelude::*;
use proptest::sample::select;

/// What is asked for: a name, a kind, a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) kind: MetricKind,
    pub(super) unit: Option<&'static str>,
}

impl Asked {
    pub(super) fn of(self, registry: &Registry) -> Result<(), MetricError> {
        let metric = registry.metric(self.name);
        let metric = match self.unit {
            Some(unit) => metric.unit(unit),
            None => metric,
        };
        match self.kind {
            MetricKind::Counter => metric.counter().map(drop),
            MetricKind::Gauge => metric.gauge().map(drop),
            MetricKind::Histogram => metric.histogram().map(drop),
            MetricKind::Meter => metric.meter().map(drop),
            MetricKind::Timer => metric.timer().map(drop),
            _ => metric.health(|| Ok::<_, String>(())).map(SourceGuard::keep),
        }
    }
}

fn counter(name: &'static str) -> Asked {
    Asked { name, kind: MetricKind::Counter, unit: None }
}

fn gauge(name: &'static str) -> Asked {
    Asked { name, kind: MetricKind::Gauge, unit: None }
}

fn histogram(name: &'static str) -> Asked {
    Asked { name, kind: MetricKind::Histogram, unit: None }
}

fn meter(name: &'static str) -> Asked {
    Asked { name, kind: MetricKind::Meter, unit: None }
}

fn timer(name: &'static str) -> Asked {
    Asked { name, kind: MetricKind::Timer, unit: None }
}

fn with(asked: Asked, unit: &'static str) -> Asked {
    Asked { unit: Some(unit), ..asked }
}

/// The second is refused for the first, which stays; and once that is taken out it is not.
#[track_caller]
fn refuses(first: Asked, second: Asked) {
    let registry = Registry::new();
    first.of(&registry).unwrap();
    let said = why(second.of(&registry));
    let begin = format!("metric `{}` clashes with `{}`: exporters", second.name, first.name);
    assert!(said.starts_with(&begin), "{said}");
    assert_eq!((refusals(&registry), series(&registry)), (1, 1));
    assert_eq!(registry.unregister(first.name), 1);
    second.of(&registry).unwrap();
}

#[track_caller]
fn clash(one: Asked, other: Asked) {
    refuses(one, other);
    refuses(other, one);
}

#[test]
fn names_that_differ_only_in_what_exporters_cannot_write_clash() {
    clash(counter("a.b"), counter("a_b"));
    clash(gauge("a b"), gauge("a-b"));
    clash(gauge("é"), gauge("ü"));
    clash(gauge("1a"), gauge(".1a"));
    let registry = Registry::new();
    registry.counter("a.b").unwrap();
    let said = "metric `a_b` clashes with `a.b`: exporters would write both as `a_b`";
    assert_eq!(why(registry.counter("a_b")), said);
    assert_eq!(why(registry.counter_with("a_b", &[("x", "y")])), said);
}

#[test]
fn a_name_with_its_unit_clashes_with_the_name_that_ends_in_it() {
    clash(with(gauge("x"), "bytes"), gauge("x_bytes"));
    clash(with(gauge("x"), "bytes"), gauge("x.bytes"));
    clash(with(counter("x"), "bytes"), counter("x_bytes_total"));
    clash(with(histogram("x"), "bytes"), gauge("x_bytes_sum"));
    clash(with(gauge("x"), "bytes"), with(gauge("x_bytes"), "bytes"));
    clash(timer("x"), gauge("x_seconds"));
    clash(timer("x"), gauge("x.nanoseconds"));
    clash(timer("x"), counter("x_seconds_sum"));
}

#[test]
fn the_numbers_that_a_metric_expands_to_clash_with_metrics_of_these_names() {
    for of in [histogram("x"), timer("x")] {
        for name in ["x.count", "x.sum", "x.min", "x.max", "x.p50", "x.p90", "x.p99", "x_bucket"] {
            clash(of, gauge(name));
            clash(of, counter(name));
        }
    }
    for of in [meter("x"), timer("x")] {
        for name in ["x.count", "x.rate_1m", "x.rate_5m", "x.rate_15m", "x.rate_mean", "x_total"] {
            clash(of, gauge(name));
        }
    }
    clash(meter("x_total"), gauge("x_total.count"));
    clash(timer("x_total"), gauge("x_total.p50"));
    clash(histogram("x"), histogram("x.count"));
    clash(counter("x"), gauge("x_total"));
    clash(counter("x"), counter("x.total"));
}

#[test]
fn names_that_nobody_would_confuse_live_side_by_side() {
    let registry = Registry::new();
    let all = [counter("x"), gauge("x.sum"), gauge("y"), gauge("y.total"), histogram("z")];
    let more = [gauge("z.rate_1m"), with(gauge("w"), "bytes"), gauge("w.rows"), gauge("X")];
    all.iter().chain(&more).for_each(|asked| asked.of(&registry).unwrap());
}

#[test]
fn a_unit_that_is_said_later_is_refused_if_it_makes_names_alike() {
    let registry = Registry::new();
    registry.gauge("x").unwrap().set(1.0);
    registry.gauge("x_bytes").unwrap();
    let said = "metric `x` clashes with `x_bytes`: exporters would write both as `x_bytes`";
    assert_eq!(why(registry.metric("x").unit("bytes").help("Size").gauge()), said);
    let snapshot = registry.collect();
    assert_eq!((snapshot.description("x"), snapshot.gauge("x")), (None, Some(1.0)));
    registry.unregister("x_bytes");
    registry.metric("x").unit("bytes").gauge().unwrap();
    refused_for_x(&registry, "x_bytes");
    registry.unregister("x");
    registry.counter("x_bytes").unwrap();
}

#[track_caller]
fn refused_for_x(registry: &Registry, name: &str) {
    let said = why(registry.gauge(name));
    assert!(said.starts_with(&format!("metric `{name}` clashes with `x`")), "{said}");
}

#[test]
fn a_name_that_is_taken_out_is_free_for_another_kind() {
    let registry = Registry::new();
    let x = |kind| Asked { name: "x", kind, unit: None };
    use MetricKind::{Counter, Gauge, HealthCheck, Histogram, Meter, Timer};
    for kind in [Counter, Gauge, Histogram, Meter, Timer, HealthCheck, Counter] {
        x(kind).of(&registry).unwrap();
        assert_eq!(registry.unregister("x"), 1);
    }
    ["x.count", "x_total", "x_seconds", "x.p50"]
        .iter()
        .for_each(|name| drop(registry.gauge(name).unwrap()));
}

#[test]
fn a_refused_kind_does_not_take_its_names() {
    let registry = Registry::new();
    registry.gauge("x").unwrap();
    why(registry.timer("x"));
    why(registry.metric("y").unit("").timer());
    why(registry.metric("x").unit("\n").gauge());
    registry.gauge("x.count").unwrap();
    registry.gauge("y.count").unwrap();
}

// Sources.

struct Nothing;

impl Source for Nothing {
    fn sample(&mut self, _: &mut Sample) {}
}

/// The source and the metric are refused for each other, and not once the other one is gone.
#[track_caller]
fn clashes_with_source(asked: Asked, source: &str) {
    let registry = Registry::new();
    let guard = registry.source(source, Nothing).unwrap();
    let said = format!(
        "metric `{}` clashes with the source `{source}`, whose names begin with `{source}.`",
        asked.name
    );
    assert_eq!(why(asked.of(&registry)), said);
    drop(guard);
    asked.of(&registry).unwrap();
    let said = why(registry.source(source, Nothing));
    let begin = format!("metric `{source}` clashes with `{}`: exporters", asked.name);
    assert!(said.starts_with(&begin), "{said}");
    registry.unregister(asked.name);
    registry.source(source, Nothing).unwrap().keep();
}

#[test]
fn a_source_has_all_names_that_begin_with_its_own_to_itself() {
    clashes_with_source(gauge("pool.open"), "pool");
    clashes_with_source(gauge("pool_open"), "pool");
    clashes_with_source(counter("pool"), "pool");
    clashes_with_source(with(gauge("pool"), "rows"), "pool");
    clashes_with_source(gauge("a.b.c"), "a_b");
    let registry = Registry::new();
    registry.source("pool", Nothing).unwrap().keep();
    registry.gauge("pool").unwrap();
    registry.gauge("pools.open").unwrap();
    let later = registry.metric("pool").unit("rows").gauge();
    assert!(why(later).starts_with("metric `pool` clashes with the source `pool`"));
}

#[test]
fn two_sources_share_a_name_only_if_their_labels_differ() {
    let registry = Registry::new();
    let guard = registry.source("a.b", Nothing).unwrap();
    let taken = "metric `a.b` is registered already, and what gives its value can't be shared: drop its guard or unregister it first";
    assert_eq!(why(registry.source("a.b", Nothing)), taken);
    for other in ["a", "a_b", "a.b.c"] {
        let said = format!(
            "metric `{other}` clashes with the source `a.b`, whose names begin with `a.b.`"
        );
        assert_eq!(why(registry.source(other, Nothing)), said);
    }
    let labelled = registry.scope("").label("x", "1");
    let second = labelled.source("a.b", Nothing).unwrap();
    drop(guard);
    why(registry.source("a", Nothing));
    drop(second);
    registry.source("a", Nothing).unwrap().keep();
}

struct Gives(&'static str, &'static [(&'static str, &'static str)]);

impl Source for Gives {
    fn sample(&mut self, sample: &mut Sample) {
        sample.gauge_with(self.0, self.1, 1.0);
    }
}

#[test]
fn sources_of_one_name_never_give_one_series_twice() {
    let registry = Registry::new();
    let scope = |label| registry.scope("").label(label, "1");
    let one = scope("x").source("pool", Gives("open", &[("y", "1")])).unwrap();
    let other = scope("y").source("pool", Gives("open", &[("x", "1")])).unwrap();
    assert_eq!(series(&registry), 1);
    let refused = |n| {
        let snapshot = registry.collect();
        let labels = [("source", "pool")];
        assert_eq!(snapshot.counter_with("flowmeter.source.refused", &labels), Some(n));
    };
    refused(2);
    drop((one, other));
}

#[test]
fn a_source_gives_no_reserved_label() {
    let registry = Registry::new();
    registry.source("pool", Gives("open", &[("flowmeter.overflow", "true")])).unwrap().keep();
    registry.source("other", Gives("open", &[("le", "1")])).unwrap().keep();
    assert_eq!(series(&registry), 0);
}

pub(super) fn asked() -> impl Strategy<Value = Asked> {
    use MetricKind::{Counter, Gauge, HealthCheck, Histogram, Meter, Timer};
    let names = vec![
        "a",
        "a.b",
        "a_b",
        "a.count",
        "a_total",
        "a.total.count",
        "a.total",
        "a.bytes",
        "a_bytes",
        "a_bytes_total",
        "a.seconds",
        "a_seconds_sum",
        "a.p50",
        "a.rate_1m",
        "a_total.rate_1m",
        "a_total.p99",
        "b",
        "a.b.count",
        "a_bytes.max",
        "_a",
        "1a",
        "_1a",
        "a_total_total",
    ];
    let kinds = vec![Counter, Gauge, Histogram, Meter, Timer, HealthCheck];
    let units = select(vec![None, None, Some("bytes"), Some("b"), Some("total"), Some("count")]);
    (select(names), select(kinds), units).prop_map(|(name, kind, unit)| match kind {
        Timer | HealthCheck => Asked { name, kind, unit: None },
        _ => Asked { name, kind, unit },
    })
}
