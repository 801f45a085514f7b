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
