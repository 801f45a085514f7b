//! The rows of several threads that count the same.

use crate::datax::Communication;
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::subject::{FetchAdd, OneWriter, Subject, turn};
use crate::table::FETCH_ADD;
use crate::{hdr, ours};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

/// How often a thread counts before it looks at the clock.
const BATCH: u64 = 4 * 4096;

/// What some threads did together.
struct Together {
    count: u64,
    /// Of all threads, added up.
    busy: Duration,
    /// From the first one's start to the last one's end.
    all: Duration,
}

pub(crate) fn two(scale: Scale) {
    let mut alone = FetchAdd::default();
    let each = |together: Together| Turn { count: together.count, took: together.busy };
    let ways = Ways { threads: 2, slice: scale.slice, turn: each };
    Contest::new("same counter, 2 threads", "add, thread")
        .way("`Counter::add`", ways.of(ours::counter()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`fetch_add`, shared", ways.of(FetchAdd::default()))
        .way("`fetch_add`, each its own", ways.of(Own::<FetchAdd>::default()))
        .way("DataX-shaped map, shared", ways.of(Communication::new()))
        .way("limit: load, store, each its own", ways.of(Own::<OneWriter>::default()))
        .run(scale.turns)
        .rows("`fetch_add`, shared", "≤ 0.7 ns");
    Contest::new("histogram record, shared handle, 2 threads", "value, thread")
        .way("`Histogram::record`", ways.of(ours::histogram()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`hdrhistogram`, 2 digits, in a mutex", ways.of(hdr::locked()))
        .run(scale.turns)
        .rows("`hdrhistogram`, 2 digits, in a mutex", "≤ 1.6 ns");
}

/// More than there may be processors, so that they take turns on them.
pub(crate) fn eight(scale: Scale) {
    let mut alone = FetchAdd::default();
    let total = |together: Together| Turn { count: together.count, took: together.all };
    let ways = Ways { threads: 8, slice: scale.long_slice, turn: total };
    Contest::new("same counter, 8 threads, total", "add of all")
        .way("`Counter::add`", ways.of(ours::counter()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`fetch_add`, shared", ways.of(FetchAdd::default()))
        .way("`fetch_add`, each its own", ways.of(Own::<FetchAdd>::default()))
        .way("DataX-shaped map, shared", ways.of(Communication::new()))
        .way("limit: load, store, each its own", ways.of(Own::<OneWriter>::default()))
        .run(scale.long_turns)
        .rows("`fetch_add`, shared", "≥ 3,000 M/s, 2 CPUs");
}

/// So many threads, for so long, and what is made of what they did.
#[derive(Clone, Copy)]
struct Ways {
    threads: usize,
    slice: Duration,
    turn: fn(Together) -> Turn,
}

impl Ways {
    /// A turn of threads that are all new, each with a clone of `subject`.
    fn of<S: Subject + Clone>(self, subject: S) -> impl FnMut() -> Turn {
        move || {
            let before = subject.counted();
            let together = overlapped(vec![subject.clone(); self.threads], self.slice);
            assert_eq!(subject.counted() - before, together.count);
            (self.turn)(together)
        }
    }
}

/// Lets each count on a thread of its own, all at the same time, for `slice`.
fn overlapped<S: Subject>(subjects: Vec<S>, slice: Duration) -> Together {
    let ready = Barrier::new(subjects.len());
    let ready = &ready;
    let parts: Vec<(u64, Instant, Instant)> = thread::scope(|scope| {
        let count = |subject| scope.spawn(move || count_for(subject, ready, slice));
        let threads: Vec<_> = subjects.into_iter().map(count).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let first = parts.iter().map(|part| part.1).min().unwrap();
    let last = parts.iter().map(|part| part.2).max().unwrap();
    Together {
        count: parts.iter().map(|part| part.0).sum(),
        busy: parts.iter().map(|part| part.2 - part.1).sum(),
        all: last - first,
    }
}

/// Counts for so long, and says how much, from when, and until when.
fn count_for(
    mut subject: impl Subject,
    ready: &Barrier,
    slice: Duration,
) -> (u64, Instant, Instant) {
    ready.wait();
    let start = Instant::now();
    let mut count = 0;
    loop {
        subject.count(BATCH);
        count += BATCH;
        let now = Instant::now();
        if now - start >= slice {
            return (count, start, now);
        }
    }
}

/// Counts by one that it shares with nobody: each clone has another. What they counted is added up.
#[derive(Default)]
struct Own<S> {
    own: S,
    total: Arc<AtomicU64>,
}

impl<S: Default> Clone for Own<S> {
    fn clone(&self) -> Own<S> {
        Own { own: S::default(), total: Arc::clone(&self.total) }
    }
}

impl<S: Subject> Subject for Own<S> {
    fn count(&mut self, times: u64) {
        let before = self.own.counted();
        self.own.count(times);
        self.total.fetch_add(self.own.counted() - before, Relaxed);
    }

    fn counted(&self) -> u64 {
        self.total.load(Relaxed)
    }
}
