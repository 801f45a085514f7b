//! How this library finds series by their labels, as quickly as each kind of labels allows.

use crate::counting::{Shared, looks_up, unrolled};
use crate::labels::{OUTCOMES, Outcome, TABLES, Table, enums, for_each_pair, statics, strings};
use flowmeter::{Counter, Family, Label, Registry, TypedFamily, Value, counter};
use std::hint::black_box;

/// A call site for each pair.
pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($registry:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {
            counter!(*black_box($registry), "rows", table = $table, outcome = $outcome).add(1);
        };
    }
    let all = |registry: &Registry| {
        for_each_pair!(add, registry);
    };
    unrolled(Registry::new(), all, totals)
}

impl Label for Table {
    const NAME: &'static str = "table";
    const VALUES: &'static [&'static str] = &TABLES;

    fn index(self) -> usize {
        self as usize
    }
}

impl Label for Outcome {
    const NAME: &'static str = "outcome";
    const VALUES: &'static [&'static str] = &OUTCOMES;

    fn index(self) -> usize {
        self as usize
    }
}

/// A family, with the registry by which it is read.
type Of<F> = (F, Registry);

pub(crate) fn by_enums() -> impl Shared {
    type Rows = TypedFamily<Counter, (Table, Outcome)>;
    let registry = Registry::new();
    let rows: Rows = registry.metric("rows").typed_family().unwrap();
    let add = |(rows, _): &Of<Rows>, &labels: &(Table, Outcome)| rows.of(labels).add(1);
    looks_up((rows, registry), enums(), add, |(_, registry)| totals(registry))
}

type Rows = Family<Counter, 2>;

fn rows() -> Of<Rows> {
    let registry = Registry::new();
    (registry.metric("rows").family(["table", "outcome"]).unwrap(), registry)
}

/// By the addresses of the texts.
pub(crate) fn by_statics() -> impl Shared {
    let add = |(rows, _): &Of<Rows>, &(table, outcome): &(&'static str, &'static str)| {
        rows.of_static([table, outcome]).add(1);
    };
    looks_up(rows(), statics(), add, |(_, registry)| totals(registry))
}

pub(crate) fn by_strings() -> impl Shared {
    let add = |(rows, _): &Of<Rows>, (table, outcome): &(String, String)| {
        rows.of([table, outcome]).add(1);
    };
    looks_up(rows(), strings(), add, |(_, registry)| totals(registry))
}

/// What each series named `rows` has.
fn totals(registry: &Registry) -> Vec<u64> {
    let snapshot = registry.collect();
    let rows = snapshot.series().filter(|series| series.key.name() == "rows");
    let total = |value| match value {
        Value::Counter(total) => total,
        other => panic!("{other:?} is no counter"),
    };
    rows.map(|series| total(series.value)).collect()
}
