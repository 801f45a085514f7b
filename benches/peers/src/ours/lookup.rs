//! How this library looks series up by their labels: one function for each kind of labels.

use crate::counting::{Shared, looks_up, unrolled};
use crate::labels::{OUTCOMES, Outcome, TABLES, Table, enums, for_each_pair, statics, strings};
use flowmeter::{Registry, Value};
use std::hint::black_box;

/// Labels that are literals where it is counted.
pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($registry:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {
            add(black_box($registry), $table, $outcome);
        };
    }
    let all = |registry: &Registry| {
        for_each_pair!(add, registry);
    };
    unrolled(Registry::new(), all, totals)
}

/// Labels that are enums.
pub(crate) fn by_enums() -> impl Shared {
    let add = |registry: &Registry, &(table, outcome): &(Table, Outcome)| {
        add(registry, TABLES[table as usize], OUTCOMES[outcome as usize]);
    };
    looks_up(Registry::new(), enums(), add, totals)
}

/// Labels that are texts of the program.
pub(crate) fn by_statics() -> impl Shared {
    let add = |registry: &Registry, &(table, outcome): &(&'static str, &'static str)| {
        add(registry, table, outcome);
    };
    looks_up(Registry::new(), statics(), add, totals)
}

/// Labels that are texts which the program has made.
pub(crate) fn by_strings() -> impl Shared {
    let add = |registry: &Registry, (table, outcome): &(String, String)| {
        add(registry, table, outcome);
    };
    looks_up(Registry::new(), strings(), add, totals)
}

fn add(registry: &Registry, table: &str, outcome: &str) {
    registry.counter_with("rows", &[("table", table), ("outcome", outcome)]).unwrap().add(1);
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
