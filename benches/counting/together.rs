//! Turns of several threads that count the same together.

use crate::measure::Turn;
use crate::processor::waited;
use crate::scale::Scale;
use crate::subject::{Subject, times_at};
use crate::values::VALUES;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// How often each thread counts before it is timed, so that its first touch of what it counts is over.
const WARM_UP: u64 = VALUES as u64;

/// How often threads are tried to have run at the same time, in a turn.
const TRIES: usize = 1_000;

/// How so many threads count together.
#[derive(Clone, Copy)]
pub(crate) struct Together {
    threads: usize,
    /// How long each counts before it looks at the clock, about.
    batch: Duration,
    /// How long they count: at least a batch each.
    slice: Duration,
    /// The part of the time in which all of them must have had a processor, for a turn to count.
    common: f64,
}

/// What one of them did.
struct Part {
    count: u64,
    start: Instant,
    end: Instant,
    /// For how long it had no processor.
    waited: Duration,
}

/// What all of them did.
struct Parts {
    count: u64,
    /// From the first one's start to the last one's end.
    all: Duration,
    /// How long at least all had a processor, from the last one's start to the first one's end.
    common: Duration,
}

impl Together {
    /// A batch each, at the same time: two who share would look quicker one after the other, on one processor.
    pub(crate) fn two(scale: Scale) -> Together {
        let Scale { turn: batch, common, .. } = scale;
        Together { threads: 2, batch, slice: Duration::ZERO, common }
    }

    /// More than there may be processors, for so long that each has its share of them.
    pub(crate) fn eight(scale: Scale) -> Together {
        let Scale { turn: batch, slice, .. } = scale;
        Together { threads: 8, batch, slice, common: 0.0 }
    }

    /// For each of the threads.
    pub(crate) fn each<S: Subject + Clone>(self, subject: S) -> impl FnMut() -> Turn {
        let times = self.times(&subject);
        move || self.turn(&subject, times)
    }

    /// For all of them.
    pub(crate) fn total<S: Subject + Clone>(self, subject: S) -> impl FnMut() -> Turn {
        let mut each = self.each(subject);
        move || {
            let Turn { count, took } = each();
            Turn { count: count * self.threads as u64, took }
        }
    }

    /// How often each counts in a batch.
    fn times<S: Subject + Clone>(self, subject: &S) -> u64 {
        let short = Together { slice: Duration::ZERO, ..self };
        times_at(self.batch, || short.turn(subject, VALUES as u64).ns())
    }

    /// As many tries as it takes until all ran at the same time; a turn in which they never did lasts for ever.
    fn turn<S: Subject + Clone>(self, subject: &S, times: u64) -> Turn {
        let mut tries = (0..TRIES).map(|_| self.try_turn(subject, times));
        let is_common = |it: &Parts| it.common >= it.all.mul_f64(self.common);
        let never = Parts { count: 1, all: Duration::MAX, common: Duration::ZERO };
        let Parts { count, all, .. } = tries.find(is_common).unwrap_or(never);
        Turn { count: count.div_ceil(self.threads as u64), took: all }
    }

    /// Threads that are all new, each with a clone of `subject`.
    fn try_turn<S: Subject + Clone>(self, subject: &S, times: u64) -> Parts {
        let before = subject.counted();
        let parts = self.run(vec![subject.clone(); self.threads], times);
        let counted = parts.count + self.threads as u64 * WARM_UP;
        assert_eq!(subject.counted() - before, counted);
        parts
    }

    fn run<S: Subject>(self, subjects: Vec<S>, times: u64) -> Parts {
        let waiting = &AtomicUsize::new(subjects.len());
        let parts: Vec<Part> = thread::scope(|scope| {
            let count = |subject| scope.spawn(move || self.count(subject, times, waiting));
            let threads: Vec<_> = subjects.into_iter().map(count).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (starts, ends) =
            (parts.iter().map(|part| part.start), parts.iter().map(|part| part.end));
        let (first, last) = (starts.clone().min().unwrap(), ends.clone().max().unwrap());
        let (last_start, first_end) = (starts.max().unwrap(), ends.min().unwrap());
        let waited: Duration = parts.iter().map(|part| part.waited).sum();
        Parts {
            count: parts.iter().map(|part| part.count).sum(),
            all: last - first,
            common: first_end.saturating_duration_since(last_start).saturating_sub(waited),
        }
    }

    /// Counts when all others are ready.
    fn count(self, mut subject: impl Subject, times: u64, waiting: &AtomicUsize) -> Part {
        subject.count(WARM_UP);
        waiting.fetch_sub(1, Relaxed);
        wait_for(waiting);
        let before = waited();
        let (start, mut count) = (Instant::now(), 0);
        loop {
            subject.count(times);
            count += times;
            let end = Instant::now();
            if end - start >= self.slice {
                let waited = waited().zip(before).map(|(now, before)| now - before);
                return Part { count, start, end, waited: waited.unwrap_or_default() };
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
