//! `hdrhistogram` with two digits: owned, shared under a lock, and with a recorder for each thread.

use crate::subject::Subject;
use crate::values::{SPREAD, VALUES};
use hdrhistogram::Histogram;
use hdrhistogram::sync::{Recorder, SyncHistogram};
use parking_lot::Mutex;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

/// The nanoseconds of an hour.
pub(crate) const AN_HOUR: u64 = 3_600_000_000_000;

fn new() -> Histogram<u64> {
    up_to(AN_HOUR)
}

/// From 1 on.
pub(crate) fn up_to(high: u64) -> Histogram<u64> {
    Histogram::new_with_bounds(1, high, 2).unwrap()
}

pub(crate) struct Owned(Histogram<u64>);

pub(crate) fn owned() -> Owned {
    Owned(new())
}

impl Owned {
    pub(crate) fn record(&mut self, value: u64) {
        self.0.record(value).unwrap();
    }
}

impl Subject for Owned {
    fn count(&mut self, times: u64) {
        for _ in 0..times / VALUES as u64 {
            for &value in SPREAD.iter() {
                black_box(&mut self.0).record(value).unwrap();
            }
        }
    }

    fn counted(&self) -> u64 {
        self.0.len()
    }
}

/// Clones share one.
#[derive(Clone)]
pub(crate) struct Locked(Arc<Mutex<Histogram<u64>>>);

pub(crate) fn locked() -> Locked {
    Locked(Arc::new(Mutex::new(new())))
}

impl Locked {
    pub(crate) fn record(&self, duration: Duration) {
        self.0.lock().record(duration.as_nanos() as u64).unwrap();
    }
}

impl Subject for Locked {
    fn count(&mut self, times: u64) {
        for _ in 0..times / VALUES as u64 {
            for &value in SPREAD.iter() {
                black_box(&self.0).lock().record(value).unwrap();
            }
        }
    }

    fn counted(&self) -> u64 {
        self.0.lock().len()
    }
}

/// Its own answer to threads: a clone has a recorder of its own, from which values come when it is asked to refresh.
pub(crate) struct Recorded {
    /// From the first value on.
    recorder: Option<Recorder<u64>>,
    all: Arc<Mutex<SyncHistogram<u64>>>,
}

pub(crate) fn recorded() -> Recorded {
    Recorded { recorder: None, all: Arc::new(Mutex::new(new().into())) }
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
