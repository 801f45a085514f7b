//! `Registry`: series by name and labels, jobs by name, collected into snapshots and reports.

mod jobs;
mod series;

pub use series::{MetricError, MetricKind};

use crate::clock::Clock;
use crate::collector::{Job, JobError};
use crate::metric::{Counter, Gauge, Key};
use crate::report::{Cursor, Report};
use crate::snapshot::Snapshot;
use jobs::Jobs;
use parking_lot::Mutex;
use series::Index;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// The series and the jobs of a program, or of a part of one. Clones are the same registry.
///
/// Two registries share nothing. A registry that is dropped frees what it holds; handles and jobs
/// that are still held go on counting, unseen.
#[derive(Clone, Debug)]
pub struct Registry {
    core: Arc<Core>,
}

#[derive(Debug)]
struct Core {
    /// Random, so that snapshots of two registries are never taken for those of one.
    id: u64,
    clock: Clock,
    series: Index,
    jobs: Arc<Jobs>,
    /// Where the last `report()` ended.
    reported: Mutex<Cursor>,
}

/// Sets up a [`Registry`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing before `build`"]
pub struct RegistryBuilder {
    clock: Clock,
    ended_runs_kept: usize,
}

impl Default for Registry {
    fn default() -> Registry {
        Registry::new()
    }
}

impl Registry {
    /// An empty registry with the system's clock.
    pub fn new() -> Registry {
        Registry::builder().build()
    }

    /// A registry with other settings than the default.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder { clock: Clock::system(), ended_runs_kept: 100 }
    }

    /// The clock that all times of this registry come from.
    pub fn clock(&self) -> &Clock {
        &self.core.clock
    }

    /// The counter `name` without labels: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// The name is one of another kind, or empty.
    pub fn counter(&self, name: &str) -> Result<Counter, MetricError> {
        self.counter_with(name, &[])
    }

    /// The counter `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// The name is one of another kind, or name and labels can't be a [`Key`].
    pub fn counter_with(
        &self,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Result<Counter, MetricError> {
        self.core.series.get(&Key::new(name, labels)?)
    }

    /// The gauge `name` without labels: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// The name is one of another kind, or empty.
    pub fn gauge(&self, name: &str) -> Result<Gauge, MetricError> {
        self.gauge_with(name, &[])
    }

    /// The gauge `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// The name is one of another kind, or name and labels can't be a [`Key`].
    pub fn gauge_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Gauge, MetricError> {
        self.core.series.get(&Key::new(name, labels)?)
    }

    /// Starts the next run of the job `name`.
    ///
    /// # Errors
    ///
    /// A run of that name lives, or the name is empty, longer than 200 bytes, or has control
    /// characters.
    pub fn job(&self, name: &str) -> Result<Job, JobError> {
        self.core.jobs.start(name, &self.core.clock)
    }

    /// Everything as it is now. Whatever was counted before the call is in it.
    pub fn collect(&self) -> Snapshot {
        self.core.collect()
    }

    /// A report of what happened since the last call, or, the first time, since the registry's
    /// start. A run that ended is in exactly one of these reports, or counted among the
    /// [missed](Report::missed_runs) of one.
    pub fn report(&self) -> Report {
        // Collected under the lock, so that of two calls at once the later one has the later end.
        let mut reported = self.core.reported.lock();
        reported.read(self.core.collect())
    }

    /// A cursor of one's own: reports of what happens from now on, read whenever one likes, without
    /// any effect on [`report`](Registry::report) or on other cursors.
    pub fn reports(&self) -> Reports {
        Reports { registry: self.clone(), cursor: Cursor::new(self.collect()) }
    }
}

impl Core {
    fn collect(&self) -> Snapshot {
        let taken = self.clock.stamp();
        let (jobs, ended_runs) = self.jobs.snapshot();
        Snapshot::new(self.id, taken, self.series.snapshot(), jobs, ended_runs)
    }
}

/// A cursor: each report begins where the one before ended.
#[derive(Clone, Debug)]
pub struct Reports {
    registry: Registry,
    cursor: Cursor,
}

impl Reports {
    /// What happened since the last call, or since the cursor was made.
    ///
    /// A run that ended since then is in exactly one of these reports, as a whole, or counted among the
    /// [missed](Report::missed_runs) of one.
    pub fn read(&mut self) -> Report {
        self.cursor.read(self.registry.collect())
    }
}

impl RegistryBuilder {
    /// The clock of everything in the registry: a [`ManualClock`](crate::ManualClock)'s in tests.
    pub fn clock(mut self, clock: Clock) -> RegistryBuilder {
        self.clock = clock;
        self
    }

    /// How many of the runs that have ended are kept for reports: the newest 100 by default.
    ///
    /// A report tells how many it missed because of that.
    pub fn ended_runs_kept(mut self, limit: usize) -> RegistryBuilder {
        self.ended_runs_kept = limit;
        self
    }

    /// The registry.
    pub fn build(self) -> Registry {
        let RegistryBuilder { clock, ended_runs_kept } = self;
        let id = RandomState::new().hash_one("registry");
        let start = Snapshot::new(id, clock.stamp(), Vec::new(), Vec::new(), 0);
        let core = Core {
            id,
            clock,
            series: Index::default(),
            jobs: Arc::new(Jobs::new(ended_runs_kept)),
            reported: Mutex::new(Cursor::new(start)),
        };
        Registry { core: Arc::new(core) }
    }
}
