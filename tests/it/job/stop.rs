//! A job that is asked to stop: who sees it, and how those end that do.

use super::{Started, error_of, panic_quietly, panics, start};
use flowmeter::{Gone, Job, ManualClock, ReaderSide, Registry, State, WriterSide};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

fn reason_of(job: &Job) -> String {
    job.snapshot().error().unwrap().reason.clone()
}

#[test]
fn sides_see_that_they_are_asked_to_stop() {
    let mut started = Started::new();
    assert!(!started.reader.stopping() && !started.writer.stopping());
    started.job.stop("enough");
    assert!(started.reader.stopping() && started.writer.stopping());
    assert_eq!(started.task.state(), State::Killing);
    assert_eq!(started.job.snapshot().state, State::Killing);
    assert_eq!(reason_of(&started.job), "enough");
}

#[test]
fn sides_see_that_their_job_has_ended() {
    let Started { job, mut reader, mut writer, .. } = Started::new();
    let _ = job.kill("enough");
    assert!(reader.stopping() && writer.stopping());
}

#[test]
fn a_side_that_saw_it_and_is_done_is_killed() {
    for (reader_saw, writer_saw) in [(true, false), (false, true), (true, true)] {
        let Started { task, job, mut reader, mut writer, .. } = Started::new();
        job.stop("enough");
        assert!(!reader_saw || reader.stopping());
        assert!(!writer_saw || writer.stopping());
        reader.done().unwrap();
        assert_eq!(task.state(), State::Killing);
        writer.done();
        assert_eq!((task.state(), task.snapshot().communication().error), (State::Killed, None));
        let report = job.finish();
        assert_eq!((report.state(), report.completion()), (State::Failed, 0.0));
        assert_eq!(report.error().unwrap().reason, "enough");
    }
}

#[test]
fn a_task_that_had_not_seen_it_and_did_all_of_its_work_has_succeeded() {
    let Started { task, job, mut reader, writer, .. } = Started::new();
    assert!(!reader.stopping(), "it looked before it was asked to stop");
    job.stop("enough");
    reader.done().unwrap();
    writer.done();
    assert_eq!(task.state(), State::Succeeded);
    let report = job.finish();
    assert_eq!((report.state(), report.error()), (State::Succeeded, None));
}

#[test]
fn a_side_that_saw_it_and_is_dropped_is_killed() {
    let Started { task, job, mut reader, mut writer, .. } = Started::new();
    job.stop("enough");
    assert!(reader.stopping() && writer.stopping());
    drop((reader, writer));
    assert_eq!((task.state(), task.snapshot().communication().error), (State::Killed, None));
}

#[test]
fn a_side_that_saw_it_and_fails_or_panics_has_failed() {
    let Started { task, job, mut reader, writer: _writer, .. } = Started::new();
    job.stop("enough");
    assert!(reader.stopping());
    reader.fail("can't close the file");
    assert_eq!(task.state(), State::Failed);
    assert_eq!(reason_of(&job), "enough", "what came first is the cause");

    let Started { task, job, mut writer, reader: _reader, .. } = Started::new();
    job.stop("enough");
    assert!(writer.stopping());
    panics(move || {
        let _writer = writer;
        panic_quietly();
    });
    assert_eq!(task.state(), State::Failed);
    assert!(error_of(&task).reason.contains("panic"));
}

/// How a reader side meets that its writer side is gone.
const MEETINGS: [fn(ReaderSide); 4] = [
    |mut reader| {
        let (sender, receiver) = sync_channel(1);
        drop(receiver);
        let sent = reader.send(&sender, "row", 3);
        reader.end(sent);
    },
    |mut reader| {
        let (sender, receiver) = sync_channel(1);
        drop(receiver);
        assert_eq!(reader.send(&sender, "row", 3), Err(Gone));
        assert!(reader.done().is_err());
    },
    |mut reader| {
        let (sender, receiver) = crossbeam_channel::bounded(0);
        drop(receiver);
        assert_eq!(reader.send(&sender, "row", 3), Err(Gone));
    },
    |reader| reader.fail(Gone),
];

#[test]
fn whoever_meets_a_side_that_went_because_it_was_asked_to_is_killed_too() {
    for meet in MEETINGS {
        let Started { task, job, reader, mut writer, .. } = Started::new();
        job.stop("enough");
        assert!(writer.stopping());
        writer.done();
        meet(reader);
        assert_eq!((task.state(), task.snapshot().communication().error), (State::Killed, None));
    }
}

#[test]
fn the_first_reason_to_stop_is_the_error_of_the_job() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    job.stop("enough");
    job.stop("really");
    assert_eq!(reason_of(&job), "enough");
    let report = job.kill("at last");
    assert_eq!(report.error().unwrap().reason, "enough");
    assert_eq!(report.state(), State::Killed);
}

/// A job in which one task fails a second before it is stopped, and one a second after.
fn stopped_between_failures(fail_before: bool, fail_after: bool) -> (Job, [WriterSide; 2]) {
    let manual = ManualClock::new();
    let registry = Registry::builder().clock(manual.clock()).build();
    let job = registry.job("copy").unwrap();
    let (_, reader, writer) = start(&job, 0, 0);
    let (_, late_reader, late_writer) = start(&job, 0, 1);
    manual.advance(Duration::from_secs(1));
    match fail_before {
        true => reader.fail("before"),
        false => reader.done().unwrap(),
    }
    manual.advance(Duration::from_secs(1));
    job.stop("enough");
    manual.advance(Duration::from_secs(1));
    match fail_after {
        true => late_reader.fail("after"),
        false => late_reader.done().unwrap(),
    }
    (job, [writer, late_writer])
}

#[test]
fn what_failed_before_the_stop_is_the_error_and_what_failed_after_it_is_not() {
    let errors = [
        ((false, false), "enough", State::Killed),
        ((false, true), "enough", State::Failed),
        ((true, false), "before", State::Failed),
        ((true, true), "before", State::Failed),
    ];
    for ((before, after), reason, state) in errors {
        let (job, _writers) = stopped_between_failures(before, after);
        assert_eq!(reason_of(&job), reason);
        let report = job.kill("at last");
        assert_eq!((report.error().unwrap().reason.as_str(), report.state()), (reason, state));
    }
}

#[test]
fn a_task_that_waits_when_its_job_is_stopped_can_be_started_and_sees_it() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let task = job.task_group(0).task(0);
    job.stop("enough");
    assert_eq!(task.state(), State::Waiting);
    let (mut reader, _writer) = task.start().unwrap();
    assert!(reader.stopping());
    assert_eq!(task.state(), State::Killing);
}
