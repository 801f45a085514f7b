//! Families by typed labels.

use allocation_counter::measure;
use flowmeter::{
    Counter, Gauge, Histogram, Label, Meter, MetricError, Registry, Timer, TypedFamily,
};

#[derive(Clone, Copy)]
enum Table {
    Flights,
    Weather,
    Planes,
}

impl Label for Table {
    const NAME: &'static str = "table";
    const VALUES: &'static [&'static str] = &["flights", "weather", "planes"];

    fn index(self) -> usize {
        self as usize
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Kept,
    Filtered,
}

impl Label for Outcome {
    const NAME: &'static str = "outcome";
    const VALUES: &'static [&'static str] = &["kept", "filtered"];

    fn index(self) -> usize {
        self as usize
    }
}

/// A label that is numbered by its value.
#[derive(Clone, Copy)]
struct Shard(usize);

impl Label for Shard {
    const NAME: &'static str = "shard";
    const VALUES: &'static [&'static str] = &["0", "1"];

    fn index(self) -> usize {
        self.0
    }
}

#[test]
fn each_value_has_a_metric_of_its_own_which_is_shown_from_the_beginning() {
    let registry = Registry::new();
    let rows: TypedFamily<Counter, Table> = registry.metric("rows").typed_family().unwrap();
    rows.of(Table::Flights).add(3);
    rows.clone().of(Table::Planes).add(4);
    let now = registry.collect();
    let of = |table| now.counter_with("rows", &[("table", table)]);
    assert_eq!(["flights", "weather", "planes"].map(of), [3, 0, 4].map(Some));
}

#[test]
fn each_combination_of_several_has_a_metric_of_its_own() {
    type All = (Table, Outcome, Shard, Outcome2);
    #[derive(Clone, Copy)]
    struct Outcome2(Outcome);
    impl Label for Outcome2 {
        const NAME: &'static str = "again";
        const VALUES: &'static [&'static str] = Outcome::VALUES;
        fn index(self) -> usize {
            self.0.index()
        }
    }
    let registry = Registry::new();
    let rows: TypedFamily<Counter, All> = registry.metric("rows").typed_family().unwrap();
    let tables = [Table::Flights, Table::Weather, Table::Planes];
    let outcomes = [Outcome::Kept, Outcome::Filtered];
    let mut n = 0;
    let mut counted = Vec::new();
    for (table, outcome, shard, again) in tables.into_iter().flat_map(|table| {
        outcomes.into_iter().flat_map(move |outcome| {
            [0, 1].into_iter().flat_map(move |shard| {
                outcomes.into_iter().map(move |again| (table, outcome, shard, again))
            })
        })
    }) {
        n += 1;
        rows.of((table, outcome, Shard(shard), Outcome2(again))).add(n);
        let shard = Shard::VALUES[shard];
        let texts = [Table::VALUES[table.index()], Outcome::VALUES[outcome.index()]];
        counted.push((texts, shard, Outcome::VALUES[again.index()], n));
    }
    let now = registry.collect();
    assert_eq!(counted.len(), 24);
    for ([table, outcome], shard, again, n) in counted {
        let labels = [("table", table), ("outcome", outcome), ("shard", shard), ("again", again)];
        assert_eq!(now.counter_with("rows", &labels), Some(n), "{labels:?}");
    }
}

#[test]
fn a_value_that_is_not_among_the_others_counts_nothing() {
    let registry = Registry::new();
    let rows: TypedFamily<Counter, Shard> = registry.metric("rows").typed_family().unwrap();
    let pairs: TypedFamily<Counter, (Shard, Outcome)> =
        registry.metric("pairs").typed_family().unwrap();
    rows.of(Shard(2)).inc();
    rows.of(Shard(usize::MAX)).inc();
    pairs.of((Shard(2), Outcome::Kept)).inc();
    pairs.of((Shard(1), Outcome::Filtered)).inc();
    let now = registry.collect();
    let all = |name| {
        let of_name = now.series().filter(|series| series.key.name() == name);
        of_name.map(|series| series.value.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(all("rows"), ["0", "0"]);
    assert_eq!(all("pairs").iter().filter(|value| *value != "0").count(), 1);
}

#[test]
fn all_kinds_and_all_details_are_to_be_had() {
    let registry = Registry::new();
    let metric = |name| registry.metric(name).unit("rows").label("stage", "parse");
    let gauges: TypedFamily<Gauge, Outcome> = metric("depth").typed_family().unwrap();
    let histograms: TypedFamily<Histogram, Outcome> = metric("size").typed_family().unwrap();
    let meters: TypedFamily<Meter, Outcome> = metric("calls").typed_family().unwrap();
    let timers: TypedFamily<Timer, Outcome> = registry.metric("load").typed_family().unwrap();
    gauges.of(Outcome::Kept).set(1.5);
    histograms.of(Outcome::Kept).record(7);
    meters.of(Outcome::Kept).mark(8);
    drop(timers.of(Outcome::Kept).start());
    let (now, kept) = (registry.collect(), [("stage", "parse"), ("outcome", "kept")]);
    assert_eq!(now.gauge_with("depth", &kept), Some(1.5));
    assert_eq!(now.histogram_with("size", &kept).map(flowmeter::HistogramSnapshot::sum), Some(7));
    assert_eq!(now.meter_with("calls", &kept).map(flowmeter::MeterSnapshot::total), Some(8));
    assert_eq!(now.timer_with("load", &kept[1..]).map(flowmeter::TimerSnapshot::count), Some(1));
    assert_eq!(now.description("size").and_then(|size| size.unit.as_deref()), Some("rows"));
}

#[test]
fn what_cannot_be_registered_is_an_error() {
    let registry = Registry::new();
    registry.gauge("depth").unwrap();
    let asked = registry.metric("depth").typed_family::<Counter, Table>();
    assert!(matches!(asked, Err(MetricError::Kind { .. })), "{asked:?}");
    let twice = registry.metric("rows").typed_family::<Counter, (Table, Table)>();
    assert!(matches!(twice, Err(MetricError::Key(_))), "{twice:?}");
}

#[test]
fn a_hit_allocates_nothing() {
    let registry = Registry::new();
    let rows: TypedFamily<Counter, (Table, Outcome)> =
        registry.metric("rows").typed_family().unwrap();
    let add = || rows.of((Table::Flights, Outcome::Kept)).add(1);
    add();
    assert_eq!(measure(|| (0..1_000).for_each(|_| add())).count_total, 0);
}
