//! States of tasks, groups and jobs: what follows from what, whoever looks whenever.

use super::{Started, start};
use crate::threads::look_beside;
use crossbeam_channel::{Receiver, Sender, bounded};
use flowmeter::WriterSide;
use flowmeter::{GroupSnapshot, Job, JobReport, JobSnapshot, ReaderSide, Registry, State, Task};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::thread;

#[test]
fn a_task_waits_then_runs_and_has_succeeded_when_both_sides_are_done() {
    let ends: [fn(ReaderSide, WriterSide, &Task); 2] = [
        |reader, writer, task| {
            reader.done().unwrap();
            assert_eq!((task.state(), task.snapshot().ended), (State::Running, None));
            writer.done();
        },
        |reader, writer, task| {
            writer.done();
            assert_eq!((task.state(), task.snapshot().ended), (State::Running, None));
            reader.done().unwrap();
        },
    ];
    for end in ends {
        let registry = Registry::new();
        let job = registry.job("copy").unwrap();
        let task = job.task_group(0).task(0);
        assert_eq!((task.state(), task.snapshot().started), (State::Waiting, None));
        let (reader, writer) = task.start().unwrap();
        assert_eq!(task.state(), State::Running);
        end(reader, writer, &task);
        let snapshot = task.snapshot();
        assert_eq!((snapshot.state(), snapshot.error()), (State::Succeeded, None));
        assert!(snapshot.started <= snapshot.ended);
    }
}

#[test]
fn a_task_fails_with_its_first_failing_side_though_the_other_lives() {
    let Started { task, reader, mut writer, job: _job, .. } = Started::new();
    reader.fail("no source");
    assert_eq!((task.state(), task.snapshot().ended), (State::Failed, None));
    writer.received(1, 1);
    writer.done();
    assert_eq!(task.state(), State::Failed);
    assert!(task.snapshot().ended.is_some());

    let Started { task, reader, writer, job: _job, .. } = Started::new();
    writer.fail("no target");
    assert_eq!(task.state(), State::Failed);
    reader.done().unwrap();
    assert_eq!(task.state(), State::Failed);
}

#[test]
fn the_state_of_a_group_and_of_a_job_follows_from_their_tasks() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let state = || {
        let job = job.snapshot();
        (job.group(0).and_then(GroupSnapshot::state), job.group(1).unwrap().state(), job.state)
    };
    use State::{Failed, Running, Submitting, Succeeded, Waiting};
    let [group, other] = [0, 1].map(|id| job.task_group(id));
    assert_eq!(state(), (None, None, Submitting));
    let (first, second) = (group.task(0), other.task(0));
    assert_eq!(state(), (Some(Waiting), Some(Waiting), Waiting));
    let (reader, writer) = first.start().unwrap();
    assert_eq!(state(), (Some(Running), Some(Waiting), Running));
    reader.done().unwrap();
    writer.done();
    assert_eq!(state(), (Some(Succeeded), Some(Waiting), Running));
    let (reader, writer) = second.start().unwrap();
    assert_eq!(state(), (Some(Succeeded), Some(Running), Running));
    reader.done().unwrap();
    let third = other.task(1).start().unwrap();
    third.1.fail("no target");
    assert_eq!(state(), (Some(Succeeded), Some(Failed), Failed));
    writer.done();
    assert_eq!(state(), (Some(Succeeded), Some(Failed), Failed));
    assert_eq!(job.snapshot().task_counts().succeeded, 2);
}

#[test]
fn progress_is_the_succeeded_part_and_one_only_after_the_end() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let tasks: Vec<_> = (0..4).map(|id| start(&job, id % 2, id)).collect();
    let mut expected = [0.25, 0.5, 0.75, 0.9999].into_iter();
    assert_eq!(job.snapshot().completion(), 0.0);
    for (_, reader, writer) in tasks {
        reader.done().unwrap();
        writer.done();
        assert_eq!(job.snapshot().completion(), expected.next().unwrap());
    }
    assert_eq!(job.snapshot().state, State::Running, "it has not been finished");
    assert_eq!(job.finish().completion(), 1.0);
}

#[test]
fn a_job_without_tasks_is_at_nothing_and_then_done() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let _empty = job.task_group(0);
    let snapshot = job.snapshot();
    assert_eq!((snapshot.state, snapshot.completion()), (State::Submitting, 0.0));
    let report = job.finish();
    assert_eq!((report.state(), report.completion()), (State::Succeeded, 1.0));
    assert_eq!(registry.collect().job("copy").unwrap().completion(), 1.0);
}

#[test]
fn neither_failed_nor_killed_tasks_count_as_succeeded() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (_, reader, writer) = start(&job, 0, 0);
    reader.done().unwrap();
    writer.fail("no target");
    let (_, mut reader, writer) = start(&job, 0, 1);
    job.stop("enough");
    assert!(reader.stopping());
    reader.done().unwrap();
    writer.done();
    let counts = job.snapshot().task_counts();
    assert_eq!((counts.succeeded, counts.failed, counts.killed), (0, 1, 1));
    let report = job.finish();
    assert_eq!((report.completion(), report.communication().datax().stage), (0.0, 0));
}

/// How a task's side ends in a thread of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Done,
    LooksAndIsDone,
    Fail,
    Drop,
    OutlivesTheJob,
}

#[derive(Clone, Copy, Debug)]
enum End {
    Finish,
    Fail,
    Kill,
    Drop,
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        8 => Just(Way::Done),
        4 => Just(Way::LooksAndIsDone),
        1 => Just(Way::Fail),
        1 => Just(Way::Drop),
        1 => Just(Way::OutlivesTheJob),
    ]
}

