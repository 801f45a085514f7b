//! The row of collecting histograms together with what reports say of them.

use crate::hdr;
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::series::{register, registry};
use crate::subject::alone;
use crate::table::FETCH_ADD;
use crate::values::{SPREAD, VALUES};
use flowmeter::{Histogram, HistogramSnapshot, Registry, Snapshot, Value};
use parking_lot::Mutex;
use std::hint::black_box;

/// What reports say.
const QUANTILES: [f64; 3] = [0.5, 0.9, 0.99];

type Hdr = hdrhistogram::Histogram<u64>;

/// Histograms in which one thread has recorded ten octaves, each with its quantiles.
pub(crate) fn measure(scale: Scale) {
    let n = scale.few_histograms;
    let (registry, handles) = recorded(n);
    let shared = vec![hdr(); n].into_iter().map(Mutex::new).collect::<Vec<_>>();
    let (mut last, mut copies) = (registry.collect(), Vec::new());
    let ours = || {
        last = registry.collect();
        black_box(said_of(&last));
        n as u64
    };
    let copied = || {
        copies = black_box(&shared).iter().map(|histogram| histogram.lock().clone()).collect();
        black_box(said_of_hdr(&copies));
        n as u64
    };
    let [mut ours, mut copied]: [Box<dyn FnMut() -> u64>; 2] = [Box::new(ours), Box::new(copied)];
    Contest::new("collect 100 histograms of 1 thread with 3 quantiles, warm", "histogram")
        .way("`Registry::collect`, `quantile`", || Turn::of(&mut ours))
        .way(FETCH_ADD, alone(scale))
        .way("`hdrhistogram`s in a mutex, copied", || Turn::of(&mut copied))
        .run(scale.turns)
        .rows("`hdrhistogram`s in a mutex, copied", "≤ 1,000 ns");
    drop((ours, copied));
    assert_eq!(said_of(&last), said_of_hdr(&copies));
    assert!(handles.iter().all(|histogram| histogram.snapshot().count() == VALUES as u64));
}

/// Histograms of a registry, with their handles.
fn recorded(n: usize) -> (Registry, Vec<Histogram>) {
    let (registry, mut handles) = (registry(n), Vec::with_capacity(n));
    register(&registry, &mut handles, |metric| metric.histogram().unwrap());
    let record = |histogram: &Histogram| SPREAD.iter().for_each(|&value| histogram.record(value));
    handles.iter().for_each(record);
    (registry, handles)
}

/// One in which the same was recorded.
fn hdr() -> Hdr {
    let mut hdr = hdr::up_to(1_000_000);
    SPREAD.iter().for_each(|&value| hdr.record(value).unwrap());
    hdr
}

/// The quantiles of all, added up.
fn said_of(snapshot: &Snapshot) -> u64 {
    let said = |all: &HistogramSnapshot| QUANTILES.map(|q| all.quantile(q).unwrap());
    let said = snapshot.series().map(|series| match series.value {
        Value::Histogram(histogram) => said(&histogram).iter().sum(),
        _ => 0,
    });
    said.sum()
}

fn said_of_hdr(copies: &[Hdr]) -> u64 {
    copies.iter().flat_map(|copy| QUANTILES.map(|q| copy.value_at_quantile(q))).sum()
}
