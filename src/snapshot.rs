//! `Snapshot`: the series and the jobs of one registry at one moment, immutable.

mod delta;
mod job;
mod series;
mod version;

pub use delta::{Change, Delta, SeriesChange};
pub use job::{GroupSnapshot, JobSnapshot, TaskSnapshot};
pub use series::{SeriesSnapshot, Value};

use crate::clock::Stamp;
use crate::metric::Key;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a registry held at one moment: its series and its jobs. Cloning it is cheap.
///
/// Series are sorted by key, jobs by name and run. It is written as JSON by
/// [`to_json`](Snapshot::to_json) and read back, equal, by [`from_json`](Snapshot::from_json).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Snapshot {
    content: Arc<Content>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Content {
    version: u32,
    /// A random number of the registry: two snapshots can be compared if theirs are equal.
    registry: u64,
    taken: Stamp,
    #[serde(default)]
    series: Vec<SeriesSnapshot>,
    #[serde(default)]
    jobs: Vec<Arc<JobSnapshot>>,
    #[serde(default)]
    ended_runs: u64,
}

/// Why a text is not a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It says it is of a version that this library does not know.
    #[error("a snapshot of version {found} can't be read: this library reads version {known}")]
    Version {
        /// The version the text gives.
        found: u64,
        /// The version that is read.
        known: u32,
    },
    /// It is not JSON, or not the JSON of a snapshot.
    #[error("the text can't be read as a snapshot: {0}")]
    Text(#[from] serde_json::Error),
}

impl Snapshot {
    /// The version of the JSON form that is written and read.
    pub const VERSION: u32 = 1;

    /// The snapshot of the registry with the random number `registry`; sorts what it is given.
    ///
    /// `ended_runs` counts every run that has ended, those no longer kept included.
    pub fn new(
        registry: u64,
        taken: Stamp,
        mut series: Vec<SeriesSnapshot>,
        mut jobs: Vec<Arc<JobSnapshot>>,
        ended_runs: u64,
    ) -> Snapshot {
        series.sort_by(|one, other| one.key.cmp(&other.key));
        jobs.iter_mut().for_each(JobSnapshot::sort);
        jobs.sort_by(|one, other| (&one.name, one.run).cmp(&(&other.name, other.run)));
        let version = Snapshot::VERSION;
        let content = Content { version, registry, taken, series, jobs, ended_runs };
        Snapshot { content: Arc::new(content) }
    }

    /// When it was taken.
    pub fn taken(&self) -> Stamp {
        self.content.taken
    }

    /// Every series, sorted by name and labels.
    pub fn series(&self) -> &[SeriesSnapshot] {
        &self.content.series
    }

    /// The total of the counter `name` without labels; `None` if there is no such counter.
    pub fn counter(&self, name: &str) -> Option<u64> {
        self.counter_with(name, &[])
    }

    /// The total of the counter `name` with `labels`, in any order.
    pub fn counter_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<u64> {
        match self.value(name, labels)? {
            Value::Counter(total) => Some(*total),
            Value::Gauge(_) => None,
        }
    }

    /// The level of the gauge `name` without labels; `None` if there is no such gauge.
    pub fn gauge(&self, name: &str) -> Option<f64> {
        self.gauge_with(name, &[])
    }

    /// The level of the gauge `name` with `labels`, in any order.
    pub fn gauge_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        match self.value(name, labels)? {
            Value::Gauge(level) => Some(*level),
            Value::Counter(_) => None,
        }
    }

    fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Value> {
        delta::find(self.series(), &Key::new(name, labels).ok()?)
    }

    /// Every run that lives, and the newest of those that have ended; sorted by name and run.
    pub fn jobs(&self) -> impl DoubleEndedIterator<Item = &Arc<JobSnapshot>> {
        self.content.jobs.iter()
    }

    /// The newest run of the job `name`.
    pub fn job(&self, name: &str) -> Option<&Arc<JobSnapshot>> {
        self.jobs().rfind(|job| &*job.name == name)
    }

    /// The run with the number `run`.
    pub fn run(&self, run: u64) -> Option<&Arc<JobSnapshot>> {
        self.jobs().find(|job| job.run == run)
    }

    /// How many runs have ended in this registry, those that are no longer kept included.
    pub fn ended_runs(&self) -> u64 {
        self.content.ended_runs
    }

    /// Whether both are of one registry, so that their moments and counters can be compared.
    pub fn is_of_same_registry(&self, other: &Snapshot) -> bool {
        self.content.registry == other.content.registry
    }

    /// What changed in the series since `earlier`; a counter that began anew is marked.
    pub fn delta(&self, earlier: &Snapshot) -> Delta {
        let other_registry = !self.is_of_same_registry(earlier);
        let since = if other_registry { self.taken() } else { earlier.taken() };
        let interval = self.taken().at.since(since.at);
        Delta::between(interval, other_registry, earlier.series(), self.series())
    }

    /// The snapshot as one line of JSON, with its version.
    pub fn to_json(&self) -> String {
        // Cannot fail: every key is a text and every number has a form in JSON.
        serde_json::to_string(self).expect("a snapshot is always JSON")
    }

    /// Reads what [`to_json`](Snapshot::to_json) wrote. Unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// A text of another version is refused before anything else of it is read; so is a text that is
    /// not a snapshot.
    pub fn from_json(text: &str) -> Result<Snapshot, SnapshotError> {
        let found = version::read(text)?;
        let known = Snapshot::VERSION;
        if found != u64::from(known) {
            return Err(SnapshotError::Version { found, known });
        }
        let Content { version: _, registry, taken, series, jobs, ended_runs } =
            serde_json::from_str(text)?;
        Ok(Snapshot::new(registry, taken, series, jobs, ended_runs))
    }
}
