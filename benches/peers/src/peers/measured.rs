//! `measured`: labels as integers, by enums and by sets of texts: those known beforehand in a `Rodeo`, others in a
//! `ParaCord`, as in its own benchmarks.

use crate::counting::{SECONDS, Shared, adds, looks_up, records_seconds, sets, unrolled};
use crate::labels::{OUTCOMES, Outcome, TABLES, Table, enums, for_each_pair, statics, strings};
use crate::peers::plain::timed;
use crate::series::{Series, Texts};
use crate::text::figures;
use lasso::{Rodeo, RodeoReader};
use measured::label::LabelGroupSet;
use measured::metric::MetricFamilyEncoding;
use measured::metric::histogram::Thresholds;
use measured::metric::name::MetricName;
use measured::text::TextEncoder;
use measured::{Counter, CounterVec, FloatGauge, Histogram, HistogramVec, LabelGroup};
use paracord::ParaCord;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

pub(crate) fn counter() -> impl Shared {
    let total = |rows: &Arc<Counter>| rows.get_metric().count.load(Relaxed);
    adds(Arc::new(Counter::new()), |rows| rows.inc(), total)
}

pub(crate) fn gauge() -> impl Shared {
    let level = |depth: &Arc<FloatGauge>| depth.get_metric().count.get();
    sets(Arc::new(FloatGauge::new()), |depth, level| depth.get_metric().set(level), level)
}

type Sizes = Arc<Histogram<11>>;

fn thresholds() -> Thresholds<11> {
    Thresholds::with_buckets([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
}

fn sizes() -> Sizes {
    Arc::new(Histogram::with_metadata(thresholds()))
}

fn recorded(sizes: &Sizes) -> u64 {
    let sizes = sizes.get_metric();
    let sizes = sizes.inner.read();
    sizes.buckets.iter().chain([&sizes.inf]).map(|count| count.load(Relaxed)).sum()
}

pub(crate) fn histogram() -> impl Shared {
    records_seconds(sizes(), |sizes: &Sizes, size| sizes.observe(size), recorded)
}

pub(crate) fn timer() -> impl Shared {
    timed(sizes(), |sizes, took| sizes.get_metric().observe_duration(took), recorded)
}

#[derive(Clone, Copy, PartialEq, Debug, LabelGroup)]
#[label(set = EnumsSet)]
struct Enums {
    table: Table,
    outcome: Outcome,
}

/// Texts that are known when the program starts.
#[derive(Clone, Copy, PartialEq, Debug, LabelGroup)]
#[label(set = KnownSet)]
struct Known<'a> {
    #[label(fixed_with = RodeoReader)]
    table: &'a str,
    #[label(fixed_with = RodeoReader)]
    outcome: &'a str,
}

#[derive(Clone, Copy, PartialEq, Debug, LabelGroup)]
#[label(set = AnySet)]
struct Any<'a> {
    #[label(dynamic_with = ParaCord)]
    table: &'a str,
    #[label(dynamic_with = ParaCord)]
    outcome: &'a str,
}

type Rows<S> = Arc<CounterVec<S>>;

fn known() -> Rows<KnownSet> {
    let set = |texts: [&'static str; 8]| Rodeo::from_iter(texts).into_reader();
    Arc::new(CounterVec::with_label_set(KnownSet { table: set(TABLES), outcome: set(OUTCOMES) }))
}

fn value<S: LabelGroupSet>(rows: &Rows<S>, labels: S::Group<'_>) -> u64 {
    rows.get_metric(rows.with_labels(labels)).count.load(Relaxed)
}

fn of_known(rows: &Rows<KnownSet>) -> Vec<u64> {
    statics().map(|(table, outcome)| value(rows, Known { table, outcome })).to_vec()
}

/// By the index of a literal label, which is known as a constant: its enums.
pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($rows:expr, $table:ident, $_text:literal, $outcome:ident, $_other:literal) => {
            black_box($rows).inc(Enums { table: named::$table, outcome: named::$outcome });
        };
    }
    let all = |rows: &Rows<EnumsSet>| {
        for_each_pair!(add, rows);
    };
    unrolled(Rows::<EnumsSet>::default(), all, of_enums)
}

fn of_enums(rows: &Rows<EnumsSet>) -> Vec<u64> {
    enums().map(|(table, outcome)| value(rows, Enums { table, outcome })).to_vec()
}

