//! `prometheus-client`: labels as a structure of its derive, "for performance and/or type safety".

use crate::counting::{SECONDS, Shared, adds, looks_up, records_seconds, sets, unrolled};
use crate::labels::{Outcome, Table, enums, for_each_pair, statics, strings};
use crate::peers::plain::timed;
use crate::series::{Series, Texts};
use crate::text::figures;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};
use std::fmt::Debug;
use std::hash::Hash;
use std::hint::black_box;
use std::sync::atomic::AtomicU64;

const HELP: &str = "Rows that were read";

pub(crate) fn counter() -> impl Shared {
    adds(<Counter>::default(), |rows| _ = rows.inc(), Counter::get)
}

type Level = Gauge<f64, AtomicU64>;

pub(crate) fn gauge() -> impl Shared {
    sets(Level::default(), |depth, level| _ = depth.set(level), Gauge::get)
}

/// Of the buckets that others have by default.
fn sizes() -> Histogram {
    Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
}

/// There is no way to read one but in the text.
fn recorded(sizes: &Histogram) -> u64 {
    figures(&text("sizes", sizes.clone()), "sizes_count")[0]
}

fn text(name: &str, metric: impl Metric) -> String {
    let (mut registry, mut text) = (Registry::default(), String::new());
    registry.register(name, HELP, metric);
    encode(&mut text, &registry).unwrap();
    text
}

pub(crate) fn histogram() -> impl Shared {
    records_seconds(sizes(), |sizes: &Histogram, size| sizes.observe(size), recorded)
}

pub(crate) fn timer() -> impl Shared {
    timed(sizes(), |sizes, took| sizes.observe(took.as_secs_f64()), recorded)
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Enums {
    table: Table,
    outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Statics {
    table: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Strings {
    table: String,
    outcome: String,
}

type Rows<L> = Family<L, Counter>;

fn values<L>(rows: &Rows<L>) -> Vec<u64>
where
    L: EncodeLabelSet + Clone + Eq + Hash + Debug + Send + Sync + 'static,
{
    figures(&text("rows", rows.clone()), "rows_total")
}

pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($rows:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {
            let labels = Statics { table: $table, outcome: $outcome };
            black_box($rows).get_or_create(&labels).inc();
        };
    }
    let all = |rows: &Rows<Statics>| {
        for_each_pair!(add, rows);
    };
    unrolled(Rows::default(), all, values)
}

pub(crate) fn by_enums() -> impl Shared {
    let add = |rows: &Rows<Enums>, &(table, outcome): &(Table, Outcome)| {
        rows.get_or_create(&Enums { table, outcome }).inc();
    };
    looks_up(Rows::default(), enums(), add, values)
}

pub(crate) fn by_statics() -> impl Shared {
    let add = |rows: &Rows<Statics>, &(table, outcome): &(&'static str, &'static str)| {
        rows.get_or_create(&Statics { table, outcome }).inc();
    };
    looks_up(Rows::default(), statics(), add, values)
}

/// It looks up by nothing but the structure, which owns its texts.
pub(crate) fn by_strings() -> impl Shared {
    let add = |rows: &Rows<Strings>, (table, outcome): &(String, String)| {
        let labels = Strings { table: table.clone(), outcome: outcome.clone() };
        rows.get_or_create(&labels).inc();
    };
    looks_up(Rows::default(), strings(), add, values)
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Part {
    partition: String,
    worker: String,
}

struct Registered {
    registry: Registry,
    name: String,
    handles: Vec<Counter>,
    read: String,
}

pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let (mut registry, rows) = (Registry::default(), Family::<Part, Counter>::default());
    registry.register(texts.name, HELP, rows.clone());
    let register = |[partition, worker]: [&str; 2]| {
        let part = Part { partition: partition.to_owned(), worker: worker.to_owned() };
        rows.get_or_create_owned(&part)
    };
    let handles = texts.iter().map(register).collect();
    let name = format!("{}_total", texts.name);
    Box::new(Registered { registry, name, handles, read: String::new() })
}

impl Series for Registered {
    fn add(&self, i: usize) {
        self.handles[i].inc();
    }

    fn collect(&mut self) {
        self.read.clear();
        encode(&mut self.read, &self.registry).unwrap();
    }

    fn values(&self) -> Vec<u64> {
        figures(&self.read, &self.name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Task {
    task: u64,
}

/// Shows so many histograms as text: their buckets, since it has no quantiles.
pub(crate) fn buckets(histograms: usize) -> impl FnMut() {
    let (mut registry, mut text) = (Registry::default(), String::new());
    let rows: Family<Task, Histogram> = Family::new_with_constructor(sizes);
    registry.register("sizes", HELP, rows.clone());
    for task in 0..histograms as u64 {
        let sizes = rows.get_or_create_owned(&Task { task });
        SECONDS.iter().for_each(|&size| sizes.observe(size));
    }
    move || {
        text.clear();
        encode(&mut text, &registry).unwrap();
        assert!(!text.is_empty());
    }
}
