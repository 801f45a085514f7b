//! Metrics for data jobs: know, truthfully and at almost no cost, what a job is doing.
//!
//! A [`Registry`] holds series (counters, gauges) and jobs. A job is made of task groups, these of
//! tasks, and a started task gives two sides, by which its two threads count. Whatever was counted
//! is in the next [`collect`](Registry::collect); a [`Report`] is what happened between two of them.
//!
//! # Counting in a job
//!
//! A record passes four marks: *read* by the reader side, *handed on* to the writer side, *received*
//! there, and *committed* to the target. What lies between two marks is in hand, in flight, or
//! buffered. On its way it may be unreadable, filtered, refused, skipped, or failed.
//!
//! ```
//! use flowmeter::Registry;
//! use std::sync::mpsc::sync_channel;
//!
//! let registry = Registry::new();
//! let job = registry.job("numbers")?;
//! let (mut reader, mut writer) = job.task_group(0).task(0).named("one to nine").start()?;
//! let (to_writer, numbers) = sync_channel(16);
//!
//! std::thread::scope(|scope| {
//!     scope.spawn(move || {
//!         for text in ["1", "2", "x", "4"] {
//!             let bytes = text.len() as u64;
//!             reader.read(bytes);
//!             // `Ok(None)` would be a record that is filtered.
//!             let Some(number) = reader.transform(bytes, || text.parse::<u64>().map(Some)) else {
//!                 continue;
//!             };
//!             if reader.send(&to_writer, number, bytes).is_err() {
//!                 break;
//!             }
//!         }
//!         reader.done()
//!     });
//!     scope.spawn(move || {
//!         while let Some(number) = writer.receive(&numbers, |_| 1) {
//!             assert_ne!(number, 0, "this is where it would be written");
//!             writer.committed(1, 1);
//!         }
//!         writer.done();
//!     });
//! });
//!
//! let report = job.finish();
//! assert!(report.succeeded());
//! assert_eq!(report.counters().writer.committed.records, 3);
//! assert_eq!(report.counters().reader.refused.records, 1);
//! assert!(report.ledger().balances());
//! # Ok::<(), flowmeter::JobError>(())
//! ```
//!
//! - Counting returns nothing and can't fail, and takes no lock, but for the first samples of records in
//!   error. The sides can't be cloned: each belongs to one thread, and that is why it is cheap.
//! - A side ends with `done()`, `fail(why)` or `end(result)`; dropped before that, also by a panic,
//!   it fails its task.
//! - An end of the channel belongs to its side: move it into the same closure. When the one thread ends
//!   its end is dropped, and the other side gets [`Gone`], or `None`, instead of waiting for ever.
//!   [`Gone`] is never shown as the cause of a failure while there is another one.
//! - [`ReaderSide::send`] and [`WriterSide::receive`] take the bounded channels of std and of
//!   crossbeam; [`ReaderSide::hand_on`] and [`WriterSide::received`] serve every other way.
//! - A job ends by [`finish`](Job::finish), [`fail`](Job::fail) or [`kill`](Job::kill);
//!   [`stop`](Job::stop) asks its sides to end, and they see it in `stopping()`.
//!
//! # Counting anything else
//!
//! ```
//! let registry = flowmeter::Registry::new();
//! let pages = registry.counter_with("pages", &[("site", "a")])?;
//! let depth = registry.gauge("queue.depth")?;
//! pages.add(3);
//! depth.set(12.5);
//!
//! let snapshot = registry.collect();
//! assert_eq!(snapshot.counter_with("pages", &[("site", "a")]), Some(3));
//! assert_eq!(snapshot.gauge("queue.depth"), Some(12.5));
//! # Ok::<(), flowmeter::MetricError>(())
//! ```
//!
//! # Reading
//!
//! [`Registry::collect`] gives a [`Snapshot`]: immutable, cheap to clone, written as JSON and read
//! back. [`Registry::reports`] gives a cursor; each of its reports begins where the one before ended,
//! and each run that has ended is in exactly one of them.
//!
//! ```
//! # use flowmeter::{Registry, Reporter, Text};
//! let registry = Registry::new();
//! let mut reports = registry.reports();
//! let mut text = Text::new(std::io::stdout()).with_series();
//! registry.job("empty")?.finish();
//!
//! let report = reports.read();
//! text.report(&report).expect("standard output takes it");
//! assert_eq!(report.job("empty").map(|job| job.completion()), Some(1.0));
//! assert!(reports.read().job("empty").is_none());
//! # Ok::<(), flowmeter::JobError>(())
//! ```
//!
//! A line every second, the summary at the end, and the status to exit with:
//!
//! ```
//! # use flowmeter::{Registry, Reporter, Text};
//! # use std::process::ExitCode;
//! # use std::sync::mpsc::{channel, RecvTimeoutError};
//! # use std::time::Duration;
//! # fn copy(_: &flowmeter::Job) {}
//! # fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
//! let registry = Registry::new();
//! let job = registry.job("copy")?;
//! let (mut reports, mut text) = (registry.reports(), Text::new(std::io::stdout()));
//! let (running, ended) = channel::<()>();
//! let printer = std::thread::spawn(move || {
//!     while ended.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
//!         text.report(&reports.read())?;
//!     }
//!     // The last one: the job has ended, and its summary goes with it.
//!     text.report(&reports.read())
//! });
//!
//! copy(&job);
//! let report = job.finish();
//! drop(running);
//! if let Ok(Err(error)) = printer.join() {
//!     eprintln!("the report can't be printed: {error}");
//! }
//! # assert!(report.succeeded());
//! Ok(report.exit_code())
//! # }
//! # run().unwrap();
//! ```
//!
//! One [`JobReport`] has many faces: [`datax`](JobReport::datax) is DataX's line and JSON,
//! [`summary`](JobReport::summary) is for people, and [`Report::to_json`] has everything.
//!
//! # Sending elsewhere
//!
//! Whatever delivers reports implements [`Reporter`]; [`Text`] does.
//!
//! # Testing
//!
//! A registry with a [`ManualClock`] has the time that the test gives it.
//!
//! ```
//! # use flowmeter::{ManualClock, Registry};
//! # use std::time::Duration;
//! let clock = ManualClock::new();
//! let registry = Registry::builder().clock(clock.clock()).build();
//! let job = registry.job("slow")?;
//! clock.advance(Duration::from_secs(90));
//! assert_eq!(job.finish().elapsed(), Duration::from_secs(90));
//! # Ok::<(), flowmeter::JobError>(())
//! ```
//!
//! A side that waits in `send` or `receive` does not hold the clock up, so how long such a wait seems
//! depends on when its thread runs. What a test wants to know exactly it moves itself:
//! `writer.wait_for_reader(|| clock.advance(a_second))`.

