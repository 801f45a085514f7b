//! What is derived of one job from two moments: speeds, progress, errors, ledger.

use crate::clock::Moment;
use crate::communication::{
    Amount, Communication, Counters, DataxCounters, Failure, Ledger, State,
};
use crate::snapshot::JobSnapshot;
use serde::Serialize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How fast something goes, per second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Speed {
    /// Records per second.
    pub records: f64,
    /// Bytes per second.
    pub bytes: f64,
}

impl Speed {
    /// `amount` in `time`; `None` if there was no time, for then there is no speed.
    pub fn of(amount: Amount, time: Duration) -> Option<Speed> {
        let seconds = time.as_secs_f64();
        let per_second = |number: u64| number as f64 / seconds;
        let speed = Speed { records: per_second(amount.records), bytes: per_second(amount.bytes) };
        (!time.is_zero()).then_some(speed)
    }
}

/// A job as a report shows it: one run, and what it did in an interval.
///
/// For a run that lives the interval goes back to the earlier snapshot, or to the run's start if
/// that is later; for one that has ended it is the whole run. Both ends are monotonic moments. From
/// the later one on the tasks of a live run are read one after the other, the last of very many some
/// milliseconds later; a run that has ended stands still.
#[derive(Clone, Debug, PartialEq)]
pub struct JobReport {
    job: Arc<JobSnapshot>,
    communication: Communication,
    /// What was counted before the interval.
    before: Counters,
    interval: Duration,
}

impl JobReport {
    /// The report of a run from its start to its end, or to when it was read.
    pub fn of_run(job: Arc<JobSnapshot>) -> JobReport {
        let began = job.started.at;
        JobReport::since(began, Counters::default(), job)
    }

    /// The report of what `now` did since `earlier`, a snapshot of the same run.
    ///
    /// Where a counter is lower than it was, what was counted before is unknown: then this is the
    /// report of the whole run.
    pub fn between(earlier: &JobSnapshot, now: Arc<JobSnapshot>) -> JobReport {
        let before = earlier.counters();
        if now.ended.is_some() || !now.counters().continues(&before) {
            return JobReport::of_run(now);
        }
        JobReport::since(earlier.until(), before, now)
    }

    fn since(earlier: Moment, before: Counters, job: Arc<JobSnapshot>) -> JobReport {
        let (communication, interval) = (job.communication(), job.until().since(earlier));
        JobReport { job, communication, before, interval }
    }

    /// The run itself, with its task groups and tasks.
    pub fn snapshot(&self) -> &Arc<JobSnapshot> {
        &self.job
    }

    /// The job's name.
    pub fn name(&self) -> &str {
        &self.job.name
    }

    /// What the job is doing, or how it ended.
    pub fn state(&self) -> State {
        self.job.state
    }

    /// Whether the run is over, and this is the report of the whole of it.
    pub fn has_ended(&self) -> bool {
        self.job.ended.is_some()
    }

    /// Whether the run has succeeded: it is finished, and all of its tasks say that they did their
    /// work. Whether they have counted right is another question: see [`Ledger::balances`].
    pub fn succeeded(&self) -> bool {
        self.state() == State::Succeeded
    }

    /// The status for a program to exit with, as DataX does: 0 if the run succeeded, 143 if it was
    /// killed, else 1.
    pub fn exit_code(&self) -> ExitCode {
        match self.state() {
            State::Succeeded => ExitCode::SUCCESS,
            State::Killed => ExitCode::from(143),
            _ => ExitCode::FAILURE,
        }
    }

    /// Why the job failed or was killed, or is about to: the first cause by time.
    pub fn error(&self) -> Option<&Failure> {
        self.job.error()
    }

    /// What the whole job says: the merge of all its tasks.
    pub fn communication(&self) -> &Communication {
        &self.communication
    }

    /// What the sides have counted since the run's start.
    pub fn counters(&self) -> &Counters {
        &self.communication.counters
    }

    /// Where the records are, and whether the sums agree.
    pub fn ledger(&self) -> Ledger {
        self.communication.ledger()
    }

    /// The part of the registered tasks that succeeded, from 0 to 1; see [`JobSnapshot::completion`].
    pub fn completion(&self) -> f64 {
        self.job.completion()
    }

    /// How long the run has lasted: to its end, or to when it was read.
    pub fn elapsed(&self) -> Duration {
        self.job.until().since(self.job.started.at)
    }

    /// The interval that the speeds are of.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// How fast records were taken from the source; `None` if the interval is zero.
    pub fn read_speed(&self) -> Option<Speed> {
        Speed::of(self.in_interval().reader.read, self.interval)
    }

    /// How fast records were committed to the target; `None` if the interval is zero.
    pub fn write_speed(&self) -> Option<Speed> {
        Speed::of(self.in_interval().writer.committed, self.interval)
    }

    /// The speed as DataX means it: of its `totalRead`, which leaves filtered records out.
    pub(super) fn datax_speed(&self) -> Option<Speed> {
        let DataxCounters { total_read_records, total_read_bytes, .. } =
            DataxCounters::of(&self.in_interval(), 0);
        Speed::of(Amount::new(total_read_records, total_read_bytes), self.interval)
    }

    fn in_interval(&self) -> Counters {
        self.counters().since(&self.before)
    }
}
