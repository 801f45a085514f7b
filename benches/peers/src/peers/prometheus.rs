//! `prometheus`: counters as integers, since its own are floats; fields of structures instead of look-ups where the
//! labels are known, by its `prometheus-static-metric`.
//!
//! Its local counters and histograms are quicker, and others see what they counted when they are flushed: not these.

use crate::counting::{Shared, adds, looks_up, records_seconds, sets, unrolled};
use crate::labels::{OUTCOMES, TABLES, for_each_pair, statics, strings};
use crate::series::{LABELS, Series, Texts};
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry, core::Collector,
};
use prometheus_static_metric::make_static_metric;
use std::array::from_fn;
use std::hint::black_box;
use std::sync::Arc;

const HELP: &str = "Rows that were read.";

pub(crate) fn counter() -> impl Shared {
    adds(IntCounter::new("rows", HELP).unwrap(), IntCounter::inc, IntCounter::get)
}

pub(crate) fn gauge() -> impl Shared {
    sets(Gauge::new("depth", HELP).unwrap(), Gauge::set, Gauge::get)
}

fn sizes() -> Histogram {
    Histogram::with_opts(HistogramOpts::new("sizes", HELP)).unwrap()
}

pub(crate) fn histogram() -> impl Shared {
    let record = |sizes: &Histogram, size| sizes.observe(size);
    records_seconds(sizes(), record, Histogram::get_sample_count)
}

pub(crate) fn timer() -> impl Shared {
    let time = |sizes: &Histogram| sizes.start_timer().observe_duration();
    adds(sizes(), time, Histogram::get_sample_count)
}

make_static_metric! {
    label_enum Table { flights, airports, airlines, planes, weather, delays, routes, crews }
    label_enum Outcome { committed, filtered, refused, skipped, failed, late, retried, abandoned }
    struct Rows: IntCounter {
        "table" => Table,
        "outcome" => Outcome,
    }
}

/// The counters, and where the structure's fields came from.
type Fields = (Arc<Rows>, IntCounterVec);

fn fields() -> Fields {
    let rows = vector();
    (Arc::new(Rows::from(&rows)), rows)
}

pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($rows:expr, $table:ident, $_text:literal, $outcome:ident, $_other:literal) => {
            black_box($rows).$table.$outcome.inc();
        };
    }
    let all = |(rows, _): &Fields| {
        for_each_pair!(add, rows);
    };
    unrolled(fields(), all, |(_, rows)| totals(rows))
}

pub(crate) fn by_enums() -> impl Shared {
    use Outcome::{abandoned, committed, failed, filtered, late, refused, retried, skipped};
    use Table::{airlines, airports, crews, delays, flights, planes, routes, weather};
    let tables = [flights, airports, airlines, planes, weather, delays, routes, crews];
    let outcomes = [committed, filtered, refused, skipped, failed, late, retried, abandoned];
    let keys = from_fn(|i| (tables[i / 8], outcomes[i % 8]));
    let add = |(rows, _): &Fields, &(table, outcome): &(Table, Outcome)| {
        rows.get(table).get(outcome).inc();
    };
    looks_up(fields(), keys, add, |(_, rows)| totals(rows))
}

pub(crate) fn by_statics() -> impl Shared {
    let add = |rows: &IntCounterVec, &(table, outcome): &(&str, &str)| {
        rows.with_label_values(&[table, outcome]).inc();
    };
    looks_up(vector(), statics(), add, totals)
}

pub(crate) fn by_strings() -> impl Shared {
    let add = |rows: &IntCounterVec, (table, outcome): &(String, String)| {
        rows.with_label_values(&[table, outcome]).inc();
    };
    looks_up(vector(), strings(), add, totals)
}

fn vector() -> IntCounterVec {
    IntCounterVec::new(Opts::new("rows", HELP), &["table", "outcome"]).unwrap()
}

fn totals(rows: &IntCounterVec) -> Vec<u64> {
    assert_eq!((TABLES.len(), OUTCOMES.len()), (8, 8));
    values(&rows.collect())
}

fn values(families: &[MetricFamily]) -> Vec<u64> {
    let series = families.iter().flat_map(MetricFamily::get_metric);
    series.map(|series| series.get_counter().get_value() as u64).collect()
}

struct Registered {
    registry: Registry,
    handles: Vec<IntCounter>,
    read: Vec<MetricFamily>,
}

pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let (registry, rows) =
        (Registry::new(), IntCounterVec::new(Opts::new(texts.name, HELP), &LABELS));
    let rows = rows.unwrap();
    registry.register(Box::new(rows.clone())).unwrap();
    let handles = texts.iter().map(|values| rows.with_label_values(&values)).collect();
    Box::new(Registered { registry, handles, read: Vec::new() })
}

impl Series for Registered {
    fn add(&self, i: usize) {
        self.handles[i].inc();
    }

    fn collect(&mut self) {
        self.read = self.registry.gather();
    }

    fn values(&self) -> Vec<u64> {
        values(&self.read)
    }
}

/// Gathers so many histograms: their buckets, since it has no quantiles.
pub(crate) fn buckets(histograms: usize) -> impl FnMut() {
    let registry = Registry::new();
    let rows = prometheus::HistogramVec::new(HistogramOpts::new("sizes", HELP), &["task"]).unwrap();
    registry.register(Box::new(rows.clone())).unwrap();
    for i in 0..histograms {
        let sizes = rows.with_label_values(&[&i.to_string()]);
        crate::counting::SECONDS.iter().for_each(|&size| sizes.observe(size));
    }
    move || {
        let read = registry.gather();
        assert_eq!(read[0].get_metric().len(), histograms);
    }
}
