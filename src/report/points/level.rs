//! The figures of a job, of its task groups, and of their tasks.

use super::identity::tag;
use super::run::runs;
use crate::communication::{
    Amount, Communication, Counters, Ledger, ReaderCounters, State, WriterCounters,
};
use crate::point::Number;
use crate::report::content::Report;
use crate::report::job::{JobReport, Speed};
use crate::snapshot::{Ending, GroupSnapshot, TaskSnapshot};

/// The points of one name and its endings.
pub(super) struct Level {
    pub(super) metric: &'static str,
    /// Those that follow the bare ones.
    pub(super) tags: Vec<String>,
    pub(super) figures: Vec<Ending>,
}

/// Every level of every run: the job, then each group, behind each its tasks if they are wanted.
pub(super) fn levels(report: &Report, with_tasks: bool) -> impl Iterator<Item = Level> {
    runs(report).flat_map(move |(job, tags)| {
        let groups = job.snapshot().groups.iter();
        let of_groups = groups.flat_map({
            let tags = tags.clone();
            move |group| of_group(group, &tags, with_tasks)
        });
        of_job(job, tags).into_iter().chain(of_groups)
    })
}

fn of_job(job: &JobReport, tags: Vec<String>) -> Vec<Level> {
    let mut levels = of_part(["job", "job.custom"], tags, job.communication(), Some(job.state()));
    let speeds = of_speed(job.read_speed(), READ_SPEED)
        .chain(of_speed(job.write_speed(), WRITE_SPEED))
        .chain([(".completion", Number::of(job.completion()))]);
    if let Some(whole) = levels.first_mut() {
        whole.figures.extend(speeds);
    }
    levels
}

fn of_group(group: &GroupSnapshot, job: &[String], with_tasks: bool) -> Vec<Level> {
    let tags = [job, &[tag("group", &group.id.to_string())]].concat();
    let tasks = group.tasks().iter().filter(|_| with_tasks);
    let tasks: Vec<_> = tasks.flat_map(|task| of_task(task, &tags)).collect();
    let names = ["group", "group.custom"];
    let mut levels = of_part(names, tags, &group.communication(), group.state());
    levels.extend(tasks);
    levels
}

fn of_task(task: &TaskSnapshot, group: &[String]) -> Vec<Level> {
    let tags = [group, &[tag("task", &task.id.to_string())]].concat();
    of_part(["task", "task.custom"], tags, &task.communication(), Some(task.state()))
}

/// What every part has: its own figures, and those that bear names of the job's own.
fn of_part(
    [metric, custom]: [&'static str; 2],
    tags: Vec<String>,
    said: &Communication,
    state: Option<State>,
) -> Vec<Level> {
    let of_custom = said.custom.iter().map(|(name, &total)| Level {
        metric: custom,
        tags: [&*tags, &[tag("counter", name)]].concat(),
        figures: vec![("", Some(Number::from(total)))],
    });
    let of_custom: Vec<_> = of_custom.collect();
    let figures = of_counters(&said.counters)
        .chain(of_ledger(said.ledger()))
        .chain([whole(".stale_tasks", said.stale)])
        .chain([whole(".custom_overflow", said.custom_overflow)])
        .chain(state.map(|state| whole(".state", state.code().into())));
    let figures = figures.collect();
    let mut levels = vec![Level { metric, tags, figures }];
    levels.extend(of_custom);
    levels
}

fn of_counters(counters: &Counters) -> impl Iterator<Item = Ending> {
    let Counters { reader, writer } = *counters;
    of_reader(reader).chain(of_writer(writer))
}

fn of_reader(counters: ReaderCounters) -> impl Iterator<Item = Ending> {
    let ReaderCounters {
        read,
        made,
        unreadable,
        filtered,
        refused,
        transformed,
        handed_on,
        transform_ns,
        waited_ns,
    } = counters;
    let amounts = [
        amount(".read.records", ".read.bytes", read),
        amount(".unreadable.records", ".unreadable.bytes", unreadable),
        amount(".filtered.records", ".filtered.bytes", filtered),
        amount(".refused.records", ".refused.bytes", refused),
        amount(".handed_on.records", ".handed_on.bytes", handed_on),
    ];
    amounts.into_iter().flatten().chain([
        whole(".made.records", made),
        whole(".transformed.records", transformed),
        whole(".transform_time", transform_ns),
        whole(".waited_for_writer", waited_ns),
    ])
}

fn of_writer(counters: WriterCounters) -> impl Iterator<Item = Ending> {
    let WriterCounters { received, skipped, failed, committed, waited_ns } = counters;
    let amounts = [
        amount(".received.records", ".received.bytes", received),
        amount(".skipped.records", ".skipped.bytes", skipped),
        amount(".failed.records", ".failed.bytes", failed),
        amount(".committed.records", ".committed.bytes", committed),
    ];
    amounts.into_iter().flatten().chain([whole(".waited_for_reader", waited_ns)])
}

fn of_ledger(ledger: Ledger) -> [Ending; 5] {
    let Ledger { in_hand, in_flight, buffered, abandoned, discrepancy } = ledger;
    [
        (".in_hand.records", Some(in_hand.into())),
        (".in_flight.records", Some(in_flight.into())),
        (".buffered.records", Some(buffered.into())),
        whole(".abandoned.records", abandoned),
        whole(".discrepancy.records", discrepancy),
    ]
}

const READ_SPEED: [&str; 2] = [".read.records_per_second", ".read.bytes_per_second"];
const WRITE_SPEED: [&str; 2] = [".committed.records_per_second", ".committed.bytes_per_second"];

fn of_speed(
    speed: Option<Speed>,
    [records, bytes]: [&'static str; 2],
) -> impl Iterator<Item = Ending> {
    let of =
        |speed: Speed| [(records, Number::of(speed.records)), (bytes, Number::of(speed.bytes))];
    speed.map(of).into_iter().flatten()
}

fn amount(records: &'static str, bytes: &'static str, amount: Amount) -> [Ending; 2] {
    [whole(records, amount.records), whole(bytes, amount.bytes)]
}

fn whole(ending: &'static str, number: u64) -> Ending {
    (ending, Some(Number::from(number)))
}
