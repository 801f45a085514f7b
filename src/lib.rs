//! Metrics for data jobs: know, truthfully and at almost no cost, what a job is doing.
//!
//! A [`Registry`] holds series (counters, gauges, histograms and others) and jobs. A job is made of task
//! groups, these of tasks, and a started task gives two sides, by which its two threads count. Whatever was
//! counted is in the next [`collect`](Registry::collect); a [`Report`] is what happened between two of them.
//!
//! A chapter for whom: who counts [in a job](#counting-in-a-job) or [anything else](#counting-anything-else),
//! who [reads](#reading) or [sends](#sending-elsewhere), who [has numbers of others](#writing-a-source) to
//! give, and who [tests](#testing).
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
//! - Counting returns nothing and can't fail. It takes no lock and allocates nothing, but for the first
//!   messages and samples of records in error and the first use of a custom counter. The sides can't be cloned: each belongs to one thread, and that is why it is cheap.
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
//! let size = registry.metric("page.size").unit("bytes").help("As it was sent").histogram()?;
//! let load = registry.timer("load")?;
//! pages.add(3);
//! depth.set(12.5);
//! size.record(2_048);
//! load.time(|| "a page");
//!
//! let snapshot = registry.collect();
//! assert_eq!(snapshot.counter_with("pages", &[("site", "a")]), Some(3));
//! assert_eq!(snapshot.gauge("queue.depth"), Some(12.5));
//! assert_eq!(snapshot.histogram("page.size").and_then(|size| size.quantile(0.99)), Some(2_048));
//! # Ok::<(), flowmeter::MetricError>(())
//! ```
//!
//! | what it is | by which |
//! |---|---|
//! | a total that only grows: rows, bytes, errors | [`Counter`] |
//! | a level: the length of a queue, bytes in use | [`Gauge`]; if somebody else knows it, a [callback](Registry::callback) |
//! | how large, where an average hides what matters: sizes of batches | [`Histogram`] |
//! | how often, now and lately: calls | [`Meter`] |
//! | how long, and how often | [`Timer`]: a guard, a closure, or a duration |
//! | whether something is well: a connection | a [health check](Registry::health) |
//!
//! - Ask for a metric once, and hold the handle: asking again gives the same metric, but looks it up.
//!   Handles are cheap to clone, and count from any thread. What can be wrong is a [`MetricError`] of the
//!   asking; counting can't fail. Where a handle has no place to be held, [find it](#finding-a-metric) otherwise.
//! - *Labels* tell series of one name apart; choose what has few values, never an id. A name has at most
//!   [2,000 series](RegistryBuilder::series_limit) unless told; what is beyond shares one more of
//!   its scope, with the label `flowmeter.overflow="true"`, so that sums stay right. How often that was asked for
//!   is counted in `flowmeter.overflow`.
//! - *Help* and *unit* go into each snapshot, and hold for all series of the name: see [`MetricBuilder`].
//!   Durations of timers are nanoseconds.
//! - A [`Scope`] is a part of the registry, by a prefix and labels: a plugin that is given one sees, and takes
//!   out, its own only. [`Job::scope`] carries the label `job`.
//! - What is [taken out](Registry::unregister) is in no snapshot any more; its handles
//!   [say so](Counter::is_registered).
//!
//! # Finding a metric
//!
//! Where the series is not the same each time, or there is no place to hold its handle:
//!
//! ```
//! use flowmeter::{Counter, Family, Label, Registry, TypedFamily, counter};
//!
//! #[derive(Clone, Copy)]
//! enum Outcome { Kept, Filtered }
//!
//! impl Label for Outcome {
//!     const NAME: &'static str = "outcome";
//!     const VALUES: &'static [&'static str] = &["kept", "filtered"];
//!     fn index(self) -> usize { self as usize }
//! }
//!
//! let registry = Registry::new();
//! let rows: TypedFamily<Counter, Outcome> = registry.metric("rows").typed_family()?;
//! let files: Family<Counter, 1> = registry.metric("files").family(["table"])?;
//!
//! counter!(registry, "runs", kind = "nightly").inc();
//! rows.of(Outcome::Kept).add(3);
//! files.of(["flights"]).inc();
//!
//! let snapshot = registry.collect();
//! assert_eq!(snapshot.counter_with("runs", &[("kind", "nightly")]), Some(1));
//! assert_eq!(snapshot.counter_with("rows", &[("outcome", "filtered")]), Some(0));
//! assert_eq!(snapshot.counter_with("files", &[("table", "flights")]), Some(1));
//! # Ok::<(), flowmeter::MetricError>(())
//! ```
//!
//! | name and labels are | by which | it costs |
//! |---|---|---|
//! | literals | [`counter!`](crate::counter!), [`gauge!`](crate::gauge!), [`histogram!`](crate::histogram!), [`meter!`](crate::meter!), [`timer!`](crate::timer!) | for a counter two loads and a subtraction more than a handle |
//! | the values of an enum, or several | [`TypedFamily`] | a look into a list |
//! | `&'static str`s, or other texts | [`Family`] | a hash of their addresses, or of what they say |
//! | anything | [`Registry::counter_with`] and its kin | a lock that all share, and a handle |
//!
//! Macros and families never fail. What can't be registered, a name that is one of another kind or a label of 2,000
//! bytes, counts nothing, and is counted in `flowmeter.refused`: [`Registry::refusals`] says why, and with the feature
//! `tracing` so does a warning, as soon as it happens. A macro takes a registry; a [`Scope`] has families. What a function
//! needs that takes a `&Counter` is a handle: `counter!(…).handle()`.
//!
//! None of them allocates where the series is there already, but for a look-up by name with more than six labels,
//! unless these are in order. What was [taken out](Registry::unregister) is registered anew when it is asked for, by
//! all but handles and typed families, which count on unseen.
//!
//! # What counting costs
//!
//! A thread counts in memory of its own, by loads and stores: no lock, no locked instruction, no line of memory that
//! another thread writes. Whoever collects adds up what all threads have. `docs/performance.md` has the times. (A
//! gauge is one value for all threads; a histogram of more than three digits is counted by locked instructions.)
//!
//! - Count from anywhere: from any thread, in async tasks that move between threads, in the destructor of a
//!   thread-local, when the registry is gone. (Not from a signal handler, which may lose what it interrupts. And
//!   join a thread whose destructors count: `thread::scope` alone does not wait for these.)
//! - It allocates nothing, but for what gets a thread that memory: its first count of all, and a histogram's or
//!   timer's first value between two powers of two. (As everywhere in Rust, a process that gets no memory at all aborts.)
//! - A process, and each thread that counts, asks the system for 32 MiB of *address space*. Of that the pages become
//!   resident that are counted in: 8 bytes a counter and thread, 1 KiB for each octave of a histogram with two digits.
//!   What was counted stays when a thread ends, and the next one goes on in its memory. So a process has as much of
//!   it, and each collection reads as much, as it had threads at once; none goes back to the system.
//! - Where there is little address space left, less than four times as much (`ulimit -v`), a thread gets none. It counts
//!   by locked instructions, as exactly: tens of times as slow if others do so too. `flowmeter.threads_without_cells`
//!   tells how many threads had to.
//! - A process has four million *cells*. A counter takes one of them; a histogram with two digits 8, 256 for its
//!   first octave, and 128 for each other one. With the last handle they are free for whatever is registered next, once
//!   2,048 that lie together are. An eighth is kept for counters. A series that found none is counted by locked
//!   instructions as long as it lives, or, of a histogram, the octave is: `flowmeter.without_cells` tells how many do.
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
//! # use flowmeter::{Registry, Text};
//! # use std::process::ExitCode;
//! # use std::time::Duration;
//! # fn copy(_: &flowmeter::Job) {}
//! # fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
//! let registry = Registry::new();
//! let text = registry.attach("text", Text::new(std::io::stdout())).every(Duration::from_secs(1));
//! let job = registry.job("copy")?;
//!
//! copy(&job);
//! let report = job.finish();
//! // The last report, with the job's summary; the drop of the guard would send it, too.
//! if let Err(error) = text.close() {
//!     eprintln!("{error}");
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
//! A [`Snapshot`] gives series by name and labels; [`delta`](Snapshot::delta) is what changed since an
//! earlier one, and marks what began anew; [`merge`](Snapshot::merge) adds up those of several processes.
//! The registry's own figures are beside the others:
//!
//! | name | what it is |
//! |---|---|
//! | `flowmeter.series` | a gauge: how many series the registry holds, these and those of sources not counted |
//! | `flowmeter.overflow` | how often a series was asked for beyond the limit of its name |
//! | `flowmeter.refused` | how many requests for metrics, callbacks, sources and checks ended in an error: each one, but of a macro the first at each call site; [why](Registry::refusals) |
//! | `flowmeter.without_cells` | a gauge: how many series found no [cells](#what-counting-costs), and are slower |
//! | `flowmeter.threads_without_cells` | how many threads of the process found no memory for theirs, and are slower |
//! | `flowmeter.late{source="…"}` | how often a callback, source or check of that name did not answer in time |
//! | `flowmeter.panicked{source="…"}` | how often it panicked |
//! | `flowmeter.source.refused{source="…"}` | how many series that it gave were left out |
//! | `flowmeter.stuck` | a gauge: how many of them hang at this moment |
//!
//! # Sending elsewhere
//!
//! Whatever delivers reports implements [`Reporter`]. [Attached](Registry::attach) to a registry it has a
//! thread, an interval and a cursor of its own, and the job forgets it:
//!
//! - It is given a report every [10 seconds](ReporterGuard::every), when a run ends, when
//!   [`report`](Registry::report) is called, and a last one when its guard is dropped.
//! - One that fails gets what it failed with again, in its next report. One that panics is set aside. One that
//!   hangs is left behind when the [deadline](ReporterGuard::deadline) of its guard is over. Nobody else
//!   notices.
//! - Hold the guards until the end of the program, or call [`Registry::close`]. A process that exits or aborts
//!   sends no last report.
//!
//! | reporter | what it does |
//! |---|---|
//! | [`Text`] | DataX's line for each job, and summaries, on any writer |
//! | [`JsonLines`] | each report as a line of JSON, on any writer |
//! | [`Tcp`] | [points](Points), a line of JSON each, to whoever listens; buffered while nobody does |
//! | `Kafka`, with the feature `kafka` | points, a message each, to a topic; `docs/kafka.md` |
//!
//! A [`RotatedFile`] is a writer for the first two. What each promises, what it does not, how to know that nobody
//! listens, and how to size buffers is in `docs/delivery.md`. With the feature `tracing` an operator reads in the
//! log what reporters and connections go through.
//!
//! Of each the registry says, with the label `reporter`:
//!
//! | name | what it is |
//! |---|---|
//! | `flowmeter.reporter.sent` | reports that it took |
//! | `flowmeter.reporter.failed` | reports with which it failed |
//! | `flowmeter.reporter.late` | intervals that were skipped, because it was busy |
//! | `flowmeter.reporter.missed` | runs that ended and were not kept until its next report |
//! | `flowmeter.reporter.panicked` | 1 if it panicked, and is not called any more |
//! | `flowmeter.reporter.left` | 1 if it did not end in time, and was left behind with its thread |
//! | `flowmeter.reporter.collect` | a timer: what collecting for it takes |
//! | `flowmeter.reporter.encode` | a timer: how long it is busy with a report |
//!
//! # Writing a source
//!
//! Numbers that somebody else counts (a pool, the machine, another library) are asked for at each
//! collection: one by a [callback](Registry::callback), several by a [`Source`].
//!
//! ```
//! # use flowmeter::{Registry, Sample, Source};
//! struct Cache { hits: u64, entries: Vec<String> }
//!
//! impl Source for Cache {
//!     fn sample(&mut self, sample: &mut Sample) {
//!         sample.counter("hits", self.hits);
//!         sample.gauge("entries", self.entries.len() as f64);
//!     }
//! }
//!
//! let registry = Registry::new();
//! // The guard takes it out when it is dropped; `guard.keep()` leaves it there.
//! let guard = registry.source("cache", Cache { hits: 7, entries: Vec::new() })?;
//! assert_eq!(registry.collect().counter("cache.hits"), Some(7));
//! # Ok::<(), flowmeter::MetricError>(())
//! ```
//!
//! The machine beside the job is there already, with the feature `host`: `registry.sources(builtin::all())?`, and
//! `docs/host.md` has every name.
//!
//! It may take its time, hang, or panic: a collection waits [for a second](RegistryBuilder::source_wait) for
//! all of them, goes on without it, and counts that. One that takes longer than a fifth of the wait counts as
//! hanging: four may do so and hold nothing else up; when a fifth hangs, none is called until one returns. It
//! must not hold the [`Registry`], which would never be freed: a
//! [`Scope`] does not keep it alive.
//!
//! # Testing
//!
//! A registry with a [`ManualClock`] has the time that the test gives it; [`Expect`] asserts, and shows the
//! nearest series when one is missing.
//!
//! ```
//! # use flowmeter::{Expect, ManualClock, Registry};
//! # use std::time::Duration;
//! let clock = ManualClock::new();
//! let registry = Registry::builder().clock(clock.clock()).build();
//! let job = registry.job("slow")?;
//! job.scope().counter("files").unwrap().add(2);
//! clock.advance(Duration::from_secs(90));
//! assert_eq!(job.finish().elapsed(), Duration::from_secs(90));
//! Expect::of(&registry.collect()).counter_with("files", &[("job", "slow")], 2).none("errors");
//! # Ok::<(), flowmeter::JobError>(())
//! ```
//!
//! A side that waits in `send` or `receive` does not hold the clock up, so how long such a wait seems
//! depends on when its thread runs. What a test wants to know exactly it moves itself:
//! `writer.wait_for_reader(|| clock.advance(a_second))`.
//!
//! A collection waits for callbacks, sources and checks on the registry's clock. So where that is a manual one
//! and one of them hangs, a collection goes on when the test moves the clock, from another thread.
//!
//! Attached reporters are in step with such a clock: [`advance`](ManualClock::advance) returns when all that
//! was due has been delivered. It waits for a reporter that is busy, so one that hangs holds it up.
//!
//! Each test makes its own registry: there is no global one. Code under test that asks for one, at whose
//! numbers nobody looks, is given [`Registry::disabled`].

