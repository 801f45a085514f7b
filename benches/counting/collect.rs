//! The rows of collecting many counters, and many histograms.

use crate::cold::cold;
use crate::hdr;
use crate::jobs::Running;
use crate::measure::{Contest, Turn};
use crate::memory::{Memory, show_collection};
use crate::scale::Scale;
use crate::series::{register, registry, total};
use crate::subject::alone;
use crate::table::FETCH_ADD;
use crate::values::{SPREAD, VALUES};
use flowmeter::{Counter, Histogram, Registry};
use parking_lot::Mutex;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;

/// A turn, of what has said how many it collected.
type TurnOf = fn(&mut dyn FnMut() -> u64) -> Turn;

pub(crate) fn one_thread(scale: Scale) {
    counters(scale, 1, "collect 100,000 counters of 1 thread, cold", |work| cold(work));
    counters(scale, 1, "collect 100,000 counters of 1 thread, warm", |work| Turn::of(work));
}

pub(crate) fn two_threads(scale: Scale) {
    counters(scale, 2, "collect 100,000 counters of 2 threads, cold", |work| cold(work));
    counters(scale, 2, "collect 100,000 counters of 2 threads, warm", |work| Turn::of(work));
}

/// All but one have ended, after all have counted at the same time.
pub(crate) fn many_threads(scale: Scale) {
    let title = "collect 100,000 counters of 64 threads, cold";
    counters(scale, scale.threads, title, |work| cold(work));
}

/// Counters in which so many threads have counted. Between two collections an eighth of them goes on, by which the
/// last thread's cells come into the caches; so do the atomics of the other way.
fn counters(scale: Scale, threads: u64, title: &str, turn: TurnOf) {
    let (registry, handles, mut counted) = counters_of(scale, threads);
    let all = handles.len() as u64 * threads;
    let mut last = registry.collect();
    let ours = || {
        handles.iter().step_by(8).for_each(|counter| counter.add(1));
        counted += handles.iter().step_by(8).len() as u64;
        turn(&mut || {
            last = registry.collect();
            all
        })
    };
    let (shared, mut values) = (shared(&handles), Vec::new());
    let walk = || {
        shared.iter().for_each(|counter| _ = black_box(counter.load(Relaxed)));
        turn(&mut || {
            values = black_box(&shared).iter().map(|counter| counter.load(Relaxed)).collect();
            all
        })
    };
    Contest::new(title, "series, thread")
        .way("`Registry::collect`", ours)
        .way(FETCH_ADD, alone(scale))
        .way("`Arc<AtomicU64>`s, values only", walk)
        .run(scale.long_turns)
        .rows("`Arc<AtomicU64>`s, values only", "≤ 1.0 ns: 4.5 cycles");
    assert_eq!(total(&last), counted);
    assert_eq!(values.iter().sum::<u64>(), all);
}

/// Histograms in which 1 and 8 threads have recorded ten octaves.
pub(crate) fn histograms(scale: Scale) {
    histograms_of(scale, 1, "collect 1,000 histograms of 1 thread, cold");
    histograms_of(scale, 8, "collect 1,000 histograms of 8 threads, cold");
}

fn histograms_of(scale: Scale, threads: u64, title: &str) {
    let n = scale.histograms;
    let (registry, mut handles) = (registry(n), Vec::with_capacity(n));
    register(&registry, &mut handles, |metric| metric.histogram().unwrap());
    let record = |histogram: &Histogram| SPREAD.iter().for_each(|&value| histogram.record(value));
    by_threads(threads, || handles.iter().for_each(record));
    let mut hdr = hdr::up_to(1_000_000);
    SPREAD.iter().for_each(|&value| hdr.record(value).unwrap());
    let shared = vec![hdr; n].into_iter().map(Mutex::new).collect::<Vec<_>>();
    let (mut last, mut copies) = (registry.collect(), Vec::new());
    let ours = || {
        last = registry.collect();
        n as u64 * threads
    };
    let copied = || {
        copies = black_box(&shared).iter().map(|histogram| histogram.lock().clone()).collect();
        n as u64 * threads
    };
    let [mut ours, mut copied]: [Box<dyn FnMut() -> u64>; 2] = [Box::new(ours), Box::new(copied)];
    Contest::new(title, "histogram, thread")
        .way("`Registry::collect`", || cold(&mut ours))
        .way(FETCH_ADD, alone(scale))
        .way("`hdrhistogram`s in a mutex, copied", || cold(&mut copied))
        .run(scale.long_turns)
        .rows("`hdrhistogram`s in a mutex, copied", "");
    drop((ours, copied));
    let values = VALUES as u64;
    assert!(copies.iter().all(|copy| copy.len() == values));
    assert!(handles.iter().all(|histogram| histogram.snapshot().count() == threads * values));
    assert!(last.series().count() >= n);
}

/// Counters, and what is in all of them: one of each thread.
fn counters_of(scale: Scale, threads: u64) -> (Registry, Vec<Counter>, u64) {
    let (registry, mut handles) = (registry(scale.counters), Vec::with_capacity(scale.counters));
    register(&registry, &mut handles, |metric| metric.counter().unwrap());
    by_threads(threads, || handles.iter().for_each(|counter| counter.add(1)));
    let counted = threads * handles.len() as u64;
    (registry, handles, counted)
}

/// Has so many threads count at the same time.
fn by_threads(threads: u64, count: impl Fn() + Sync) {
    // This thread first, and it lives on: nobody gets what was given to it, nor to another while all live.
    count();
    let others = Barrier::new(threads as usize - 1);
    let beside_others = || {
        count();
        others.wait();
    };
    thread::scope(|scope| (1..threads).for_each(|_| _ = scope.spawn(beside_others)));
}

/// What a registry of plain atomics would have to walk.
fn shared(handles: &[Counter]) -> Vec<Arc<AtomicU64>> {
    handles.iter().map(|counter| Arc::new(AtomicU64::new(counter.value()))).collect()
}

/// What collections allocate: the first, and later ones, while the one before is held.
pub(crate) fn allocations(scale: Scale) {
    let (registry, handles, _) = counters_of(scale, 1);
    show_collections("100,000 counters", &registry);
    drop((registry, handles));
    show_collections("a job of 10,000 tasks", &Running::new(scale.job).registry);
}

fn show_collections(what: &str, registry: &Registry) {
    let mut last = None;
    for which in ["first", "second", "third"] {
        let before = Memory::now();
        last.replace(registry.collect());
        show_collection(what, which, Memory::now() - before);
    }
    assert!(last.is_some());
}
