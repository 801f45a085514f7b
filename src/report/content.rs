//! `Report`: what it holds, and how it follows from two snapshots.

use super::document::Document;
use super::job::JobReport;
use crate::snapshot::{Delta, JobSnapshot, Snapshot, newest};
use std::collections::BTreeMap;
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
