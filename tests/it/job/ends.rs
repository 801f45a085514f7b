//! The end of a job: the state it ends in, and the value that stays.

use super::{Started, panic_quietly, panics, start};
use flowmeter::{Amount, Job, JobReport, Registry, State};

/// What the tasks of a job do before it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    Succeeds,
    Fails,
    IsKilled,
    Runs,
    Waits,
}

/// A job with one such task each, ended by `end`; sides that live go on living until then.
fn ended(tasks: &[Task], end: fn(Job) -> Option<JobReport>) -> (Registry, JobReport) {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let mut living = Vec::new();
    for (id, task) in (0..).zip(tasks) {
        let handle = job.task_group(id % 2).task(id);
        if *task == Task::Waits {
            continue;
        }
        let (mut reader, mut writer) = handle.start().unwrap();
        match task {
            Task::Fails => reader.fail("no source"),
            Task::Runs => {
                living.extend([reader]);
                continue;
            }
            Task::IsKilled => {
                job.stop("enough");
                assert!(reader.stopping() && writer.stopping());
                reader.done().unwrap();
            }
            _ => reader.done().unwrap(),
        }
        writer.done();
    }
    let report = end(job);
    let kept = registry.collect().job("copy").unwrap().clone();
    (registry, report.unwrap_or_else(|| JobReport::of_run(kept)))
}

const FINISH: fn(Job) -> Option<JobReport> = |job| Some(job.finish());
const FAIL: fn(Job) -> Option<JobReport> = |job| Some(job.fail("the job gave up"));
const KILL: fn(Job) -> Option<JobReport> = |job| Some(job.kill("Ctrl-C"));
const DROP: fn(Job) -> Option<JobReport> = |job| {
    drop(job);
    None
};
const PANIC: fn(Job) -> Option<JobReport> = |job| {
    panics(move || {
        let _job = job;
        panic_quietly();
    });
    None
};

#[test]
fn a_finished_job_has_succeeded_if_all_of_its_tasks_have() {
    for tasks in [vec![], vec![Task::Succeeds], vec![Task::Succeeds; 3]] {
        let (_registry, report) = ended(&tasks, FINISH);
        assert_eq!((report.state(), report.error()), (State::Succeeded, None), "{tasks:?}");
        assert_eq!(report.completion(), 1.0);
    }
}

#[test]
fn a_finished_job_with_a_task_that_did_not_succeed_has_failed() {
    let reasons = [
        (Task::Fails, "no source"),
        (Task::IsKilled, "enough"),
        (Task::Waits, "1 of 2 tasks did not succeed"),
        (Task::Runs, "dropped before done(), fail() or end()"),
    ];
    for (task, reason) in reasons {
        let (_registry, report) = ended(&[Task::Succeeds, task], FINISH);
        assert_eq!(report.state(), State::Failed, "{task:?}");
        assert_eq!(report.error().unwrap().reason, reason, "{task:?}");
        assert_eq!(report.completion(), 0.5);
    }
}

#[test]
fn a_failed_job_says_why_unless_something_failed_before() {
    let reasons = [
        (Task::Succeeds, "the job gave up"),
        (Task::Waits, "the job gave up"),
        (Task::Fails, "no source"),
        (Task::IsKilled, "enough"),
    ];
    for (task, reason) in reasons {
        let (_registry, report) = ended(&[task], FAIL);
        assert_eq!(report.state(), State::Failed, "{task:?}");
        assert_eq!(report.error().unwrap().reason, reason, "{task:?}");
        assert!(report.completion() < 1.0, "not done, though every task may be");
    }
}

#[test]
fn a_killed_job_is_killed_unless_a_task_has_failed() {
    let ends = [(KILL, "Ctrl-C"), (DROP, "dropped"), (PANIC, "dropped by a panic")];
    for (end, why) in ends {
        let cases = [
            (vec![], why, State::Killed),
            (vec![Task::Succeeds], why, State::Killed),
            (vec![Task::Succeeds, Task::Waits], why, State::Killed),
            (vec![Task::IsKilled], "enough", State::Killed),
            (vec![Task::Succeeds, Task::Fails], "no source", State::Failed),
        ];
        for (tasks, reason, state) in cases {
            let (_registry, report) = ended(&tasks, end);
            assert_eq!(report.state(), state, "{tasks:?}");
            assert_eq!(report.error().unwrap().reason, reason, "{tasks:?}");
            assert!(report.completion() < 1.0, "{tasks:?}");
        }
    }
}

#[test]
fn tasks_that_have_not_ended_with_their_job_are_killed() {
    for end in [FINISH, FAIL, KILL, DROP, PANIC] {
        let registry = Registry::new();
        let job = registry.job("copy").unwrap();
        let waiting = job.task_group(0).task(0);
        let (running, _reader, writer) = start(&job, 0, 1);
        let (half, reader, _writer) = start(&job, 1, 0);
        reader.done().unwrap();
        let _ = end(job);
        let counts = registry.collect().job("copy").unwrap().task_counts();
        assert_eq!((counts.killed, counts.total()), (3, 3));
        // Nothing follows that end.
        writer.fail("too late");
        for task in [waiting, running, half] {
            assert_eq!(task.state(), State::Killed);
            assert_eq!(task.snapshot().communication().error, None);
            assert!(task.snapshot().ended.is_some());
        }
    }
}

#[test]
fn what_is_counted_after_the_end_counts_for_nothing() {
    for end in [FINISH, FAIL, KILL, DROP, PANIC] {
        let Started { registry, job, mut reader, mut writer, task: _task } = Started::new();
        let group = job.task_group(0);
        reader.read_batch(3, 30);
        reader.count("rows", 3);
        let report = end(job);
        let frozen = registry.collect().job("copy").unwrap().clone();
        reader.read_batch(100, 1000);
        reader.refused(5, 50, "late");
        reader.count("rows", 100);
        writer.received(7, 70);
        writer.message("late", "message");
        reader.fail("late");
        drop(writer);
        let _late = group.task(9);
        let kept = registry.collect().job("copy").unwrap().clone();
        assert_eq!(kept, frozen);
        assert!(report.is_none_or(|report| *report.snapshot() == kept));
        let communication = kept.communication();
        assert_eq!(communication.counters.reader.read, Amount::new(3, 30));
        assert_eq!((communication.custom["rows"], communication.messages.total()), (3, 0));
        assert_eq!(communication.ledger().abandoned, 3);
    }
}

#[test]
fn the_report_of_the_end_is_what_the_registry_shows_from_then_on() {
    let all = [Task::Succeeds, Task::Fails, Task::IsKilled, Task::Runs, Task::Waits];
    for end in [FINISH, FAIL, KILL] {
        for tasks in [&all[..], &all[..1], &all[..0]] {
            let (registry, report) = ended(tasks, end);
            let shown = registry.report();
            let shown = shown.job("copy").unwrap();
            assert_eq!(shown, &report);
            assert_eq!(registry.collect().job("copy"), Some(report.snapshot()));
            assert!(report.snapshot().ended.is_some());
        }
    }
}
