//! What counts, one way or another, and the plainest of it: bare atomics.

use crate::measure::Turn;
use crate::scale::Scale;
use crate::values::VALUES;
use std::hint::black_box;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Something that counts. Each loop passes its handle through `black_box` each time, so that nothing is kept
/// from one time to the next, as if a job's own work lay between.
pub(crate) trait Subject: Send {
    /// Counts so often, one at a time.
    fn count(&mut self, times: u64);

    /// How often that was in all.
    fn counted(&self) -> u64;
}

/// How often it counts in about this time: a multiple of [`VALUES`], which all ways can count.
pub(crate) fn times_in(time: Duration, subject: &mut dyn Subject) -> u64 {
    times_at(time, || turn(subject, VALUES as u64).ns())
}

/// The same at the pace of some short turns, of which the best is taken.
pub(crate) fn times_at(time: Duration, turn: impl FnMut() -> f64) -> u64 {
    let ns = iter::repeat_with(turn).take(5).fold(f64::INFINITY, f64::min);
    let rounds = (time.as_secs_f64() * 1e9 / ns / VALUES as f64).round() as u64;
    rounds.max(1) * VALUES as u64
}

/// Turns of one that is alone: what the others are compared with.
pub(crate) fn alone(scale: Scale) -> impl FnMut() -> Turn {
    let mut subject = FetchAdd::default();
    let times = times_in(scale.turn, &mut subject);
    move || turn(&mut subject, times)
}

/// A turn of one thread.
pub(crate) fn turn(subject: &mut dyn Subject, times: u64) -> Turn {
    let before = subject.counted();
    let turn = Turn::of(|| {
        subject.count(times);
        times
    });
    assert_eq!(subject.counted() - before, times);
    turn
}

/// What all loops cost without what they are there for.
#[derive(Default)]
pub(crate) struct Nothing(u64);

impl Subject for Nothing {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&*self);
        }
        self.0 += times;
    }

    fn counted(&self) -> u64 {
        self.0
    }
}

/// Four cycles of the processor: a multiplication (3) and a rotation (1), which wait for each other.
#[derive(Default)]
pub(crate) struct FourCycles(u64);

impl Subject for FourCycles {
    fn count(&mut self, times: u64) {
        let (mut number, factor) = (black_box(5_u64), black_box(3_u64));
        for _ in 0..times {
            number = number.wrapping_mul(factor).rotate_left(7);
        }
        black_box(number);
        self.0 += times;
    }

    fn counted(&self) -> u64 {
        self.0
    }
}

/// An atomic that shares its cache lines with nothing.
#[derive(Clone, Default)]
#[repr(align(128))]
pub(crate) struct Line<T>(pub(crate) T);

/// One locked instruction. Clones share one total.
#[derive(Clone, Default)]
pub(crate) struct FetchAdd(Arc<Line<AtomicU64>>);

impl Subject for FetchAdd {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&self.0.0).fetch_add(1, Relaxed);
        }
    }

    fn counted(&self) -> u64 {
        self.0.0.load(Relaxed)
    }
}

/// Two of them, as for records and their bytes: a reader may see one without the other.
#[derive(Default)]
pub(crate) struct TwoFetchAdds(Line<[AtomicU64; 2]>);

impl Subject for TwoFetchAdds {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            let [records, bytes] = black_box(&self.0.0);
            records.fetch_add(1, Relaxed);
            bytes.fetch_add(black_box(7), Relaxed);
        }
    }

    fn counted(&self) -> u64 {
        let [records, bytes] = self.0.0.each_ref().map(|total| total.load(Relaxed));
        assert_eq!(bytes, 7 * records);
        records
    }
}

/// A load and a store: right only if nobody else writes.
#[derive(Default)]
pub(crate) struct OneWriter(Line<AtomicU64>);

impl Subject for OneWriter {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            let total = black_box(&self.0.0);
            total.store(total.load(Relaxed) + 1, Relaxed);
        }
    }

    fn counted(&self) -> u64 {
        self.0.0.load(Relaxed)
    }
}

/// Two of these.
#[derive(Default)]
pub(crate) struct OneWriterOfTwo(Line<[AtomicU64; 2]>);

impl Subject for OneWriterOfTwo {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            let [records, bytes] = black_box(&self.0.0);
            records.store(records.load(Relaxed) + 1, Relaxed);
            bytes.store(bytes.load(Relaxed) + black_box(7), Relaxed);
        }
    }

    fn counted(&self) -> u64 {
        let [records, bytes] = self.0.0.each_ref().map(|total| total.load(Relaxed));
        assert_eq!(bytes, 7 * records);
        records
    }
}

/// A store of an `f64`: what a gauge can't do with less.
#[derive(Default)]
pub(crate) struct Store(Line<AtomicU64>);

impl Subject for Store {
    fn count(&mut self, times: u64) {
        let before = self.counted();
        for level in before + 1..before + 1 + times {
            black_box(&self.0.0).store(level_of(level).to_bits(), Relaxed);
        }
    }

    fn counted(&self) -> u64 {
        f64::from_bits(self.0.0.load(Relaxed)) as u64
    }
}

/// A number below 2^63 as a level, in one instruction: a `u64` of any size takes eight.
pub(crate) fn level_of(number: u64) -> f64 {
    number.cast_signed() as f64
}
