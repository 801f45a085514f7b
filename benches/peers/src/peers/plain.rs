//! What one would write without a library: atomics, alone, in an array, and in maps under a lock.

use crate::counting::{Shared, adds, looks_up, sets, unrolled};
use crate::labels::{SERIES, enums, for_each_pair, statics, strings};
use crate::series::{Series, Texts};
use crate::subject::FetchAdd;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};

/// On a line of its own.
pub(crate) fn counter() -> FetchAdd {
    FetchAdd::default()
}

pub(crate) fn gauge() -> impl Shared {
    let bits = Arc::new(AtomicU64::new(0));
    sets(
        bits,
        |bits, level| bits.store(level.to_bits(), Relaxed),
        |bits| f64::from_bits(bits.load(Relaxed)),
    )
}

/// All in one piece, each in its place.
type Array = Arc<[AtomicU64; SERIES]>;

fn array() -> Array {
    Arc::new([const { AtomicU64::new(0) }; SERIES])
}

fn values(array: &Array) -> Vec<u64> {
    array.iter().map(|total| total.load(Relaxed)).collect()
}

/// The places of the labels, by name.
#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
enum Table {
    flights,
    airports,
    airlines,
    planes,
    weather,
    delays,
    routes,
    crews,
}

#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
enum Outcome {
    committed,
    filtered,
    refused,
    skipped,
    failed,
    late,
    retried,
    abandoned,
}

pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($array:expr, $table:ident, $_text:literal, $outcome:ident, $_other:literal) => {
            black_box($array)[Table::$table as usize * 8 + Outcome::$outcome as usize]
                .fetch_add(1, Relaxed);
        };
    }
    unrolled(
        array(),
        |array| {
            for_each_pair!(add, array);
        },
        values,
    )
}

pub(crate) fn by_enums() -> impl Shared {
    let add = |array: &Array, &(table, outcome): &(_, _)| {
        _ = array[table as usize * 8 + outcome as usize].fetch_add(1, Relaxed);
    };
    looks_up(array(), enums(), add, values)
}

type ByStatics = Arc<RwLock<HashMap<(&'static str, &'static str), AtomicU64>>>;

pub(crate) fn by_statics() -> impl Shared {
    let add = |map: &ByStatics, key: &(&'static str, &'static str)| {
        let found = map.read().get(key).map(|total| total.fetch_add(1, Relaxed));
        if found.is_none() {
            map.write().entry(*key).or_default().fetch_add(1, Relaxed);
        }
    };
    let values = |map: &ByStatics| map.read().values().map(|total| total.load(Relaxed)).collect();
    looks_up(ByStatics::default(), statics(), add, values)
}

/// A map for each table, so that borrowed texts find something.
type ByStrings = Arc<RwLock<HashMap<String, HashMap<String, AtomicU64>>>>;

pub(crate) fn by_strings() -> impl Shared {
    let add = |maps: &ByStrings, (table, outcome): &(String, String)| {
        let found =
            maps.read().get(table).and_then(|map| map.get(outcome)?.fetch_add(1, Relaxed).into());
        if found.is_none() {
            let mut maps = maps.write();
            let map = maps.entry(table.clone()).or_default();
            map.entry(outcome.clone()).or_default().fetch_add(1, Relaxed);
        }
    };
    let values = |maps: &ByStrings| {
        let maps = maps.read();
        let totals = maps.values().flat_map(|map| map.values().map(|total| total.load(Relaxed)));
        totals.collect()
    };
    looks_up(ByStrings::default(), strings(), add, values)
}

/// A map from name and labels, as one text.
struct Map {
    all: HashMap<String, Arc<AtomicU64>>,
    handles: Vec<Arc<AtomicU64>>,
    read: Vec<u64>,
}

pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let mut all = HashMap::new();
    let register = |[partition, worker]: [&str; 2]| {
        let key = format!("{} partition={partition} worker={worker}", texts.name);
        let total: &Arc<AtomicU64> = all.entry(key).or_default();
        Arc::clone(total)
    };
    let handles = texts.iter().map(register).collect();
    Box::new(Map { all, handles, read: Vec::new() })
}

impl Series for Map {
    fn add(&self, i: usize) {
        self.handles[i].fetch_add(1, Relaxed);
    }

    fn collect(&mut self) {
        self.read.clear();
        self.read.extend(self.all.values().map(|total| total.load(Relaxed)));
    }

    fn values(&self) -> Vec<u64> {
        self.read.clone()
    }
}

/// What the handle's library could do with the counter of the processor.
pub(crate) fn ticked<H: Clone + Send + 'static>(
    handle: H,
    record: impl Fn(&H, u64) + Copy + Send + 'static,
    counted: impl Fn(&H) -> u64 + Copy + Send + 'static,
) -> impl Shared {
    static COUNTER: LazyLock<quanta::Clock> = LazyLock::new(quanta::Clock::new);
    let time = move |handle: &H| {
        let start = COUNTER.raw();
        record(handle, COUNTER.delta_as_nanos(start, COUNTER.raw()));
    };
    adds(handle, time, counted)
}

/// The handle's own library does what one would do with `Instant`.
pub(crate) fn timed<H: Clone + Send + 'static>(
    handle: H,
    record: impl Fn(&H, std::time::Duration) + Copy + Send + 'static,
    counted: impl Fn(&H) -> u64 + Copy + Send + 'static,
) -> impl Shared {
    let time = move |handle: &H| {
        let start = std::time::Instant::now();
        record(handle, start.elapsed());
    };
    adds(handle, time, counted)
}
