//! The rows of memory: what a series takes, and what each thread that counts in it adds.

use crate::hdr;
use crate::memory::{Memory, show_series};
use crate::scale::Scale;
use crate::series::{register, registry, total};
use crate::values::{SPREAD, VALUES};
use flowmeter::{Counter, Histogram, Registry};
use std::sync::Barrier;
use std::thread;

/// What the first series of a process has it ask for, and the first count of each of two threads.
pub(crate) fn process(_: Scale) {
    let registry = Registry::new();
    // It has series of its own, which have no cells.
    registry.gauge("depth").unwrap().set(1.0);
    let before = Memory::now();
    let counter = registry.counter("rows").unwrap();
    let registered = Memory::now() - before;
    let threads = touched(|| counter.inc());
    assert_eq!(counter.value(), 2);
    show_series("a process", "its first counter registered", registered, 1, "");
    show_series("a thread", "its first count", threads[0], 1, "");
    show_series("a second one beside it", "its first count", threads[1], 1, "");
}

pub(crate) fn counters(scale: Scale) {
    let n = scale.counters;
    get_sheets();
    let mut handles: Vec<Counter> = Vec::with_capacity(n);
    let before = Memory::now();
    let registry = registry(n);
    register(&registry, &mut handles, |metric| metric.counter().unwrap());
    let registered = Memory::now() - before;
    let threads = touched(|| handles.iter().for_each(|counter| counter.add(1)));
    let before = Memory::now();
    assert_eq!(total(&registry.collect()), 2 * n as u64);
    let collected = Memory::now() - before;
    let what = "a counter of 100,000, 63 bytes of text";
    show_series(what, "registered", registered, n, "≤ 110 B asked for");
    show_series("", "the first thread that counts", threads[0], n, "≤ 8 B resident");
    show_series("", "a second one beside it", threads[1], n, "≤ 8 B resident");
    show_series("", "kept by the first collection", collected, n, "");
}

pub(crate) fn histograms(scale: Scale) {
    let n = scale.histograms;
    assert_eq!(SPREAD.len(), VALUES);
    get_sheets();
    let mut handles: Vec<Histogram> = Vec::with_capacity(n);
    let before = Memory::now();
    let registry = registry(n);
    register(&registry, &mut handles, |metric| metric.histogram().unwrap());
    let registered = Memory::now() - before;
    let record = |histogram: &Histogram| SPREAD.iter().for_each(|&value| histogram.record(value));
    let threads = touched(|| handles.iter().for_each(record));
    let counts = handles.iter().map(|histogram| histogram.snapshot().count());
    assert!(counts.into_iter().all(|count| count == 2 * VALUES as u64));
    let what = "a histogram, 1 %, values over 3 decades";
    show_series(what, "registered", registered, n, "");
    show_series("", "the first thread that records", threads[0], n, "≤ 12.5 KB resident");
    show_series("", "a second one beside it", threads[1], n, "≤ 12.5 KB resident");
    show_series("", "`hdrhistogram`, 2 digits, to 1,000,000", hdrs(n, 1_000_000), n, "");
    show_series("", "`hdrhistogram`, 2 digits, to an hour in ns", hdrs(n, hdr::AN_HOUR), n, "");
}

/// Has the address space in which two threads count asked for: once, whatever is counted in it.
fn get_sheets() {
    let counter = Counter::default();
    touched(|| counter.inc());
    assert_eq!(counter.value(), 2);
}

/// What the first thread that calls `touch` adds, and what a second one does while the first still lives.
fn touched(touch: impl Fn() + Sync) -> [Memory; 2] {
    let (steps, touch) = (&Barrier::new(2), &touch);
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            let added = of(touch);
            steps.wait();
            steps.wait();
            added
        });
        steps.wait();
        let second = scope.spawn(move || of(touch)).join().unwrap();
        steps.wait();
        [first.join().unwrap(), second]
    })
}

fn of(work: impl FnOnce()) -> Memory {
    let before = Memory::now();
    work();
    Memory::now() - before
}

/// Histograms whose range ends there.
fn hdrs(n: usize, high: u64) -> Memory {
    let mut all = Vec::with_capacity(n);
    of(|| {
        all.extend((0..n).map(|_| {
            let mut histogram = hdr::up_to(high);
            SPREAD.iter().for_each(|&value| histogram.record(value).unwrap());
            histogram
        }));
    })
}
