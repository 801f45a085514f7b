//! `opentelemetry_sdk`: bound instruments where the attributes are held, which its documents call an experiment, and
//! attributes that are made beforehand where they are looked up.

use crate::counting::{SECONDS, Shared, adds, looks_up, records_seconds, sets, unrolled};
use crate::labels::{SERIES, enums, for_each_pair, statics, strings};
use crate::peers::plain::timed;
use crate::series::{LABELS, Series, Texts};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundCounter, BoundGauge, BoundHistogram, Counter, MeterProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, HistogramDataPoint, MetricData, ResourceMetrics, ScopeMetrics, SumDataPoint,
};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Stream,
    Temporality,
};
use std::hint::black_box;
use std::sync::{Arc, LazyLock, Weak};
use std::time::Duration;

/// A reader that can be asked while the provider has it.
#[derive(Clone, Debug)]
struct Reader(Arc<ManualReader>);

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, read: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(read)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

/// What an instrument counts for, and who reads it.
#[derive(Clone)]
struct With<T> {
    instrument: T,
    reader: Reader,
    _provider: SdkMeterProvider,
}

fn with<T>(
    view: fn(&Instrument) -> Option<Stream>,
    make: impl FnOnce(&opentelemetry::metrics::Meter) -> T,
) -> With<T> {
    let reader = Reader(Arc::new(ManualReader::builder().build()));
    let builder = SdkMeterProvider::builder().with_reader(reader.clone());
    let provider = builder.with_view(view).build();
    With { instrument: make(&provider.meter("peers")), reader, _provider: provider }
}

impl<T> With<T> {
    fn read(&self) -> ResourceMetrics {
        let mut read = ResourceMetrics::default();
        self.read_into(&mut read);
        read
    }

    fn read_into(&self, read: &mut ResourceMetrics) {
        self.reader.collect(read).unwrap();
    }

    /// The figures of all series: totals, levels, numbers of values.
    fn figures(&self) -> Vec<u64> {
        figures(&self.read())
    }

    fn figure(&self) -> u64 {
        self.figures().iter().sum()
    }
}

fn figures(read: &ResourceMetrics) -> Vec<u64> {
    let metrics = read.scope_metrics().flat_map(ScopeMetrics::metrics);
    metrics.flat_map(|metric| figures_of(metric.data())).collect()
}

fn figures_of(data: &AggregatedMetrics) -> Vec<u64> {
    use AggregatedMetrics::{F64, U64};
    match data {
        U64(MetricData::Sum(sum)) => sum.data_points().map(SumDataPoint::value).collect(),
        F64(MetricData::Gauge(gauge)) => {
            gauge.data_points().map(|point| point.value() as u64).collect()
        }
        F64(MetricData::Histogram(all)) => {
            all.data_points().map(HistogramDataPoint::count).collect()
        }
        F64(MetricData::ExponentialHistogram(all)) => {
            all.data_points().map(|point| point.count() as u64).collect()
        }
        other => panic!("{other:?} is nothing that was counted"),
    }
}

fn as_it_is(_: &Instrument) -> Option<Stream> {
    None
}

/// As many buckets as its protocol has by default.
fn exponential(_: &Instrument) -> Option<Stream> {
    let aggregation = Aggregation::Base2ExponentialHistogram {
        max_size: 160,
        max_scale: 20,
        record_min_max: true,
    };
    Stream::builder().with_aggregation(aggregation).build().ok()
}

fn many(_: &Instrument) -> Option<Stream> {
    Stream::builder().with_cardinality_limit(200_000).build().ok()
}

pub(crate) fn counter() -> impl Shared {
    let rows = with(as_it_is, |meter| Arc::new(meter.u64_counter("rows").build().bind(&[])));
    adds(rows, |rows: &With<Arc<BoundCounter<u64>>>| rows.instrument.add(1), With::figure)
}

pub(crate) fn unbound_counter() -> impl Shared {
    let rows = with(as_it_is, |meter| meter.u64_counter("rows").build());
    adds(rows, |rows| rows.instrument.add(1, &[]), With::figure)
}

pub(crate) fn gauge() -> impl Shared {
    let depth = with(as_it_is, |meter| Arc::new(meter.f64_gauge("depth").build().bind(&[])));
    let set = |depth: &With<Arc<BoundGauge<f64>>>, level| depth.instrument.record(level);
    sets(depth, set, |depth| depth.figure() as f64)
}

