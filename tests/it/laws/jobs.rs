//! A job says what its task groups say together, and they what their tasks say.

use std::collections::BTreeMap;
use std::sync::Arc;

use flowmeter::{
    Communication, GroupSnapshot, Job, JobSnapshot, ManualClock, ReaderSide, Registry, Stamp,
    TaskSnapshot, WriterSide,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::arbitrary::{communication, number, text};
use super::{add, grouped, grouping, totals};

type Sides = (ReaderSide, WriterSide);

/// A way to count: the path of what it adds to, and whether it has bytes.
type Way = (&'static str, bool, fn(&mut Sides, u64, u64));

const WAYS: [Way; 11] = [
    ("/counters/reader/read", true, |sides, n, bytes| sides.0.read_batch(n, bytes)),
    ("/counters/reader/made", false, |sides, n, _| sides.0.made(n)),
    ("/counters/reader/unreadable", true, |sides, n, bytes| sides.0.unreadable(n, bytes, "why")),
    ("/counters/reader/filtered", true, |sides, n, bytes| sides.0.filtered(n, bytes)),
    ("/counters/reader/refused", true, |sides, n, bytes| sides.0.refused(n, bytes, "why")),
    ("/counters/reader/transformed", false, |sides, n, _| sides.0.transformed(n)),
    ("/counters/reader/handed_on", true, |sides, n, bytes| {
        sides.0.hand_on(n, bytes, |_| Ok::<_, ()>(())).unwrap();
    }),
    ("/counters/writer/received", true, |sides, n, bytes| sides.1.received(n, bytes)),
    ("/counters/writer/skipped", true, |sides, n, bytes| sides.1.skipped(n, bytes)),
    ("/counters/writer/failed", true, |sides, n, bytes| sides.1.failed(n, bytes, "why")),
    ("/counters/writer/committed", true, |sides, n, bytes| sides.1.committed(n, bytes)),
];

#[derive(Clone, Debug)]
enum Act {
    Count(usize, u64, u64),
    CountRead(&'static str, u64),
    CountWritten(&'static str, u64),
    Say(String),
}

fn count(
    records: impl Strategy<Value = u64>,
    bytes: impl Strategy<Value = u64>,
) -> impl Strategy<Value = Act> {
    (0..WAYS.len(), records, bytes).prop_map(|(way, n, bytes)| Act::Count(way, n, bytes))
}

fn act() -> impl Strategy<Value = Act> {
    let name = || select(vec!["rows", "files", "pages"]);
    prop_oneof![
        6 => count(1..=u64::MAX, number()),
        6 => count(1..9_u64, 0..9_u64),
        1 => (name(), number()).prop_map(|(name, n)| Act::CountRead(name, n)),
        1 => (name(), number()).prop_map(|(name, n)| Act::CountWritten(name, n)),
        1 => text().prop_map(Act::Say),
    ]
}

/// How far a task comes.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Waits,
    Runs,
    HalfDone,
    Done,
    Fails,
    Dropped,
}

type Plan = BTreeMap<(u32, u32), (Fate, Vec<Act>)>;

fn plan() -> impl Strategy<Value = Plan> {
    use Fate::{Done, Dropped, Fails, HalfDone, Runs, Waits};
    let fate = select(vec![Waits, Runs, HalfDone, Done, Fails, Dropped]);
    btree_map((0..4_u32, 0..4_u32), (fate, vec(act(), 0..12)), 0..9)
}

/// Does it, and adds what is to be counted.
fn perform(act: Act, sides: &mut Sides, totals: &mut BTreeMap<String, u64>) {
    match act {
        Act::Count(way, records, bytes) => {
            let (path, has_bytes, count) = WAYS[way];
            count(sides, records, bytes);
            if has_bytes {
                add(totals, &format!("{path}/records"), records);
                add(totals, &format!("{path}/bytes"), bytes);
            } else {
                add(totals, path, records);
            }
        }
        Act::CountRead(name, n) => {
            sides.0.count(name, n);
            add(totals, &format!("/custom/{name}"), n);
        }
        Act::CountWritten(name, n) => {
            sides.1.count(name, n);
            add(totals, &format!("/custom/{name}"), n);
        }
        Act::Say(text) => sides.1.message("note", text),
    }
}

/// Carries out a plan; gives the sides that still live, and what was counted in all.
fn run(job: &Job, clock: &ManualClock, plan: Plan) -> (Vec<Sides>, BTreeMap<String, u64>) {
    let (mut live, mut totals) = (Vec::new(), BTreeMap::new());
    for ((group, task), (fate, acts)) in plan {
        let task = job.task_group(group).task(task);
        if matches!(fate, Fate::Waits) {
            continue;
        }
        let mut sides = task.start().unwrap();
        for act in acts {
            clock.advance(std::time::Duration::from_nanos(1));
            perform(act, &mut sides, &mut totals);
        }
        live.extend(end(fate, sides));
    }
    (live, totals)
}

fn end(fate: Fate, (reader, writer): Sides) -> Option<Sides> {
    match fate {
        Fate::Waits | Fate::Runs => return Some((reader, writer)),
        Fate::HalfDone => drop((reader.done(), writer)),
        Fate::Done => {
            reader.done().unwrap();
            writer.done();
        }
        Fate::Fails => {
            writer.fail("disk full");
            reader.fail(flowmeter::Gone);
        }
        Fate::Dropped => drop((reader, writer)),
    }
    None
}

/// What a job says, told by its groups and by its tasks.
fn told_by_parts(job: &JobSnapshot) -> [Communication; 2] {
    let groups: Vec<_> = job.groups.iter().map(GroupSnapshot::communication).collect();
    [
        groups.iter().collect(),
        job.tasks().map(TaskSnapshot::communication).collect::<Vec<_>>().iter().collect(),
    ]
}

/// A job whose task `i` is in the group that `group_of` gives.
fn job_of(tasks: &[Communication], group_of: &[u32]) -> JobSnapshot {
    let mut groups: BTreeMap<u32, Vec<TaskSnapshot>> = BTreeMap::new();
    for ((id, communication), group) in (0..).zip(tasks).zip(group_of) {
        let task = TaskSnapshot::new(id, None, communication.clone());
        groups.entry(*group).or_default().push(task);
    }
    let mut job = JobSnapshot::new(Arc::from("etl"), 1, Stamp::default(), Stamp::default());
    job.groups = groups.into_iter().map(|(id, tasks)| GroupSnapshot::new(id, tasks)).collect();
    job
}

proptest! {
    #[test]
    fn however_tasks_are_grouped_their_job_says_the_same(
        tasks in vec(communication(), 0..8),
        group_of in vec(0..4_u32, 8),
        grouping in grouping(),
    ) {
        let job = job_of(&tasks, &group_of);
        let [by_groups, by_tasks] = told_by_parts(&job);
        let counts = job.task_counts();
        let whole = grouped(tasks, &grouping);
        prop_assert_eq!(job.communication(), whole.clone());
        prop_assert_eq!(by_groups, whole.clone());
        prop_assert_eq!(by_tasks, whole.clone());
        prop_assert_eq!(counts, whole.tasks);
    }

    #[test]
    fn a_job_that_runs_says_what_its_groups_say_and_they_what_their_tasks_say(plan in plan()) {
        let manual = ManualClock::new();
        let registry = Registry::builder().clock(manual.clock()).build();
        let job = registry.job("etl").unwrap();
        let ids: Vec<_> = plan.keys().copied().collect();
        let (live, counted) = run(&job, &manual, plan);

        let snapshot = registry.collect();
        let now = snapshot.job("etl").unwrap();
        let whole = now.communication();
        prop_assert_eq!(told_by_parts(now), [whole.clone(), whole.clone()]);
        prop_assert_eq!(&counted_in(&whole), &counted);
        prop_assert_eq!(whole.tasks.total(), ids.len() as u64);
        for (group, task) in ids {
            let seen = now.group(group).unwrap();
            let handle = job.task_group(group);
            prop_assert_eq!(handle.snapshot().communication(), seen.communication());
            let task_says = handle.task(task).snapshot().communication();
            prop_assert_eq!(&task_says, &seen.task(task).unwrap().communication());
        }

        let report = job.finish();
        let whole = report.communication();
        prop_assert_eq!(told_by_parts(report.snapshot()), [whole.clone(), whole.clone()]);
        prop_assert_eq!(&counted_in(whole), &counted);
        drop(live);
    }
}

/// The totals of what sides count, without what follows from it.
fn counted_in(communication: &Communication) -> BTreeMap<String, u64> {
    let mut totals = totals(communication);
    totals.retain(|path, _| path.starts_with("/counters") || path.starts_with("/custom/"));
    totals
}
