//! `hdrhistogram` with two digits: shared under a lock, and with its recorders for threads.

use crate::counting::{Shared, records};
use crate::peers::plain::{ticked, timed};
use crate::quantiles::{Quantiles, READ};
use crate::subject::Subject;
use crate::values::{SPREAD, VALUES};
use hdrhistogram::Histogram;
use hdrhistogram::sync::{Recorder, SyncHistogram};
use parking_lot::Mutex;
use std::hint::black_box;
use std::sync::Arc;

/// From 1 to the nanoseconds of an hour.
fn sizes() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 3_600_000_000_000, 2).unwrap()
}

type Locked = Arc<Mutex<Histogram<u64>>>;

fn locked() -> Locked {
    Arc::new(Mutex::new(sizes()))
}

/// Of values of which it is known beforehand that none is above this.
fn locked_up_to(greatest: u64) -> Locked {
    Arc::new(Mutex::new(Histogram::new_with_bounds(1, greatest, 2).unwrap()))
}

pub(crate) fn histogram() -> impl Shared {
    let record = |sizes: &Locked, size| sizes.lock().record(size).unwrap();
    records(locked(), record, |sizes| sizes.lock().len())
}

pub(crate) fn ticked_timer() -> impl Shared {
    let record = |sizes: &Locked, nanos| sizes.lock().record(nanos).unwrap();
    ticked(locked(), record, |sizes| sizes.lock().len())
}

pub(crate) fn timer() -> impl Shared {
    let record = |sizes: &Locked, took: std::time::Duration| {
        sizes.lock().record(took.as_nanos() as u64).unwrap();
    };
    timed(locked(), record, |sizes| sizes.lock().len())
}

/// A clone has a recorder of its own. Its values come when the histogram is refreshed, which waits for the recorder.
pub(crate) struct Recorded {
    /// From the first value on.
    recorder: Option<Recorder<u64>>,
    all: Arc<Mutex<SyncHistogram<u64>>>,
}

pub(crate) fn recorded() -> Recorded {
    Recorded { recorder: None, all: Arc::new(Mutex::new(sizes().into())) }
}

impl Clone for Recorded {
    fn clone(&self) -> Recorded {
        Recorded { recorder: None, all: Arc::clone(&self.all) }
    }
}

impl Subject for Recorded {
    fn count(&mut self, times: u64) {
        let recorder = self.recorder.get_or_insert_with(|| self.all.lock().recorder());
        for _ in 0..times / VALUES as u64 {
            for &value in SPREAD.iter() {
                black_box(&mut *recorder).record(value).unwrap();
            }
        }
    }

    /// Of those whose threads have ended. A recorder that is idle would be waited for.
    fn counted(&self) -> u64 {
        let mut all = self.all.lock();
        all.refresh();
        all.len()
    }
}

/// Reads the quantiles of so many, each under its lock.
pub(crate) fn quantiles(histograms: usize) -> impl FnMut() -> Quantiles {
    let all = filled(histograms, locked);
    move || all.iter().map(|sizes| read(&sizes.lock())).collect()
}

/// Copies so many, each under its lock, and reads the quantiles of the copies, which are kept until all are read.
pub(crate) fn copied_quantiles(histograms: usize) -> impl FnMut() -> Quantiles {
    copied(filled(histograms, locked))
}

/// The same of those that have room for no greater values than there are.
pub(crate) fn tight_quantiles(histograms: usize) -> impl FnMut() -> Quantiles {
    let greatest = SPREAD.iter().copied().max().unwrap();
    copied(filled(histograms, || locked_up_to(greatest)))
}

fn copied(all: Vec<Locked>) -> impl FnMut() -> Quantiles {
    move || {
        let copies: Vec<_> = all.iter().map(|sizes| sizes.lock().clone()).collect();
        copies.iter().map(read).collect()
    }
}

fn filled(histograms: usize, make: impl Fn() -> Locked) -> Vec<Locked> {
    let all: Vec<Locked> = (0..histograms).map(|_| make()).collect();
    for sizes in &all {
        SPREAD.iter().for_each(|&size| sizes.lock().record(size).unwrap());
    }
    all
}

fn read(sizes: &Histogram<u64>) -> [u64; 3] {
    READ.map(|q| sizes.value_at_quantile(q))
}