#[cfg(feature = "host")]
pub mod builtin;
mod cells;
mod clock;
mod collector;
mod communication;
mod delivery;
mod expect;
mod kept;
mod metric;
mod panics;
mod point;
mod registry;
mod report;
mod reporter;
mod sampler;
mod series;
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
pub use delivery::{CloseError, DeliveryError, ReporterGuard};
pub use expect::Expect;
pub use metric::{
    Buckets, BucketsError, BucketsMismatch, Counter, Found, Gauge, GaugeMerge, Histogram,
    HistogramSnapshot, Key, KeyError, Meter, MeterSnapshot, MetricKind, NameFlaw, Timer,
    TimerGuard, TimerSnapshot,
};
pub use point::{Number, Point, PointError};
pub use registry::{Registry, RegistryBuilder, Reports};
pub use report::{
    DataxReport, Encoded, Figure, JobReport, Points, Report, ReportError, Reporter, Speed, Summary,
};
pub use reporter::{
    Breaker, Connection, Dial, JsonLines, RotatedFile, Tcp, TcpStatus, TcpWatch, Text,
};
#[cfg(feature = "kafka")]
pub use reporter::{Kafka, KafkaError, KafkaStatus, KafkaWatch};
pub use series::{
    CallSite, Family, Here, Label, Labels, Metric, MetricBuilder, MetricError, Scope, SourceGuard,
    SourceGuards, TypedFamily,
};
pub use snapshot::{
    Change, Delta, Description, GroupSnapshot, Health, JobSnapshot, MergeError, RegistryPart,
    Sample, SeriesChange, SeriesRef, SeriesSnapshot, Snapshot, SnapshotError, SnapshotFlaw, Source,
    TaskSnapshot, Value,
};

/// The code of these documents is compiled and run; that of the README is an example.
#[cfg(doctest)]
#[doc = include_str!("../docs/datax.md")]
#[doc = include_str!("../docs/delivery.md")]
#[doc = include_str!("../docs/from-go-metrics.md")]
#[doc = include_str!("../docs/json.md")]
struct Documents;

/// As above, of what needs the feature.
#[cfg(all(doctest, feature = "host"))]
#[doc = include_str!("../docs/host.md")]
struct HostDocument;

/// As above, of what needs the feature.
#[cfg(all(doctest, feature = "kafka"))]
#[doc = include_str!("../docs/kafka.md")]
struct KafkaDocument;
