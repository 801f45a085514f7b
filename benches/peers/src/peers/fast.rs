//! `fastmetrics`: labels as a structure of its derive, in its family.

use crate::counting::{SECONDS, Shared, adds, looks_up, records_seconds, sets, unrolled};
use crate::labels::{Outcome, Table, enums, for_each_pair, statics, strings};
use crate::peers::plain::timed;
use crate::series::{Series, Texts};
use crate::text::figures;
use fastmetrics::derive::LabelSet;
use fastmetrics::format::text::{TextProfile, encode};
use fastmetrics::metrics::counter::Counter;
use fastmetrics::metrics::family::Family;
use fastmetrics::metrics::gauge::Gauge;
use fastmetrics::metrics::histogram::{Histogram, HistogramSnapshot};
use fastmetrics::registry::Registry;
use std::hash::Hash;
use std::hint::black_box;

const HELP: &str = "Rows that were read";

pub(crate) fn counter() -> impl Shared {
    adds(<Counter>::default(), Counter::inc, Counter::total)
}

pub(crate) fn gauge() -> impl Shared {
    sets(Gauge::<f64>::default(), Gauge::set, Gauge::get)
}

/// Of the buckets that it and others have by default.
fn sizes() -> Histogram {
    Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
}

fn recorded(sizes: &Histogram) -> u64 {
    sizes.with_snapshot(HistogramSnapshot::count)
}

pub(crate) fn histogram() -> impl Shared {
    records_seconds(sizes(), |sizes: &Histogram, size| sizes.observe(size), recorded)
}

pub(crate) fn timer() -> impl Shared {
    timed(sizes(), |sizes, took| sizes.observe(took.as_secs_f64()), recorded)
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
struct Enums {
    table: Table,
    outcome: Outcome,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
struct Statics {
    table: &'static str,
    outcome: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
struct Strings {
    table: String,
    outcome: String,
}

type Rows<L> = Family<L, Counter>;

/// What all series have that are among these.
fn values<L: Eq + Hash>(rows: &Rows<L>, labels: impl Iterator<Item = L>) -> Vec<u64> {
    labels.filter_map(|labels| rows.with(&labels, Counter::total)).collect()
}

fn of_statics(rows: &Rows<Statics>) -> Vec<u64> {
    values(rows, statics().into_iter().map(|(table, outcome)| Statics { table, outcome }))
}

pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($rows:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {
            let labels = Statics { table: $table, outcome: $outcome };
            black_box($rows).with_or_new(&labels, |rows| rows.inc());
        };
    }
    let all = |rows: &Rows<Statics>| {
        for_each_pair!(add, rows);
    };
    unrolled(Rows::default(), all, of_statics)
}

pub(crate) fn by_enums() -> impl Shared {
    let add = |rows: &Rows<Enums>, &(table, outcome): &(Table, Outcome)| {
        rows.with_or_new(&Enums { table, outcome }, Counter::inc);
    };
    let read = |rows: &Rows<Enums>| {
        values(rows, enums().into_iter().map(|(table, outcome)| Enums { table, outcome }))
    };
    looks_up(Rows::default(), enums(), add, read)
}

pub(crate) fn by_statics() -> impl Shared {
    let add = |rows: &Rows<Statics>, &(table, outcome): &(&'static str, &'static str)| {
        rows.with_or_new(&Statics { table, outcome }, Counter::inc);
    };
    looks_up(Rows::default(), statics(), add, of_statics)
}

/// It looks up by nothing but the structure, which owns its texts.
pub(crate) fn by_strings() -> impl Shared {
    let add = |rows: &Rows<Strings>, (table, outcome): &(String, String)| {
        let labels = Strings { table: table.clone(), outcome: outcome.clone() };
        rows.with_or_new(&labels, Counter::inc);
    };
    let read = |rows: &Rows<Strings>| {
        values(rows, strings().into_iter().map(|(table, outcome)| Strings { table, outcome }))
    };
    looks_up(Rows::default(), strings(), add, read)
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
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
    registry.register(texts.name, HELP, rows.clone()).unwrap();
    let register = |[partition, worker]: [&str; 2]| {
        let part = Part { partition: partition.to_owned(), worker: worker.to_owned() };
        rows.with_or_new(&part, Counter::clone)
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
        encode(&mut self.read, &self.registry, TextProfile::default()).unwrap();
    }

    fn values(&self) -> Vec<u64> {
        figures(&self.read, &self.name)
    }
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
struct Task {
    task: u64,
}

/// Shows so many histograms as text: their buckets, since it has no quantiles.
pub(crate) fn buckets(histograms: usize) -> impl FnMut() {
    let (mut registry, mut text) = (Registry::default(), String::new());
    let rows: Family<Task, Histogram> = Family::new(sizes);
    registry.register("sizes", HELP, rows.clone()).unwrap();
    for task in 0..histograms as u64 {
        let sizes = rows.with_or_new(&Task { task }, Histogram::clone);
        SECONDS.iter().for_each(|&size| sizes.observe(size));
    }
    move || {
        text.clear();
        encode(&mut text, &registry, TextProfile::default()).unwrap();
        assert!(!text.is_empty());
    }
}