mod clock;
mod collector;
mod communication;
mod metric;
mod registry;
mod report;
mod reporter;
mod sampler;
mod snapshot;
mod text;

pub use clock::{Clock, ManualClock, Moment, Stamp, Waiter};
pub use collector::{
    BoundedReceiver, BoundedSender, Gone, Job, JobError, PushFailed, ReaderSide, Task, TaskGroup,
    WriterSide,
};
pub use communication::{
    Amount, Communication, Counters, DataxCounters, Failure, Ledger, Leftover, Message, Messages,
    Place, ReaderCounters, Side, State, TaskCounts, WriterCounters,
};
pub use metric::{
    Buckets, BucketsError, BucketsMismatch, Counter, Gauge, Histogram, HistogramSnapshot, Key,
    KeyError, Meter, MeterSnapshot, Timer, TimerGuard, TimerSnapshot,
};
pub use registry::{MetricError, MetricKind, Registry, RegistryBuilder, Reports};
pub use report::{DataxReport, JobReport, Report, ReportError, Reporter, Speed, Summary};
pub use reporter::Text;
pub use snapshot::{
    Change, Delta, GroupSnapshot, JobSnapshot, SeriesChange, SeriesSnapshot, Snapshot,
    SnapshotError, TaskSnapshot, Value,
};

/// The code of these documents is compiled and run; that of the README is an example.
#[cfg(doctest)]
#[doc = include_str!("../docs/datax.md")]
#[doc = include_str!("../docs/json.md")]
struct Documents;
