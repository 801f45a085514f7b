//! The labels of the series that are looked up: eight tables, and eight outcomes of each.

/// How many series that makes.
pub(crate) const SERIES: usize = 64;

/// Of which table rows were read. As an enum it is a label of the libraries that know such ones.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    measured::FixedCardinalityLabel,
    prometheus_client::encoding::EncodeLabelValue,
    fastmetrics::derive::EncodeLabelValue,
)]
pub(crate) enum Table {
    Flights,
    Airports,
    Airlines,
    Planes,
    Weather,
    Delays,
    Routes,
    Crews,
}

/// What became of them.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    measured::FixedCardinalityLabel,
    prometheus_client::encoding::EncodeLabelValue,
    fastmetrics::derive::EncodeLabelValue,
)]
pub(crate) enum Outcome {
    Committed,
    Filtered,
    Refused,
    Skipped,
    Failed,
    Late,
    Retried,
    Abandoned,
}

pub(crate) const TABLES: [&str; 8] =
    ["flights", "airports", "airlines", "planes", "weather", "delays", "routes", "crews"];
pub(crate) const OUTCOMES: [&str; 8] =
    ["committed", "filtered", "refused", "skipped", "failed", "late", "retried", "abandoned"];

/// The number of the pair of these.
pub(crate) const fn number(table: &str, outcome: &str) -> usize {
    position(&TABLES, table) * 8 + position(&OUTCOMES, outcome)
}

const fn position(texts: &[&str; 8], text: &str) -> usize {
    let mut at = 0;
    while !is_same(texts[at].as_bytes(), text.as_bytes()) {
        at += 1;
    }
    at
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// All pairs, as two enums.
pub(crate) fn enums() -> [(Table, Outcome); SERIES] {
    use Outcome::{Abandoned, Committed, Failed, Filtered, Late, Refused, Retried, Skipped};
    use Table::{Airlines, Airports, Crews, Delays, Flights, Planes, Routes, Weather};
    let tables = [Flights, Airports, Airlines, Planes, Weather, Delays, Routes, Crews];
    let outcomes = [Committed, Filtered, Refused, Skipped, Failed, Late, Retried, Abandoned];
    std::array::from_fn(|i| (tables[i / 8], outcomes[i % 8]))
}

/// All pairs, as texts that are known when the program is built.
pub(crate) fn statics() -> [(&'static str, &'static str); SERIES] {
    std::array::from_fn(|i| (TABLES[i / 8], OUTCOMES[i % 8]))
}

/// All pairs, as texts that the program has made.
pub(crate) fn strings() -> [(String, String); SERIES] {
    statics().map(|(table, outcome)| (table.to_owned(), outcome.to_owned()))
}

/// Does something for each pair by a line of its own: with both as identifiers and as texts.
macro_rules! for_each_pair {
    ($do:ident, $handle:expr) => {
        $crate::labels::for_each_outcome!($do, $handle, flights, "flights");
        $crate::labels::for_each_outcome!($do, $handle, airports, "airports");
        $crate::labels::for_each_outcome!($do, $handle, airlines, "airlines");
        $crate::labels::for_each_outcome!($do, $handle, planes, "planes");
        $crate::labels::for_each_outcome!($do, $handle, weather, "weather");
        $crate::labels::for_each_outcome!($do, $handle, delays, "delays");
        $crate::labels::for_each_outcome!($do, $handle, routes, "routes");
        $crate::labels::for_each_outcome!($do, $handle, crews, "crews");
    };
}
pub(crate) use for_each_pair;

macro_rules! for_each_outcome {
    ($do:ident, $handle:expr, $table:ident, $text:literal) => {
        $do!($handle, $table, $text, committed, "committed");
        $do!($handle, $table, $text, filtered, "filtered");
        $do!($handle, $table, $text, refused, "refused");
        $do!($handle, $table, $text, skipped, "skipped");
        $do!($handle, $table, $text, failed, "failed");
        $do!($handle, $table, $text, late, "late");
        $do!($handle, $table, $text, retried, "retried");
        $do!($handle, $table, $text, abandoned, "abandoned");
    };
}
pub(crate) use for_each_outcome;
