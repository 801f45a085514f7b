//! A report as one JSON document with everything: names, ids, states, times, counters, ledgers.

mod series;

use super::job::{JobReport, Speed};
use super::time::date;
use crate::clock::Stamp;
use crate::communication::{
    Communication, Counters, DataxCounters, Failure, Ledger, Message, Messages, Place, State,
    TaskCounts,
};
use crate::snapshot::{Delta, GroupSnapshot, SeriesChange, Snapshot, TaskSnapshot};
use serde::Serialize;
use series::Series;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of the document; `docs/json.md` describes it.
const VERSION: u32 = 1;

/// The whole report.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    version: u32,
    taken: Time,
    interval_seconds: f64,
    missed_runs: u64,
    series: Vec<Series<'a>>,
    jobs: Vec<Job<'a>>,
}

#[derive(Serialize)]
struct Time {
    utc: String,
    unix_ms: i64,
}

#[derive(Serialize)]
struct Job<'a> {
    name: &'a str,
    run: u64,
    started: Time,
    ended: Option<Time>,
    elapsed_seconds: f64,
    percentage: f64,
    interval_seconds: f64,
    read_speed: Option<Speed>,
    write_speed: Option<Speed>,
    #[serde(flatten)]
    part: Part,
    datax: DataxCounters,
    messages: Said<'a>,
    samples: Said<'a>,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    id: u32,
    #[serde(flatten)]
    part: Part,
    tasks: Vec<Task<'a>>,
}

#[derive(Serialize)]
struct Task<'a> {
    id: u32,
    name: Option<&'a str>,
    started: Option<Time>,
    ended: Option<Time>,
    #[serde(flatten)]
    part: Part,
}

/// What is the same at every level.
#[derive(Serialize)]
struct Part {
    state: Option<State>,
    state_code: Option<u32>,
    error: Option<Error>,
    tasks_by_state: TaskCounts,
    oldest: Option<Time>,
    stale_tasks: u64,
    counters: Counters,
    ledger: Ledger,
    custom: BTreeMap<Arc<str>, u64>,
    custom_overflow: u64,
}

#[derive(Serialize)]
struct Error {
    text: String,
    at: Time,
    place: Option<Place>,
    consequence: bool,
    reason: String,
}

/// Messages or samples: the first ones, and how many there were.
#[derive(Serialize)]
struct Said<'a> {
    first: Vec<Saying<'a>>,
    left_out: u64,
    total: u64,
}

#[derive(Serialize)]
struct Saying<'a> {
    at: Time,
    group: u32,
    task: u32,
    key: &'a str,
    text: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(
        now: &'a Snapshot,
        delta: &'a Delta,
        jobs: &'a [JobReport],
        missed_runs: u64,
    ) -> Document<'a> {
        let series =
            |change: SeriesChange<'a>| Series::of(now.description(change.key.name()), change);
        Document {
            version: VERSION,
            taken: Time::of(now.taken()),
            interval_seconds: delta.interval.as_secs_f64(),
            missed_runs,
            series: delta.changes().map(series).collect(),
            jobs: jobs.iter().map(Job::of).collect(),
        }
    }

    pub(super) fn to_json(&self) -> String {
        // Cannot fail: every key is a text and every number has a form in JSON.
        serde_json::to_string(self).expect("a report is always JSON")
    }
}

impl Time {
    fn of(stamp: Stamp) -> Time {
        Time { utc: date(stamp), unix_ms: stamp.unix_ms }
    }
}

impl<'a> Job<'a> {
    fn of(report: &'a JobReport) -> Job<'a> {
        let (job, communication) = (report.snapshot(), report.communication());
        Job {
            name: &job.name,
            run: job.run,
            started: Time::of(job.started),
            ended: job.ended.map(Time::of),
            elapsed_seconds: report.elapsed().as_secs_f64(),
            percentage: report.completion() * 100.0,
            interval_seconds: report.interval().as_secs_f64(),
            read_speed: report.read_speed(),
            write_speed: report.write_speed(),
            part: Part::of(Some(report.state()), report.error(), communication),
            datax: communication.datax(),
            messages: Said::of(&communication.messages),
            samples: Said::of(&communication.samples),
            groups: job.groups.iter().map(Group::of).collect(),
        }
    }
}

impl<'a> Group<'a> {
    fn of(group: &'a GroupSnapshot) -> Group<'a> {
        let communication = group.communication();
        Group {
            id: group.id,
            part: Part::of(communication.state(), communication.error.as_ref(), &communication),
            tasks: group.tasks().iter().map(Task::of).collect(),
        }
    }
}

impl<'a> Task<'a> {
    fn of(task: &'a TaskSnapshot) -> Task<'a> {
        let communication = task.communication();
        Task {
            id: task.id,
            name: task.name.as_deref(),
            started: task.started.map(Time::of),
            ended: task.ended.map(Time::of),
            part: Part::of(Some(task.state()), task.error(), &communication),
        }
    }
}

impl Part {
    fn of(state: Option<State>, error: Option<&Failure>, of: &Communication) -> Part {
        Part {
            state,
            state_code: state.map(State::code),
            error: error.map(Error::of),
            tasks_by_state: of.tasks,
            oldest: of.oldest.map(Time::of),
            stale_tasks: of.stale,
            counters: of.counters,
            ledger: of.ledger(),
            custom: of.custom.clone(),
            custom_overflow: of.custom_overflow,
        }
    }
}

impl Error {
    fn of(failure: &Failure) -> Error {
        let Failure { consequence, at, place, reason } = failure;
        Error {
            text: failure.to_string(),
            at: Time::of(*at),
            place: place.clone(),
            consequence: *consequence,
            reason: reason.clone(),
        }
    }
}

impl<'a> Said<'a> {
    fn of(messages: &'a Messages) -> Said<'a> {
        Said {
            first: messages.iter().map(Saying::of).collect(),
            left_out: messages.left_out(),
            total: messages.total(),
        }
    }
}

impl<'a> Saying<'a> {
    fn of(message: &'a Message) -> Saying<'a> {
        // The number has put them in order, and says nothing more.
        let Message { at, group, task, number: _, key, text } = message;
        Saying { at: Time::of(*at), group: *group, task: *task, key, text }
    }
}
