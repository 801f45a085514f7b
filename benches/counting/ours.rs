//! What counts by this library, through its public API.

use crate::subject::{Subject, level_of};
use crate::values::{SPREAD, VALUES};
use flowmeter::{Counter, Gauge, Histogram, Job, ReaderSide, Registry, WriterSide};
use std::hint::black_box;

pub(crate) fn counter() -> Counter {
    Registry::new().counter("rows").unwrap()
}

impl Subject for Counter {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&*self).add(1);
        }
    }

    fn counted(&self) -> u64 {
        self.value()
    }
}

pub(crate) fn gauge() -> Gauge {
    Registry::new().gauge("depth").unwrap()
}

impl Subject for Gauge {
    fn count(&mut self, times: u64) {
        let before = self.counted();
        for level in before + 1..before + 1 + times {
            black_box(&*self).set(level_of(level));
        }
    }

    fn counted(&self) -> u64 {
        self.value() as u64
    }
}

pub(crate) fn histogram() -> Histogram {
    Registry::new().histogram("sizes").unwrap()
}

impl Subject for Histogram {
    fn count(&mut self, times: u64) {
        for _ in 0..times / VALUES as u64 {
            for &value in SPREAD.iter() {
                black_box(&*self).record(value);
            }
        }
    }

    fn counted(&self) -> u64 {
        let recorded = self.snapshot();
        let rounds = recorded.sum() / SPREAD.iter().sum::<u64>();
        assert_eq!(rounds * VALUES as u64, recorded.count());
        assert!(rounds == 0 || (recorded.min(), recorded.max()) == (Some(1_000), Some(1_000_000)));
        recorded.count()
    }
}

/// A task that runs, counted by its reader side.
pub(crate) struct Task {
    reader: ReaderSide,
    _writer: WriterSide,
    job: Job,
}

pub(crate) fn task() -> Task {
    let job = Registry::new().job("copy").unwrap();
    let (reader, _writer) = job.task_group(0).task(0).start().unwrap();
    Task { reader, _writer, job }
}

impl Subject for Task {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&mut self.reader).read(black_box(7));
        }
    }

    fn counted(&self) -> u64 {
        let read = self.job.snapshot().counters().reader.read;
        assert_eq!(read.bytes, 7 * read.records);
        read.records
    }
}
