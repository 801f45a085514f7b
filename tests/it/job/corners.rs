//! Corners of a job: starts and ends at the same time, and errors that say nothing.

use super::{Started, error_of, start};
use flowmeter::{JobError, Registry, State};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn a_long_message_or_sample_is_cut_and_says_how_much_is_gone() {
    let mut started = Started::new();
    let long = "x".repeat(5000);
    started.reader.message("key", &long);
    started.writer.failed(1, 1, &long);
    let now = started.now();
    for said in now.messages.iter().chain(&now.samples) {
        let end = &said.text[1024..];
        assert_eq!(end, "… (3976 more bytes)");
    }
}

/// An error that can't say what it is.
#[derive(Debug)]
struct Mute;

impl fmt::Display for Mute {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

impl std::error::Error for Mute {}

#[test]
fn a_side_can_fail_with_an_error_that_can_not_say_what_it_is() {
    let Started { task, reader, writer: _writer, job: _job, .. } = Started::new();
    reader.fail(Mute);
    assert!(!error_of(&task).reason.contains("panic"), "{}", error_of(&task));
}

/// Calls both, each in a thread of its own, with every number below `n`, at the same time but for
/// some steps of a wait that is different each time.
fn at_once(n: usize, one: impl FnMut(usize) + Send, other: impl FnMut(usize) + Send) {
    let arrived = &AtomicUsize::new(0);
    let run = move |mut act: Box<dyn FnMut(usize) + Send + '_>, wait: usize| {
        for i in 0..n {
            arrived.fetch_add(1, Ordering::SeqCst);
            while arrived.load(Ordering::SeqCst) < 2 * (i + 1) {
                thread::yield_now();
            }
            (0..i % 16 * wait).for_each(|_| std::hint::spin_loop());
            act(i);
        }
    };
    let (one, other) = (Box::new(one), Box::new(other));
    thread::scope(|scope| {
        scope.spawn(move || run(one, 0));
        scope.spawn(move || run(other, 1));
    });
}

#[test]
fn of_two_starts_at_once_the_second_is_told_that_the_sides_live() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let tasks: Vec<_> = (0..30_000).map(|id| job.task_group(0).task(id)).collect();
    let (mut of_one, mut of_other) = (Vec::new(), Vec::new());
    at_once(tasks.len(), |i| of_one.push(tasks[i].start()), |i| of_other.push(tasks[i].start()));
    for result in of_one.into_iter().chain(of_other) {
        assert!(matches!(result, Ok(_) | Err(JobError::SideLives { .. })), "{result:?}");
    }
}

#[test]
fn a_task_that_was_seen_succeeded_stays_so_though_its_job_is_killed_meanwhile() {
    let registry = Registry::new();
    let jobs: Vec<_> = (0..30_000).map(|n| registry.job(&format!("copy {n}")).unwrap()).collect();
    let mut writers = Vec::new();
    let mut tasks = Vec::new();
    for job in &jobs {
        let (task, reader, writer) = start(job, 0, 0);
        reader.done().unwrap();
        writers.push(writer);
        tasks.push(task);
    }
    let (mut jobs, mut writers) = (jobs.into_iter(), writers.into_iter());
    let mut seen = Vec::new();
    at_once(
        tasks.len(),
        |_| drop(jobs.next()),
        |i| {
            writers.next().unwrap().done();
            seen.push(tasks[i].state());
        },
    );
    for (task, seen) in tasks.iter().zip(seen) {
        assert!(seen != State::Succeeded || task.state() == seen, "{seen}, then {}", task.state());
    }
}

#[test]
fn an_error_about_an_ended_task_is_a_sentence_whatever_its_state() {
    let Started { task, job, mut reader, writer, .. } = Started::new();
    job.stop("enough");
    assert!(reader.stopping());
    reader.done().unwrap();
    writer.done();
    let text = task.start().unwrap_err().to_string();
    assert!(!text.contains("has killed"), "{text}");
}

