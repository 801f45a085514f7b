//! A task is started once, by a job that lives; of a job's runs one lives at a time.

use super::{Started, start};
use flowmeter::{JobError, Registry, State, Task};

#[test]
fn a_task_can_not_be_started_while_one_of_its_sides_lives() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (task, reader, writer) = start(&job, 3, 5);
    let lives = JobError::SideLives { job: "copy".into(), group: 3, task: 5 };
    let error = task.start().unwrap_err();
    assert_eq!(error, lives);
    let text = "task 5 of group 3 of job `copy` can't be started: a side of it still lives";
    assert_eq!(error.to_string(), text);
    // Also by another handle, and also if one side has failed.
    reader.fail("no source");
    assert_eq!(job.task_group(3).task(5).start().unwrap_err(), lives);
    drop(writer);
    assert_ne!(task.start().unwrap_err(), lives);
}

fn state_in_error(task: &Task) -> State {
    match task.start().unwrap_err() {
        JobError::TaskEnded { state, group: 0, task: 0, .. } => state,
        other => panic!("{other}"),
    }
}

#[test]
fn a_task_that_has_ended_is_not_started_again_and_the_error_says_how_it_ended() {
    let Started { task, reader, writer, job: _job, .. } = Started::new();
    reader.done().unwrap();
    writer.done();
    assert_eq!(state_in_error(&task), State::Succeeded);
    assert!(task.start().unwrap_err().to_string().contains("succeeded"));

    let Started { task, reader, writer, job: _job, .. } = Started::new();
    reader.done().unwrap();
    writer.fail("no room");
    assert_eq!(state_in_error(&task), State::Failed);

    let Started { task, mut reader, writer, job, .. } = Started::new();
    job.stop("enough");
    assert!(reader.stopping());
    reader.done().unwrap();
    writer.done();
    assert_eq!(state_in_error(&task), State::Killed);
}

#[test]
fn nothing_is_started_in_a_job_that_has_ended() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let group = job.task_group(0);
    let early = group.task(0);
    let _ = job.kill("changed our minds");
    let late = group.task(1);
    let ended = JobError::Ended { job: "copy".into() };
    for task in [&early, &late] {
        assert_eq!(task.start().unwrap_err(), ended);
    }
    assert!(ended.to_string().contains("has ended"));
    assert!(registry.collect().job("copy").unwrap().group(0).unwrap().task(1).is_none());
    assert_eq!(
        group.snapshot().communication().tasks.total(),
        1,
        "a late task is registered nowhere"
    );
}

#[test]
fn asking_for_a_task_or_a_group_again_gives_the_same_one() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (task, _reader, _writer) = start(&job, 1, 2);
    let again = job.task_group(1).task(2).named("rows").named("lines");
    assert_eq!((again.id(), again.state()), (2, State::Running));
    assert_eq!(task.snapshot().name.as_deref(), Some("rows"), "the first name stays");
    assert_eq!(job.snapshot().task_counts().total(), 1);
    assert_eq!(job.task_group(1).id(), 1);
}

#[test]
fn a_job_of_a_name_whose_run_lives_is_an_error_and_another_name_is_not() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let error = registry.job("copy").unwrap_err();
    assert_eq!(error, JobError::Lives { job: "copy".into() });
    assert!(error.to_string().contains("`copy`"), "{error}");
    assert!(registry.job("Copy").is_ok());
    assert!(Registry::new().job("copy").is_ok(), "another registry knows nothing of it");
    assert_eq!(job.name(), "copy");
}

#[test]
fn the_same_name_again_is_the_next_run_with_a_number_of_its_own() {
    let registry = Registry::new();
    let mut numbers = Vec::new();
    for _ in 0..4 {
        let job = registry.job("copy").unwrap();
        let other = registry.job("move").unwrap();
        numbers.extend([job.run(), other.run()]);
        assert!(job.finish().succeeded());
        drop(other);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    let snapshot = registry.collect();
    assert_eq!(snapshot.jobs().count(), 8);
    assert_eq!(snapshot.job("copy").unwrap().run, 7, "the newest run");
}

#[test]
fn a_name_that_can_not_be_shown_or_told_apart_is_refused() {
    let registry = Registry::new();
    let huge = "x".repeat(1_000_000);
    let too_long = "x".repeat(201);
    for name in ["", "two\nlines", "tab\t", "\0", "\u{1b}[31mred", "\u{85}", &too_long, &huge] {
        let error = registry.job(name).unwrap_err();
        assert!(matches!(error, JobError::Name { .. }), "{error}");
        let text = error.to_string();
        assert!(!text.contains(char::is_control), "{text:?}");
        assert!(text.len() < 2000, "{} bytes", text.len());
    }
    assert_eq!(registry.collect().jobs().count(), 0);
    for name in [" ", "日本", "a/b c", &"x".repeat(200)] {
        assert!(registry.job(name).is_ok(), "{name}");
    }
}
