//! `metrics`: its macros and handles, with the registry of `metrics-util`, or with `metrics-exporter-prometheus`.
//!
//! Handles are kept where that is measured, as its documents advise. Where a macro looks up, each thread has the
//! recorder as its own for the while: it asks for that before the global one, so this is not the slower.

use crate::counting::{Shared, adds, looks_up, records, sets, unrolled};
use crate::labels::{SERIES, enums, for_each_pair, statics, strings};
use crate::peers::plain::timed;
use crate::quantiles::{Quantiles, READ};
use crate::series::{LABELS, Series, Texts};
use crate::subject::Subject;
use crate::text::figures;
use crate::values::SPREAD;
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, SharedString, Unit,
    counter, with_local_recorder,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use metrics_util::registry::{AtomicStorage, Registry};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

static METADATA: Metadata<'static> = Metadata::new("peers", Level::INFO, None);

/// A registry as a recorder, as its documents show it.
#[derive(Clone)]
pub(crate) struct Plain {
    registry: Arc<Registry<Key, AtomicStorage>>,
    /// How many values of histograms were taken out: it keeps each until then.
    taken: Arc<AtomicU64>,
}

impl Recorder for Plain {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.registry.get_or_create_counter(key, |total| Counter::from_arc(Arc::clone(total)))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.registry.get_or_create_gauge(key, |level| Gauge::from_arc(Arc::clone(level)))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.registry.get_or_create_histogram(key, |values| Histogram::from_arc(Arc::clone(values)))
    }
}

/// The exporter, and what reads it.
#[derive(Clone)]
pub(crate) struct Exporter {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

/// A recorder that is read by the names of series.
pub(crate) trait Recorded: Clone + Send + 'static {
    type Recorder: Recorder + Sync;

    fn new() -> Self;
    fn recorder(&self) -> &Self::Recorder;
    fn counters(&self) -> Vec<u64>;
    fn level(&self) -> f64;
    fn values(&self) -> u64;
}

impl Recorded for Plain {
    type Recorder = Plain;

    fn new() -> Plain {
        Plain { registry: Arc::new(Registry::atomic()), taken: Arc::default() }
    }

    fn recorder(&self) -> &Plain {
        self
    }

    fn counters(&self) -> Vec<u64> {
        let mut totals = Vec::new();
        self.registry.visit_counters(|_, total| totals.push(total.load(Relaxed)));
        totals
    }

    fn level(&self) -> f64 {
        let mut level = 0.0;
        self.registry.visit_gauges(|_, bits| level = f64::from_bits(bits.load(Relaxed)));
        level
    }

    fn values(&self) -> u64 {
        let take = |values: &[f64]| _ = self.taken.fetch_add(values.len() as u64, Relaxed);
        self.registry.visit_histograms(|_, values| values.clear_with(take));
        self.taken.load(Relaxed)
    }
}

impl Recorded for Exporter {
    type Recorder = PrometheusRecorder;

    fn new() -> Exporter {
        let recorder = PrometheusBuilder::new().set_quantiles(&READ).unwrap().build_recorder();
        Exporter { handle: recorder.handle(), recorder: Arc::new(recorder) }
    }

    fn recorder(&self) -> &PrometheusRecorder {
        &self.recorder
    }

    fn counters(&self) -> Vec<u64> {
        figures(&self.handle.render(), "rows")
    }

    fn level(&self) -> f64 {
        figures(&self.handle.render(), "depth")[0] as f64
    }

    fn values(&self) -> u64 {
        figures(&self.handle.render(), "sizes_count").iter().sum()
    }
}

pub(crate) fn counter<R: Recorded>() -> impl Shared {
    let recorded = R::new();
    let rows = recorded.recorder().register_counter(&Key::from_static_name("rows"), &METADATA);
    adds((rows, recorded), |(rows, _)| rows.increment(1), |(_, all)| all.counters().iter().sum())
}

pub(crate) fn gauge<R: Recorded>() -> impl Shared {
    let recorded = R::new();
    let depth = recorded.recorder().register_gauge(&Key::from_static_name("depth"), &METADATA);
    let set = |(depth, _): &(Gauge, R), level: f64| depth.set(level);
    sets((depth, recorded), set, |(_, all)| all.level())
}

fn sizes<R: Recorded>() -> (Histogram, R) {
    let recorded = R::new();
    let key = Key::from_static_name("sizes");
    (recorded.recorder().register_histogram(&key, &METADATA), recorded)
}

pub(crate) fn histogram<R: Recorded>() -> impl Shared {
    let record = |(sizes, _): &(Histogram, R), size: u64| sizes.record(size as f64);
    records(sizes::<R>(), record, |(_, all)| all.values())
}

pub(crate) fn timer<R: Recorded>() -> impl Shared {
    let record = |(sizes, _): &(Histogram, R), took: Duration| sizes.record(took);
    timed(sizes::<R>(), record, |(_, all)| all.values())
}