/// The states that a collector saw, of the job and of each task, without repetitions.
#[derive(Default)]
struct Seen {
    job: Vec<State>,
    tasks: BTreeMap<u32, Vec<State>>,
}

impl Seen {
    fn look(&mut self, job: &JobSnapshot) {
        note(&mut self.job, job.state);
        for task in job.tasks() {
            note(self.tasks.entry(task.id).or_default(), task.state());
            assert_eq!(task.communication().error.is_some(), task.state() == State::Failed);
        }
        assert!(job.state != State::Failed || job.error().is_some(), "failed for no reason");
    }
}

fn note(seen: &mut Vec<State>, state: State) {
    if seen.last() != Some(&state) {
        seen.push(state);
    }
}

/// Whether `to` is found behind `from` on the edges: who looks seldom sees some states only.
fn leads_to(from: State, to: State) -> bool {
    // No way is longer than there are states, and none has a loop.
    from.may_become(to)
        || State::ALL.into_iter().any(|next| from.may_become(next) && leads_to(next, to))
}

fn assert_is_a_way(seen: &[State]) {
    for pair in seen.windows(2) {
        assert!(leads_to(pair[0], pair[1]), "{} was seen after {}: {seen:?}", pair[1], pair[0]);
    }
}

/// Starts a task and ends both of its sides; one that outlives the job waits for the job's end.
fn end_sides(task: &Task, (of_reader, of_writer): (Way, Way), job_ended: &Receiver<()>) {
    let (mut reader, mut writer) = task.start().unwrap();
    if of_reader == Way::OutlivesTheJob || of_writer == Way::OutlivesTheJob {
        let _ = job_ended.recv();
    }
    match of_reader {
        Way::Fail => reader.fail("on purpose"),
        Way::Drop => drop(reader),
        way => {
            let _ = way == Way::LooksAndIsDone && reader.stopping();
            reader.done().unwrap();
        }
    }
    match of_writer {
        Way::Fail => writer.fail("on purpose"),
        Way::Drop => drop(writer),
        way => {
            let _ = way == Way::LooksAndIsDone && writer.stopping();
            writer.done();
        }
    }
}

fn end_job(job: Job, end: End) -> Option<JobReport> {
    match end {
        End::Finish => Some(job.finish()),
        End::Fail => Some(job.fail("gave up")),
        End::Kill => Some(job.kill("enough")),
        End::Drop => {
            drop(job);
            None
        }
    }
}

/// Runs all tasks, each in a thread of its own; the job's end comes when every task has ended that
/// ends before it.
fn run(job: Job, ways: &[(Way, Way)], stop: bool, end: End) -> Option<JobReport> {
    let tasks: Vec<_> = (0..).zip(ways).map(|(id, _)| job.task_group(id % 3).task(id)).collect();
    thread::scope(|scope| {
        // Dropped with the job's end, or by a panic: then nobody waits any more.
        let (job_lives, job_ended) = bounded(0);
        let (mut early, mut late) = (Vec::new(), Vec::new());
        for (task, &ways) in tasks.iter().zip(ways) {
            let job_ended = job_ended.clone();
            let outlives = ways.0 == Way::OutlivesTheJob || ways.1 == Way::OutlivesTheJob;
            let thread = scope.spawn(move || end_sides(task, ways, &job_ended));
            if outlives { late.push(thread) } else { early.push(thread) }
        }
        if stop {
            job.stop("enough");
        }
        early.into_iter().for_each(|thread| thread.join().unwrap());
        while tasks.iter().any(|task| task.state() == State::Waiting) {
            thread::yield_now();
        }
        let report = end_job(job, end);
        drop::<Sender<()>>(job_lives);
        report
    })
}

fn plays(ways: &[(Way, Way)], stop: bool, end: End) {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let mut seen = Seen::default();
    let look = || seen.look(registry.collect().job("copy").unwrap());
    let report = look_beside(look, || run(job, ways, stop, end));
    let kept = registry.collect().job("copy").unwrap().clone();
    seen.look(&kept);
    assert_is_a_way(&seen.job);
    seen.tasks.values().for_each(|seen| assert_is_a_way(seen));
    assert!(report.is_none_or(|report| *report.snapshot() == kept));
    check_end(&kept, ways, stop, end);
}

/// What must be so in the end, however the threads raced.
fn check_end(job: &JobSnapshot, ways: &[(Way, Way)], stop: bool, end: End) {
    let any = |way: Way| ways.iter().any(|ways| ways.0 == way || ways.1 == way);
    let counts = job.task_counts();
    assert_eq!(counts.succeeded + counts.failed + counts.killed, ways.len() as u64);
    let clean = !any(Way::Fail) && !any(Way::Drop) && !any(Way::OutlivesTheJob) && !stop;
    assert!(!clean || counts.succeeded == ways.len() as u64);
    let expected = match end {
        End::Finish if counts.succeeded == ways.len() as u64 => State::Succeeded,
        End::Finish | End::Fail => State::Failed,
        End::Kill | End::Drop if counts.failed > 0 => State::Failed,
        End::Kill | End::Drop => State::Killed,
    };
    assert_eq!(job.state, expected);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_collector_that_never_rests_sees_states_follow_each_other_along_the_edges(
        ways in vec((way(), way()), 1..8),
        stop in any::<bool>(),
        end in prop_oneof![Just(End::Finish), Just(End::Fail), Just(End::Kill), Just(End::Drop)],
    ) {
        plays(&ways, stop, end);
    }
}
