//! `metriken`, and its `histogram`: statics, and slots of groups. It looks nothing up: a label is part of a static,
//! or of a slot.

use crate::counting::{Shared, adds, looks_up, records, sets, unrolled};
use crate::labels::{SERIES, enums, for_each_pair, number};
use crate::peers::plain::{ticked, timed};
use crate::quantiles::{Quantiles, READ};
use crate::series::{LABELS, Series, Texts};
use crate::values::SPREAD;
use histogram::{AtomicHistogram, Histogram};
use metriken::{
    AtomicCounterHistogram, Counter, CounterFamily, CounterGroup, CounterGroupMetric,
    CounterMember, Gauge, ShardedCounterGroup, ShardedCounterHistogram, Value,
};
use std::hint::black_box;
use std::sync::Arc;

/// Buckets of at most 1/128: as in the documents of `histogram`.
const GROUPING: u8 = 7;

pub(crate) fn counter() -> impl Shared {
    adds(Arc::new(Counter::new()), |rows| _ = rows.increment(), |rows| rows.value())
}

pub(crate) fn sharded_counter() -> impl Shared {
    let total = |rows: &Arc<ShardedCounterGroup>| rows.value(0).unwrap_or(0);
    adds(Arc::new(ShardedCounterGroup::new(1)), |rows| _ = rows.increment(0), total)
}

/// Of an `i64`: it has no other.
pub(crate) fn gauge() -> impl Shared {
    let set = |depth: &Arc<Gauge>, level| _ = depth.set(level as i64);
    sets(Arc::new(Gauge::new()), set, |depth| depth.value() as f64)
}

fn count(all: &Histogram) -> u64 {
    all.as_slice().iter().sum()
}

pub(crate) fn atomic_histogram() -> impl Shared {
    let sizes = Arc::new(AtomicHistogram::new(GROUPING, 64).unwrap());
    let record = |sizes: &Arc<AtomicHistogram>, size| sizes.increment(size).unwrap();
    records(sizes, record, |sizes| count(&sizes.load()))
}

type Sizes = Arc<AtomicCounterHistogram>;

fn sizes() -> Sizes {
    Arc::new(AtomicCounterHistogram::new(GROUPING, 64))
}

fn recorded(sizes: &Sizes) -> u64 {
    sizes.load().as_ref().map_or(0, count)
}

pub(crate) fn histogram() -> impl Shared {
    records(sizes(), |sizes: &Sizes, size| sizes.increment(size).unwrap(), recorded)
}

pub(crate) fn sharded_histogram() -> impl Shared {
    let sizes = Arc::new(ShardedCounterHistogram::new(GROUPING, 64));
    let record = |sizes: &Arc<ShardedCounterHistogram>, size| sizes.increment(size).unwrap();
    records(sizes, record, |sizes| sizes.load().as_ref().map_or(0, count))
}

pub(crate) fn timer() -> impl Shared {
    let record = |sizes: &Sizes, took: std::time::Duration| {
        sizes.increment(took.as_nanos() as u64).unwrap();
    };
    timed(sizes(), record, recorded)
}

pub(crate) fn ticked_timer() -> impl Shared {
    let record = |sizes: &Sizes, nanos| sizes.increment(nanos).unwrap();
    ticked(sizes(), record, recorded)
}

/// A static for each pair, with its labels, which all subjects share.
pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($_none:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {{
            #[metriken::metric(name = "rows", metadata = { table = $table, outcome = $outcome })]
            static ROWS: Counter = Counter::new();
            black_box(&ROWS).increment();
        }};
    }
    let all = |(): &()| {
        for_each_pair!(add, ());
    };
    unrolled((), all, |_| statics())
}

/// A static with a slot for each pair, whose number is known when the program is built; all subjects share it.
pub(crate) fn sharded_literal() -> impl Shared {
    static ROWS: ShardedCounterGroup = ShardedCounterGroup::new(SERIES);
    macro_rules! add {
        ($_none:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {{
            black_box(&ROWS).increment(const { number($table, $outcome) });
        }};
    }
    let all = |(): &()| {
        for_each_pair!(add, ());
    };
    unrolled((), all, |_| (0..SERIES).filter_map(|i| ROWS.value(i)).collect())
}

/// All statics of this name.
fn statics() -> Vec<u64> {
    let metrics = metriken::metrics();
    let rows = metrics.iter().filter(|metric| metric.name() == "rows");
    let value = |metric: &metriken::MetricEntry| match metric.metric().value() {
        Some(Value::Counter(total)) => total,
        _ => panic!("`rows` is no counter"),
    };
    rows.map(value).collect()
}

/// The slot is what the enums make it.
pub(crate) fn by_enums() -> impl Shared {
    let add = |rows: &Arc<CounterGroup>, &(table, outcome): &(_, _)| {
        rows.increment(table as usize * 8 + outcome as usize);
    };
    let values = |rows: &Arc<CounterGroup>| (0..SERIES).filter_map(|i| rows.value(i)).collect();
    looks_up(Arc::new(CounterGroup::new(SERIES)), enums(), add, values)
}

pub(crate) fn sharded_by_enums() -> impl Shared {
    let add = |rows: &Arc<ShardedCounterGroup>, &(table, outcome): &(_, _)| {
        rows.increment(table as usize * 8 + outcome as usize);
    };
    let values =
        |rows: &Arc<ShardedCounterGroup>| (0..SERIES).filter_map(|i| rows.value(i)).collect();
    looks_up(Arc::new(ShardedCounterGroup::new(SERIES)), enums(), add, values)
}

struct Members {
    family: &'static CounterFamily,
    members: Vec<CounterMember<'static>>,
    read: Vec<u64>,
}

/// A family is made to be a static: what is left of it when its members go is never freed.
pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let family: &'static CounterFamily = Box::leak(Box::default());
    let register = |values: [&str; 2]| family.member([0, 1].map(|i| (LABELS[i], values[i])));
    Box::new(Members { family, members: texts.iter().map(register).collect(), read: Vec::new() })
}

impl Series for Members {
    fn add(&self, i: usize) {
        self.members[i].increment();
    }

    fn collect(&mut self) {
        self.read = self.family.load_counters().unwrap();
    }

    fn values(&self) -> Vec<u64> {
        self.read.clone()
    }
}

/// Reads so many histograms of values of at most so many bits: each into the same one, and then its quantiles, without allocating.
pub(crate) fn quantiles(histograms: usize, bits: u8) -> impl FnMut() -> Quantiles {
    let make = |_| AtomicHistogram::new(GROUPING, bits).unwrap();
    let all: Vec<AtomicHistogram> = (0..histograms).map(make).collect();
    for sizes in &all {
        SPREAD.iter().for_each(|&size| sizes.increment(size).unwrap());
    }
    let mut copy = Histogram::new(GROUPING, bits).unwrap();
    move || {
        let read = |sizes: &AtomicHistogram| {
            let mut buckets = [const { None }; 3];
            sizes.load_into(&mut copy).unwrap();
            copy.quantile_buckets_into(&READ, &mut buckets).unwrap();
            buckets.map(|bucket| bucket.unwrap().end())
        };
        all.iter().map(read).collect()
    }
}
