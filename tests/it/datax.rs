//! DataX: its line to the byte, its JSON keys, and its known defects, each shown to be gone.

mod defects_of_counting;
mod defects_of_time;
mod faces;

use flowmeter::{Job, ManualClock, ReaderSide, Registry, WriterSide};
use std::time::Duration;

/// The keys of DataX's JSON: these and no others.
pub(crate) const JSON_KEYS: [&str; 11] = [
    "totalBytes",
    "totalRecords",
    "speedRecords",
    "speedBytes",
    "stage",
    "errorRecords",
    "errorBytes",
    "errorMessage",
    "percentage",
    "waitReaderTime",
    "waitWriterTime",
];

/// A registry whose time the test moves.
fn registry() -> (ManualClock, Registry) {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    (clock, registry)
}

/// A job, and the two sides of its one task.
fn one_task(registry: &Registry) -> (Job, ReaderSide, WriterSide) {
    let job = registry.job("job").expect("no run of that name lives");
    let (reader, writer) = job.task_group(0).task(0).start().expect("it was not started");
    (job, reader, writer)
}

/// Moves `records` records of `bytes` bytes from one side to the other.
fn copy(reader: &mut ReaderSide, writer: &mut WriterSide, records: u64, bytes: u64) {
    reader.read_batch(records, bytes);
    let pushed: Result<(), ()> = reader.hand_on(records, bytes, |_| Ok(()));
    pushed.expect("the push gave Ok");
    writer.received(records, bytes);
    writer.committed(records, bytes);
}

/// Ends both sides as done.
fn done(reader: ReaderSide, writer: WriterSide) {
    reader.done().expect("no push failed");
    writer.done();
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
