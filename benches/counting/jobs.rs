//! The rows of collecting a job of many tasks.

use crate::cold::cold;
use crate::datax;
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::subject::alone;
use crate::table::FETCH_ADD;
use flowmeter::{Job, ReaderSide, Registry, Snapshot, WriterSide};
use std::hint::black_box;

const MERGED: &str = "`Registry::collect`, and the job merged";
const MAPS: &str = "DataX-shaped maps, merged";

/// How many tasks a turn collects that finds them in the caches, by as many collections as that takes.
const WARM_TASKS: u64 = 12_000;

/// How often they are collected before that.
const WARM_UPS: usize = 4;

pub(crate) fn large(scale: Scale) {
    measure(scale, scale.job, "collect a job of 10,000 tasks, cold", once);
}

/// Jobs that are collected again and again, without anything between: what the caches hold of them they keep.
pub(crate) fn warm(scale: Scale) {
    measure(scale, scale.small_job, "collect a job of 1,000 tasks, warm", again);
    measure(scale, scale.job, "collect a job of 10,000 tasks, warm", again);
}

/// Ways to collect, each of which says how many tasks that were.
fn measure(scale: Scale, job: [u32; 2], title: &str, turn: fn(&mut dyn FnMut() -> u64) -> Turn) {
    let tasks = u64::from(job[0] * job[1]);
    let (running, by_map) = (Running::new(job), datax::job(job));
    let mut last = running.registry.collect();
    let mut ours = || {
        last = running.registry.collect();
        tasks
    };
    // Not one after the other: the second would find what the first has read.
    Contest::new(title, "task")
        .way("`Registry::collect`", || turn(&mut ours))
        .way(MAPS, || turn(&mut || datax::collect(black_box(&by_map))))
        .way(MERGED, || turn(&mut || records(&running.registry.collect())))
        .way(FETCH_ADD, alone(scale))
        .run(scale.long_turns)
        .rows(MAPS, "≤ 30 ns: 136 cycles");
    assert_eq!([records(&last), datax::collect(&by_map)], [tasks; 2]);
}

/// With nothing in the caches.
fn once(collect: &mut dyn FnMut() -> u64) -> Turn {
    cold(collect)
}

/// Some times before it is timed, for once does not bring all into the caches, and then until it is enough.
fn again(collect: &mut dyn FnMut() -> u64) -> Turn {
    (1..WARM_UPS).for_each(|_| _ = collect());
    let times = (WARM_TASKS / collect()).max(1);
    Turn::of(|| (0..times).map(|_| collect()).sum())
}

fn records(snapshot: &Snapshot) -> u64 {
    snapshot.job("copy").unwrap().counters().reader.read.records
}

/// A job whose tasks have all started, and counted a record on each side.
pub(crate) struct Running {
    pub(crate) registry: Registry,
    _sides: Vec<(ReaderSide, WriterSide)>,
    _job: Job,
}

impl Running {
    /// So many task groups, with so many tasks each.
    pub(crate) fn new([groups, tasks]: [u32; 2]) -> Running {
        let registry = Registry::new();
        let job = registry.job("copy").unwrap();
        let start = |group| {
            let group = job.task_group(group);
            (0..tasks).map(move |task| started(group.task(task).start().unwrap()))
        };
        let _sides = (0..groups).flat_map(start).collect();
        Running { registry, _sides, _job: job }
    }
}

fn started((mut reader, mut writer): (ReaderSide, WriterSide)) -> (ReaderSide, WriterSide) {
    reader.read(7);
    reader.hand_on(1, 7, |_| Ok::<_, ()>(())).unwrap();
    writer.received(1, 7);
    writer.committed(1, 7);
    (reader, writer)
}