/// Counts while the recorder is that of the thread.
#[derive(Clone)]
struct Within<R, S> {
    recorded: R,
    subject: S,
}

impl<R: Recorded, S: Subject> Subject for Within<R, S> {
    fn count(&mut self, times: u64) {
        with_local_recorder(self.recorded.recorder(), || self.subject.count(times));
    }

    fn counted(&self) -> u64 {
        self.subject.counted()
    }
}

pub(crate) fn literal<R: Recorded>() -> impl Shared {
    macro_rules! add {
        ($_none:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {
            counter!("rows", "table" => $table, "outcome" => $outcome).increment(1);
        };
    }
    let all = |recorded: &R| {
        black_box(recorded);
        for_each_pair!(add, recorded);
    };
    let recorded = R::new();
    Within { recorded: recorded.clone(), subject: unrolled(recorded, all, R::counters) }
}

/// An array has the key of each pair, with its hash.
pub(crate) fn by_enums<R: Recorded>() -> impl Shared {
    let keys: Arc<[Key; SERIES]> = Arc::new(statics().map(|(table, outcome)| {
        Key::from_parts("rows", vec![Label::new("table", table), Label::new("outcome", outcome)])
    }));
    let add = |(all, keys): &(R, Arc<[Key; SERIES]>), &(table, outcome): &(_, _)| {
        let key = &keys[table as usize * 8 + outcome as usize];
        all.recorder().register_counter(key, &METADATA).increment(1);
    };
    looks_up((R::new(), keys), enums(), add, |(all, _)| all.counters())
}

pub(crate) fn by_statics<R: Recorded>() -> impl Shared {
    let add = |_: &R, &(table, outcome): &(&'static str, &'static str)| {
        counter!("rows", "table" => table, "outcome" => outcome).increment(1);
    };
    let recorded = R::new();
    let subject = looks_up(recorded.clone(), statics(), add, R::counters);
    Within { recorded, subject }
}

/// A text that it may keep is one that is its own.
pub(crate) fn by_strings<R: Recorded>() -> impl Shared {
    let add = |_: &R, (table, outcome): &(String, String)| {
        counter!("rows", "table" => table.clone(), "outcome" => outcome.clone()).increment(1);
    };
    let recorded = R::new();
    let subject = looks_up(recorded.clone(), strings(), add, R::counters);
    Within { recorded, subject }
}

/// The handles of all series.
fn handles(recorder: &impl Recorder, texts: &Texts) -> Vec<Counter> {
    let register = |values: [&str; 2]| {
        let labels = [0, 1].map(|i| Label::new(LABELS[i], values[i].to_owned()));
        recorder.register_counter(&Key::from_parts(texts.name, labels.to_vec()), &METADATA)
    };
    texts.iter().map(register).collect()
}

struct Registered {
    plain: Plain,
    handles: Vec<Counter>,
    read: Vec<u64>,
}

pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let plain = Plain::new();
    let handles = handles(&plain, texts);
    Box::new(Registered { plain, handles, read: Vec::new() })
}

impl Series for Registered {
    fn add(&self, i: usize) {
        self.handles[i].increment(1);
    }

    fn collect(&mut self) {
        self.read.clear();
        self.plain.registry.visit_counters(|_, total| self.read.push(total.load(Relaxed)));
    }

    fn values(&self) -> Vec<u64> {
        self.read.clone()
    }
}

struct Rendered {
    exporter: Exporter,
    name: &'static str,
    handles: Vec<Counter>,
    read: Vec<u8>,
}

pub(crate) fn exported_series(texts: &Texts) -> Box<dyn Series> {
    let exporter = Exporter::new();
    let handles = handles(exporter.recorder(), texts);
    Box::new(Rendered { exporter, name: texts.name, handles, read: Vec::new() })
}

impl Series for Rendered {
    fn add(&self, i: usize) {
        self.handles[i].increment(1);
    }

    fn collect(&mut self) {
        self.read.clear();
        self.exporter.handle.render_to_write(&mut self.read).unwrap();
    }

    fn values(&self) -> Vec<u64> {
        figures(std::str::from_utf8(&self.read).unwrap(), self.name)
    }
}

/// Renders so many histograms, as summaries, and reads the quantiles from the text.
pub(crate) fn quantiles(histograms: usize) -> impl FnMut() -> Quantiles {
    let exporter = Exporter::new();
    for i in 0..histograms {
        let key = Key::from_parts("sizes", vec![Label::new("task", i.to_string())]);
        let sizes = exporter.recorder.register_histogram(&key, &METADATA);
        SPREAD.iter().for_each(|&size| sizes.record(size as f64));
    }
    let mut text = Vec::new();
    move || {
        text.clear();
        exporter.handle.render_to_write(&mut text).unwrap();
        let text = std::str::from_utf8(&text).unwrap();
        figures(text, "sizes").chunks(3).map(|three| three.try_into().unwrap()).collect()
    }
}