type Sizes = With<Arc<BoundHistogram<f64>>>;

fn sizes(view: fn(&Instrument) -> Option<Stream>) -> Sizes {
    with(view, |meter| Arc::new(meter.f64_histogram("sizes").build().bind(&[])))
}

pub(crate) fn histogram() -> impl Shared {
    let record = |sizes: &Sizes, size| sizes.instrument.record(size);
    records_seconds(sizes(as_it_is), record, With::figure)
}

pub(crate) fn exponential_histogram() -> impl Shared {
    let record = |sizes: &Sizes, size| sizes.instrument.record(size);
    records_seconds(sizes(exponential), record, With::figure)
}

pub(crate) fn timer() -> impl Shared {
    let record = |sizes: &Sizes, took: Duration| sizes.instrument.record(took.as_secs_f64());
    timed(sizes(as_it_is), record, With::figure)
}

type Rows = With<Counter<u64>>;

fn rows() -> Rows {
    with(as_it_is, |meter| meter.u64_counter("rows").build())
}

/// The attributes of each call are a static.
pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($rows:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {{
            static LABELS: LazyLock<[KeyValue; 2]> = LazyLock::new(|| {
                [KeyValue::new("outcome", $outcome), KeyValue::new("table", $table)]
            });
            black_box($rows).instrument.add(1, &*LABELS);
        }};
    }
    let all = |rows: &Rows| {
        for_each_pair!(add, rows);
    };
    unrolled(rows(), all, With::figures)
}

/// An array has the attributes of each pair.
pub(crate) fn by_enums() -> impl Shared {
    let labels: Arc<[[KeyValue; 2]; SERIES]> = Arc::new(statics().map(|(table, outcome)| {
        [KeyValue::new("outcome", outcome), KeyValue::new("table", table)]
    }));
    let add = |(rows, labels): &(Rows, Arc<[[KeyValue; 2]; SERIES]>),
               &(table, outcome): &(_, _)| {
        rows.instrument.add(1, &labels[table as usize * 8 + outcome as usize]);
    };
    looks_up((rows(), labels), enums(), add, |(rows, _)| rows.figures())
}

pub(crate) fn by_statics() -> impl Shared {
    let add = |rows: &Rows, &(table, outcome): &(&'static str, &'static str)| {
        rows.instrument.add(1, &[KeyValue::new("outcome", outcome), KeyValue::new("table", table)]);
    };
    looks_up(rows(), statics(), add, With::figures)
}

/// A text that it may keep is one that is its own.
pub(crate) fn by_strings() -> impl Shared {
    let add = |rows: &Rows, (table, outcome): &(String, String)| {
        let labels =
            [KeyValue::new("outcome", outcome.clone()), KeyValue::new("table", table.clone())];
        rows.instrument.add(1, &labels);
    };
    looks_up(rows(), strings(), add, With::figures)
}

struct Registered {
    rows: With<Counter<u64>>,
    handles: Vec<BoundCounter<u64>>,
    read: ResourceMetrics,
}

pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let rows = with(many, |meter| meter.u64_counter(texts.name).build());
    let register = |values: [&str; 2]| {
        rows.instrument.bind(&[0, 1].map(|i| KeyValue::new(LABELS[i], values[i].to_owned())))
    };
    let handles = texts.iter().map(register).collect();
    Box::new(Registered { rows, handles, read: ResourceMetrics::default() })
}

impl Series for Registered {
    fn add(&self, i: usize) {
        self.handles[i].add(1);
    }

    fn collect(&mut self) {
        self.rows.read_into(&mut self.read);
    }

    fn values(&self) -> Vec<u64> {
        figures(&self.read)
    }
}

/// Collects so many histograms: their buckets, since it has no quantiles.
pub(crate) fn buckets(histograms: usize) -> impl FnMut() {
    let sizes = with(exponential, |meter| meter.f64_histogram("sizes").build());
    for i in 0..histograms {
        let bound = sizes.instrument.bind(&[KeyValue::new("task", i as i64)]);
        SECONDS.iter().for_each(|&size| bound.record(size));
    }
    let mut read = ResourceMetrics::default();
    move || {
        sizes.read_into(&mut read);
        assert_eq!(figures(&read).len(), histograms);
    }
}
