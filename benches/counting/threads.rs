//! The rows of several threads that count the same.

use crate::datax::Communication;
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::subject::{FetchAdd, Nothing, OneWriter, Subject, turn};
use crate::table::FETCH_ADD;
use crate::values::VALUES;
use crate::{hdr, ours};
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// How often each thread counts before it is timed, so that its first touch of what it counts is over.
const WARM_UP: u64 = VALUES as u64;

/// How often threads are tried to have run at the same time, in a turn.
const TRIES: usize = 1_000;

/// Each of two.
pub(crate) fn two(scale: Scale) {
    let mut alone = FetchAdd::default();
    // On one processor, one after the other, two who share would look quicker than they are at the same time.
    let ways = Ways { threads: 2, batch: scale.batch, slice: Duration::ZERO, common: scale.common };
    Contest::new("same counter, 2 threads", "add, thread")
        .way("`Counter::add`", ways.each(ours::counter()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`fetch_add`, shared", ways.each(FetchAdd::default()))
        .way("`fetch_add`, each its own", ways.each(Own::<FetchAdd>::default()))
        .way("DataX-shaped map, shared", ways.each(Communication::new()))
        .way("limit: load, store, each its own", ways.each(Own::<OneWriter>::default()))
        .way("the loop alone", ways.each(Own::<Nothing>::default()))
        .run(scale.long_turns)
        .rows("`fetch_add`, shared", "≤ 0.7 ns: 3.2 cycles");
    Contest::new("histogram record, shared handle, 2 threads", "value, thread")
        .way("`Histogram::record`", ways.each(ours::histogram()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`hdrhistogram`, 2 digits, in a mutex", ways.each(hdr::locked()))
        .way("`hdrhistogram`, 2 digits, its recorders", ways.each(hdr::recorded()))
        .run(scale.long_turns)
        .rows("`hdrhistogram`, 2 digits, in a mutex", "≤ 1.6 ns: 7.3 cycles");
}

/// All of eight together: more than there may be processors, so that they take turns on them.
pub(crate) fn eight(scale: Scale) {
    let mut alone = FetchAdd::default();
    let ways = Ways { threads: 8, batch: scale.batch, slice: scale.slice, common: 0.0 };
    Contest::new("same counter, 8 threads, total", "add of all")
        .way("`Counter::add`", ways.total(ours::counter()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`fetch_add`, shared", ways.total(FetchAdd::default()))
        .way("`fetch_add`, each its own", ways.total(Own::<FetchAdd>::default()))
        .way("DataX-shaped map, shared", ways.total(Communication::new()))
        .way("limit: load, store, each its own", ways.total(Own::<OneWriter>::default()))
        .run(scale.long_turns)
        .rows("`fetch_add`, shared", "≥ 3,000 M/s: 1.5 cycles");
}

/// How so many threads count together.
#[derive(Clone, Copy)]
struct Ways {
    threads: usize,
    /// How often each counts before it looks at the clock.
    batch: u64,
    /// How long they count: at least a batch each.
    slice: Duration,
    /// The part of the time in which all of them must have run, for a turn to count.
    common: f64,
}

/// What some threads did.
struct Together {
    count: u64,
    /// From the first one's start to the last one's end.
    all: Duration,
    /// From the last one's start to the first one's end.
    common: Duration,
}

impl Ways {
    /// For each of the threads.
    fn each<S: Subject + Clone>(self, subject: S) -> impl FnMut() -> Turn {
        move || {
            let Together { count, all, .. } = self.together(&subject);
            Turn { count: count.div_ceil(self.threads as u64), took: all }
        }
    }

    /// For all of them.
    fn total<S: Subject + Clone>(self, subject: S) -> impl FnMut() -> Turn {
        move || {
            let Together { count, all, .. } = self.together(&subject);
            Turn { count, took: all }
        }
    }

    /// As many tries as it takes until all ran at the same time; a turn in which they never did lasts for ever.
    fn together<S: Subject + Clone>(self, subject: &S) -> Together {
        let mut tries = (0..TRIES).map(|_| self.try_together(subject));
        let is_common = |it: &Together| it.common >= it.all.mul_f64(self.common);
        let never = Together { count: 1, all: Duration::MAX, common: Duration::ZERO };
        tries.find(is_common).unwrap_or(never)
    }

    /// Threads that are all new, each with a clone of `subject`.
    fn try_together<S: Subject + Clone>(self, subject: &S) -> Together {
        let before = subject.counted();
        let together = self.run(vec![subject.clone(); self.threads]);
        let counted = together.count + self.threads as u64 * WARM_UP;
        assert_eq!(subject.counted() - before, counted);
        together
    }

    fn run<S: Subject>(self, subjects: Vec<S>) -> Together {
        let waiting = &AtomicUsize::new(subjects.len());
        let parts: Vec<(u64, Instant, Instant)> = thread::scope(|scope| {
            let count = |subject| scope.spawn(move || self.count(subject, waiting));
            let threads: Vec<_> = subjects.into_iter().map(count).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (starts, ends) = (parts.iter().map(|part| part.1), parts.iter().map(|part| part.2));
        let (first, last) = (starts.clone().min().unwrap(), ends.clone().max().unwrap());
        let (last_start, first_end) = (starts.max().unwrap(), ends.min().unwrap());
        Together {
            count: parts.iter().map(|part| part.0).sum(),
            all: last - first,
            common: first_end.saturating_duration_since(last_start),
        }
    }

    /// Counts when all others are ready, and says how often, from when, and until when.
    fn count(self, mut subject: impl Subject, waiting: &AtomicUsize) -> (u64, Instant, Instant) {
        subject.count(WARM_UP);
        waiting.fetch_sub(1, Relaxed);
        wait_for(waiting);
        let (start, mut count) = (Instant::now(), 0);
        loop {
            subject.count(self.batch);
            count += self.batch;
            let now = Instant::now();
            if now - start >= self.slice {
                return (count, start, now);
            }
        }
    }
}

/// Until nobody is waited for. It spins, so that all begin at once if there are processors for all.
fn wait_for(waiting: &AtomicUsize) {
    for spins in 1.. {
        match waiting.load(Relaxed) {
            0 => return,
            _ if spins % 1_000 == 0 => thread::yield_now(),
            _ => spin_loop(),
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
