//! `hdrhistogram` with two digits: owned, and shared under a lock.

use crate::subject::Subject;
use crate::values::{SPREAD, VALUES};
use hdrhistogram::Histogram;
use parking_lot::Mutex;
use std::hint::black_box;
use std::sync::Arc;

/// From 1 to the nanoseconds of an hour.
pub(crate) fn new() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 3_600_000_000_000, 2).unwrap()
}

pub(crate) struct Owned(Histogram<u64>);

pub(crate) fn owned() -> Owned {
    Owned(new())
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
