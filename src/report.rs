//! `Report`: what is derived from two snapshots; and `Reporter`, whatever delivers one.

mod datax;
mod document;
mod job;
mod summary;
mod time;
mod units;

pub use datax::DataxReport;
pub use job::{JobReport, Speed};
pub use summary::Summary;
pub(crate) use time::date;

use crate::snapshot::{Delta, JobSnapshot, Snapshot, newest};
use document::Document;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// What happened between two snapshots of a registry, or of the same registries.
///
/// It holds the jobs that live and those that ended in between; one that ended is reported as a
/// whole run. Rates, percentages and ledgers are derived here and nowhere else.
#[derive(Clone, Debug)]
pub struct Report {
    now: Snapshot,
    delta: Delta,
    jobs: Vec<JobReport>,
    missed_runs: u64,
}

impl Report {
    /// The report of what happened from `earlier` to `now`.
    ///
    /// If the two are not of the same registries, or `now` is the earlier one, nothing is subtracted that
    /// would have no meaning: speeds are then of whole runs, or absent.
    pub fn between(earlier: &Snapshot, now: &Snapshot) -> Report {
        let earlier_runs: BTreeMap<_, &JobSnapshot> = match now.is_of_same_registries(earlier) {
            true => earlier.jobs().map(|job| (job.id(), &**job)).collect(),
            false => BTreeMap::new(),
        };
        let jobs = now.jobs().filter_map(|job| report(earlier_runs.get(&job.id()), job));
        let jobs: Vec<_> = jobs.collect();
        let missed_runs = missed_runs(earlier, now, &jobs);
        Report { now: now.clone(), delta: now.delta(earlier), jobs, missed_runs }
    }

    /// The later of the two snapshots.
    pub fn snapshot(&self) -> &Snapshot {
        &self.now
    }

    /// What changed in the series.
    pub fn delta(&self) -> &Delta {
        &self.delta
    }

    /// The time between the two snapshots.
    pub fn interval(&self) -> Duration {
        self.delta.interval
    }

    /// The jobs, sorted by name, registry and run: those that live, and those that ended in the interval.
    pub fn jobs(&self) -> &[JobReport] {
        &self.jobs
    }

    /// The newest run of the job `name` in this report: of several registries' newest ones the one that
    /// started last by wall time.
    pub fn job(&self, name: &str) -> Option<&JobReport> {
        newest(self.jobs.iter().filter(|job| job.name() == name), |job| job.snapshot())
    }

    /// Runs that ended in the interval and are not in the report, because only the newest of
    /// those that have ended are kept.
    pub fn missed_runs(&self) -> u64 {
        self.missed_runs
    }

    /// The report as one line of JSON, with everything: every series, and every job with its task
    /// groups and tasks, their states, times, counters and ledgers, and the counters under DataX's
    /// keys. `docs/json.md` describes it.
    pub fn to_json(&self) -> String {
        Document::new(&self.now, &self.delta, &self.jobs, self.missed_runs).to_json()
    }
}

/// The report of a run since it was last seen; none if it had ended by then.
fn report(earlier: Option<&&JobSnapshot>, now: &Arc<JobSnapshot>) -> Option<JobReport> {
    let now = Arc::clone(now);
    match earlier {
        Some(earlier) if earlier.ended.is_some() => None,
        Some(earlier) => Some(JobReport::between(earlier, now)),
        None => Some(JobReport::of_run(now)),
    }
}

/// How many runs have ended since `earlier` and are not among `told`.
fn missed_runs(earlier: &Snapshot, now: &Snapshot, told: &[JobReport]) -> u64 {
    let ended_before = if now.is_of_same_registries(earlier) { earlier.ended_runs() } else { 0 };
    let ended = now.ended_runs().saturating_sub(ended_before);
    ended.saturating_sub(told.iter().filter(|job| job.has_ended()).count() as u64)
}

/// Where a series of reports has come to: each begins where the one before ended.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    last: Snapshot,
}

impl Cursor {
    /// A cursor whose first report begins at `start`.
    pub(crate) fn new(start: Snapshot) -> Cursor {
        Cursor { last: start }
    }

    /// The report from where the cursor stands to `now`, where it stands from then on.
    pub(crate) fn read(&mut self, now: Snapshot) -> Report {
        let report = Report::between(&self.last, &now);
        self.last = now;
        report
    }
}

/// Delivers reports: to people, a file, a network.
///
/// # For implementors
///
/// `report` is called with one report after the other, each of which begins where the last one
/// ended. An error is returned to the caller, who may go on with the next report all the same.
pub trait Reporter: Send {
    /// Delivers one report.
    ///
    /// # Errors
    ///
    /// Whatever kept the report from being delivered.
    fn report(&mut self, report: &Report) -> Result<(), ReportError>;
}

/// Why a report was not delivered.
pub type ReportError = Box<dyn Error + Send + Sync>;