#[test]
fn a_job_without_tasks_ends_along_an_edge() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let before = job.snapshot().state;
    let after = job.finish().state();
    assert!(before.may_become(after), "{before} to {after}");
}

#[test]
fn a_job_that_nobody_stops_is_never_seen_killing_on_its_way_to_success() {
    let registry = Registry::new();
    let look = || {
        for job in registry.collect().jobs() {
            assert_ne!(job.state, State::Killing);
        }
    };
    crate::threads::look_beside(look, || {
        for _ in 0..20_000 {
            let job = registry.job("copy").unwrap();
            let (_, reader, writer) = start(&job, 0, 0);
            reader.done().unwrap();
            writer.done();
            assert!(job.finish().succeeded());
        }
    });
}

#[test]
fn a_cause_of_its_own_is_no_consequence_although_its_side_had_met_a_closed_channel() {
    let Started { task, mut reader, writer, job, .. } = Started::new();
    let (to_writer, rows) = std::sync::mpsc::sync_channel(1);
    drop(rows);
    assert!(reader.send(&to_writer, 1, 1).is_err());
    reader.fail("the source is corrupt");
    assert!(!error_of(&task).consequence);
    writer.done();
    assert_eq!(job.finish().error().unwrap().reason, "the source is corrupt");
}

#[test]
fn a_closed_channel_is_a_consequence_even_if_only_its_text_is_left() {
    let Started { task, mut reader, writer: _writer, job: _job, .. } = Started::new();
    let (to_writer, rows) = std::sync::mpsc::sync_channel(1);
    drop(rows);
    let error = reader.send(&to_writer, 1, 1).unwrap_err();
    reader.fail(format!("can't send: {error}"));
    assert!(error_of(&task).consequence);
}

/// An error that says it came from itself.
#[derive(Debug)]
struct Circle;

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("round and round")
    }
}

impl std::error::Error for Circle {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self)
    }
}

#[test]
fn an_error_whose_chain_never_ends_lets_its_side_go() {
    let Started { task, reader, writer: _writer, job: _job, .. } = Started::new();
    reader.fail(Circle);
    assert_eq!(error_of(&task).reason, "round and round");
}

#[test]
fn in_a_job_that_has_ended_every_task_has_ended_too() {
    let Started { reader, writer, job, .. } = Started::new();
    let _waiting = job.task_group(0).task(1);
    reader.fail("broken");
    let report = job.finish();
    assert!(report.snapshot().tasks().all(|task| task.ended.is_some()), "{report:?}");
    drop(writer);
}

#[test]
fn whoever_reads_while_a_job_ends_sees_it_live_or_ended_and_nothing_in_between() {
    for ended_runs_kept in [0, 1, 1000] {
        let registry = Registry::builder().ended_runs_kept(ended_runs_kept).build();
        let look = || {
            for job in registry.collect().jobs() {
                let (killed, ended) = (job.task_counts().killed > 0, job.ended.is_some());
                assert_eq!((killed, job.state == State::Failed), (ended, ended));
            }
        };
        crate::threads::look_beside(look, || {
            for _ in 0..1000 {
                let job = registry.job("copy").unwrap();
                let sides: Vec<_> = (0..20).map(|id| start(&job, 0, id)).collect();
                job.finish();
                drop(sides);
            }
        });
    }
}

#[test]
fn a_run_keeps_a_thousand_messages_in_all_and_counts_the_rest() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let mut sides: Vec<_> = (0..30).map(|id| start(&job, 0, id)).collect();
    for (_, reader, _) in &mut sides {
        (0..50).for_each(|n| reader.message("said", n));
    }
    let job = job.snapshot();
    let kept: usize = job.tasks().map(|task| task.communication().messages.iter().len()).sum();
    assert_eq!((kept, job.communication().messages.total()), (1000, 1500));
}
