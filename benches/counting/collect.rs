//! The rows of collecting: many counters, and a job of many tasks.

use crate::datax;
use crate::measure::{Contest, Turn};
use crate::memory::{Memory, show_collection};
use crate::scale::Scale;
use crate::series::{register, registry, total};
use crate::subject::{FetchAdd, turn};
use crate::table::FETCH_ADD;
use flowmeter::{Counter, Job, ReaderSide, Registry, Snapshot, WriterSide};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;

/// How often a warm job is collected in a turn.
const WARM: u64 = 20;

pub(crate) fn one_thread(scale: Scale) {
    counters(scale, 1, "collect 100,000 counters of 1 thread");
}

pub(crate) fn two_threads(scale: Scale) {
    counters(scale, 2, "collect 100,000 counters of 2 threads");
}

/// All but one have ended, after all have counted at the same time.
pub(crate) fn many_threads(scale: Scale) {
    counters(scale, scale.threads, "collect 100,000 counters of 64 threads");
}

/// Counters in which so many threads have counted; between two collections an eighth of them goes on.
fn counters(scale: Scale, threads: u64, title: &str) {
    let (registry, handles, mut counted) = counters_of(scale, threads);
    let mut last = registry.collect();
    let ours = || {
        handles.iter().step_by(8).for_each(|counter| counter.add(1));
        counted += handles.iter().step_by(8).len() as u64;
        Turn::of(|| {
            last = registry.collect();
            handles.len() as u64 * threads
        })
    };
    let (shared, mut values) = (shared(&handles), Vec::new());
    let walk = || {
        Turn::of(|| {
            values = black_box(&shared).iter().map(|counter| counter.load(Relaxed)).collect();
            handles.len() as u64 * threads
        })
    };
    let mut alone = FetchAdd::default();
    Contest::new(title, "series, thread")
        .way("`Registry::collect`", ours)
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("`Arc<AtomicU64>`s, values only", walk)
        .run(scale.long_turns)
        .rows("`Arc<AtomicU64>`s, values only", "≤ 1.0 ns: 4.5 cycles");
    assert_eq!(total(&last), counted);
    assert_eq!(values.iter().sum::<u64>(), handles.len() as u64 * threads);
}

/// Counters, and what is in all of them: one of each thread.
fn counters_of(scale: Scale, threads: u64) -> (Registry, Vec<Counter>, u64) {
    let (registry, mut handles) = (registry(scale.counters), Vec::with_capacity(scale.counters));
    register(&registry, &mut handles, |metric| metric.counter().unwrap());
    let count = || handles.iter().for_each(|counter| counter.add(1));
    // This thread first, and it lives on: nobody gets what was given to it, nor to another while all live.
    count();
    let others = Barrier::new(threads as usize - 1);
    let beside_others = || {
        count();
        others.wait();
    };
    thread::scope(|scope| (1..threads).for_each(|_| _ = scope.spawn(beside_others)));
    let counted = threads * handles.len() as u64;
    (registry, handles, counted)
}

/// What a registry of plain atomics would have to walk.
fn shared(handles: &[Counter]) -> Vec<Arc<AtomicU64>> {
    handles.iter().map(|counter| Arc::new(AtomicU64::new(counter.value()))).collect()
}

pub(crate) fn job(scale: Scale) {
    let [groups, tasks] = scale.job;
    let running = Running::new(scale.job);
    let by_map = datax::job(scale.job);
    let tasks = u64::from(groups * tasks);
    let mut last = running.registry.collect();
    let ours = || {
        Turn::of(|| {
            last = running.registry.collect();
            tasks
        })
    };
    let merged = || {
        Turn::of(|| {
            assert_eq!(records(&running.registry.collect()), tasks);
            tasks
        })
    };
    let maps = || {
        Turn::of(|| {
            assert_eq!(datax::collect(black_box(&by_map)), tasks);
            tasks
        })
    };
    let mut alone = FetchAdd::default();
    Contest::new("collect a job of 10,000 tasks", "task")
        .way("`Registry::collect`", ours)
        .way("the same, and the job's counters merged", merged)
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("DataX-shaped maps, merged", maps)
        .run(scale.long_turns)
        .rows("DataX-shaped maps, merged", "≤ 30 ns: 136 cycles");
    assert_eq!(records(&last), tasks);
}

/// Jobs that are collected again and again, without anything between: what the caches hold of them they keep.
pub(crate) fn warm_jobs(scale: Scale) {
    warm_job(scale, scale.small_job, "collect a job of 1,000 tasks, warm");
    warm_job(scale, scale.job, "collect a job of 10,000 tasks, warm");
}

fn warm_job(scale: Scale, job: [u32; 2], title: &str) {
    let [groups, tasks] = job;
    let running = Running::new(job);
    let by_map = datax::job(job);
    let tasks = u64::from(groups * tasks);
    let mut last = running.registry.collect();
    let mut alone = FetchAdd::default();
    Contest::new(title, "task")
        .way("`Registry::collect`", || warm(tasks, || last = running.registry.collect()))
        .way(FETCH_ADD, || turn(&mut alone, scale.times))
        .way("DataX-shaped maps, merged", || {
            warm(tasks, || assert_eq!(datax::collect(black_box(&by_map)), tasks))
        })
        .run(scale.long_turns)
        .rows("DataX-shaped maps, merged", "≤ 30 ns: 136 cycles");
    assert_eq!(records(&last), tasks);
}

/// Collects so many tasks once before it is timed, and then some times more.
fn warm(tasks: u64, mut collect: impl FnMut()) -> Turn {
    collect();
    Turn::of(|| {
        (0..WARM).for_each(|_| collect());
        WARM * tasks
    })
}

fn records(snapshot: &Snapshot) -> u64 {
    snapshot.job("copy").unwrap().counters().reader.read.records
}

/// A job whose tasks have all started, and counted a record on each side.
struct Running {
    registry: Registry,
    _sides: Vec<(ReaderSide, WriterSide)>,
    _job: Job,
}

impl Running {
    /// So many task groups, with so many tasks each.
    fn new([groups, tasks]: [u32; 2]) -> Running {
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

/// What collections allocate: the first, and later ones, while the one before is held.
pub(crate) fn allocations(scale: Scale) {
    let (registry, handles, _) = counters_of(scale, 1);
    show_collections("100,000 counters", &registry);
    drop((registry, handles));
    show_collections("a job of 10,000 tasks", &Running::new(scale.job).registry);
}

fn show_collections(what: &str, registry: &Registry) {
    let mut last = None;
    for which in ["first", "second", "third"] {
        let before = Memory::now();
        last.replace(registry.collect());
        show_collection(what, which, Memory::now() - before);
    }
    assert!(last.is_some());
}
