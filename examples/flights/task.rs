//! One task: a reader thread and a writer thread that copy the flights of one carrier.

use super::source::{Flight, Row, Source};
use super::store::{self, Store};
use flowmeter::{Gone, Job, ReaderSide, State, Task, WriterSide};
use rusqlite::Connection;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Flights in one transaction.
const BATCH: usize = 1000;

type AnyError = Box<dyn Error + Send + Sync>;

/// Copies the flights of one carrier.
pub(crate) struct Copy<'a> {
    pub(crate) task: Task,
    pub(crate) carrier: &'a str,
    pub(crate) is_first: bool,
    pub(crate) source: &'a Source,
    pub(crate) store: &'a Store,
}

impl Copy<'_> {
    /// Copies, and tells whether the next task should begin.
    pub(crate) fn run(&self, limit: &ErrorLimit<'_>) -> bool {
        if limit.job.is_stopping() {
            return false;
        }
        match self.task.start() {
            Ok((reader, writer)) => self.copy(reader, writer, limit),
            Err(error) => limit.job.stop(error),
        }
        let failed = self.task.state() == State::Failed;
        if failed {
            limit.job.stop(format_args!("the task of carrier {} failed", self.carrier));
        }
        !failed
    }

    fn copy(&self, mut reader: ReaderSide, mut writer: WriterSide, limit: &ErrorLimit<'_>) {
        let (to_writer, flights) = sync_channel(BATCH);
        thread::scope(|scope| {
            scope.spawn(move || {
                let result = self.read(&mut reader, to_writer, limit);
                reader.end(result);
            });
            scope.spawn(move || {
                let result = self.write(&mut writer, flights);
                writer.end(result);
            });
        });
    }

    fn read(
        &self,
        reader: &mut ReaderSide,
        to_writer: SyncSender<Flight>,
        limit: &ErrorLimit<'_>,
    ) -> Result<(), AnyError> {
        for row in self.source.rows()? {
            let row = row?;
            if self.is_mine(&row) {
                copy_row(&row, reader, &to_writer, limit)?;
            }
            // Asked after the row: the last one may be the one too many.
            if reader.stopping() {
                break;
            }
        }
        Ok(())
    }

    fn write(&self, writer: &mut WriterSide, flights: Receiver<Flight>) -> Result<(), AnyError> {
        let mut connection = self.store.connect()?;
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(flight) = writer.receive(&flights, |flight| flight.bytes) {
            batch.push(flight);
            if batch.len() == BATCH {
                commit(writer, &mut connection, &mut batch)?;
            }
        }
        commit(writer, &mut connection, &mut batch)
    }

    /// A row too short to name its carrier belongs to the first task.
    fn is_mine(&self, row: &Row) -> bool {
        row.carrier().map_or(self.is_first, |carrier| carrier == self.carrier)
    }
}

/// Counts the row, and hands its flight on if it has one.
fn copy_row(
    row: &Row,
    reader: &mut ReaderSide,
    to_writer: &SyncSender<Flight>,
    limit: &ErrorLimit<'_>,
) -> Result<(), Gone> {
    reader.read(row.bytes);
    let flight = match row.parse() {
        Ok(flight) => flight,
        Err(why) => {
            reader.unreadable(1, row.bytes, why);
            limit.count_one();
            return Ok(());
        }
    };
    let completed = || flight.completed().inspect_err(|_| limit.count_one());
    match reader.transform(row.bytes, completed) {
        Some(flight) => reader.send(to_writer, flight, row.bytes),
        None => Ok(()),
    }
}

fn commit(
    writer: &mut WriterSide,
    connection: &mut Connection,
    batch: &mut Vec<Flight>,
) -> Result<(), AnyError> {
    store::insert(connection, batch)
        .map_err(|error| format!("can't insert {} flights: {error}", batch.len()))?;
    writer.committed(batch.len() as u64, batch.iter().map(|flight| flight.bytes).sum());
    batch.clear();
    Ok(())
}

/// Stops the job at the first failure above a limit, whichever task it is of.
pub(crate) struct ErrorLimit<'a> {
    pub(crate) job: &'a Job,
    limit: Option<u64>,
    failures: AtomicU64,
}

impl<'a> ErrorLimit<'a> {
    /// No limit where none is given.
    pub(crate) fn new(job: &'a Job, limit: Option<u64>) -> ErrorLimit<'a> {
        ErrorLimit { job, limit, failures: AtomicU64::new(0) }
    }

    /// Counts one failure.
    pub(crate) fn count_one(&self) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(limit) = self.limit.filter(|&limit| failures > limit) {
            self.job.stop(format_args!("more than {limit} records failed: the error limit"));
        }
    }
}