pub(crate) fn by_enums() -> impl Shared {
    let add = |rows: &Rows<EnumsSet>, &(table, outcome): &(Table, Outcome)| {
        rows.inc(Enums { table, outcome });
    };
    looks_up(Rows::<EnumsSet>::default(), enums(), add, of_enums)
}

pub(crate) fn by_statics() -> impl Shared {
    let add = |rows: &Rows<KnownSet>, &(table, outcome): &(&str, &str)| {
        rows.inc(Known { table, outcome });
    };
    looks_up(known(), statics(), add, of_known)
}

pub(crate) fn by_strings() -> impl Shared {
    let add = |rows: &Rows<AnySet>, (table, outcome): &(String, String)| {
        rows.inc(Any { table, outcome });
    };
    let read = |rows: &Rows<AnySet>| {
        statics().map(|(table, outcome)| value(rows, Any { table, outcome })).to_vec()
    };
    let set = AnySet { table: ParaCord::default(), outcome: ParaCord::default() };
    looks_up(Arc::new(CounterVec::with_label_set(set)), strings(), add, read)
}

/// The enums by the names of their texts.
#[allow(non_upper_case_globals)]
mod named {
    use crate::labels::{Outcome, Table};
    pub(super) const flights: Table = Table::Flights;
    pub(super) const airports: Table = Table::Airports;
    pub(super) const airlines: Table = Table::Airlines;
    pub(super) const planes: Table = Table::Planes;
    pub(super) const weather: Table = Table::Weather;
    pub(super) const delays: Table = Table::Delays;
    pub(super) const routes: Table = Table::Routes;
    pub(super) const crews: Table = Table::Crews;
    pub(super) const committed: Outcome = Outcome::Committed;
    pub(super) const filtered: Outcome = Outcome::Filtered;
    pub(super) const refused: Outcome = Outcome::Refused;
    pub(super) const skipped: Outcome = Outcome::Skipped;
    pub(super) const failed: Outcome = Outcome::Failed;
    pub(super) const late: Outcome = Outcome::Late;
    pub(super) const retried: Outcome = Outcome::Retried;
    pub(super) const abandoned: Outcome = Outcome::Abandoned;
}

#[derive(Clone, Copy, PartialEq, Debug, LabelGroup)]
#[label(set = PartSet)]
struct Part<'a> {
    #[label(dynamic_with = ParaCord)]
    partition: &'a str,
    #[label(dynamic_with = ParaCord)]
    worker: &'a str,
}

struct Registered {
    rows: CounterVec<PartSet>,
    name: &'static str,
    handles: Vec<measured::metric::LabelId<PartSet>>,
    text: TextEncoder<Vec<u8>>,
}

/// A handle is the number of a series.
pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let set = PartSet { partition: ParaCord::default(), worker: ParaCord::default() };
    let rows = CounterVec::with_label_set(set);
    let register = |[partition, worker]: [&str; 2]| {
        let id = rows.with_labels(Part { partition, worker });
        rows.get_metric(id).inc_by(0);
        id
    };
    let handles = texts.iter().map(register).collect();
    Box::new(Registered { rows, name: texts.name, handles, text: TextEncoder::new(Vec::new()) })
}

impl Series for Registered {
    fn add(&self, i: usize) {
        self.rows.get_metric(self.handles[i]).inc();
    }

    fn collect(&mut self) {
        self.text.writer.clear();
        let name = MetricName::from_str(self.name);
        self.rows.collect_family_into(name, &mut self.text).unwrap();
        self.text.flush().unwrap();
    }

    fn values(&self) -> Vec<u64> {
        figures(std::str::from_utf8(&self.text.writer).unwrap(), self.name)
    }
}

#[derive(Clone, Copy, PartialEq, Debug, LabelGroup)]
#[label(set = TaskSet)]
struct Task<'a> {
    #[label(dynamic_with = ParaCord)]
    task: &'a str,
}

/// Shows so many histograms as text: their buckets, since it has no quantiles.
pub(crate) fn buckets(histograms: usize) -> impl FnMut() {
    let rows = HistogramVec::with_label_set_and_metadata(
        TaskSet { task: ParaCord::default() },
        thresholds(),
    );
    for i in 0..histograms {
        let id = rows.with_labels(Task { task: &i.to_string() });
        SECONDS.iter().for_each(|&size| rows.get_metric(id).observe(size));
    }
    let mut text = TextEncoder::new(Vec::new());
    move || {
        text.writer.clear();
        rows.collect_family_into(MetricName::from_str("sizes"), &mut text).unwrap();
        text.flush().unwrap();
    }
}
