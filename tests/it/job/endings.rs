//! How a side ends, what its failure says, and which of several failures is the cause.

use super::{Started, error_of, panic_quietly, panics, start};
use flowmeter::{Failure, Gone, ManualClock, Place, Registry, Side, State, Task};
use std::error::Error;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
#[error("batch 7 can't be written")]
struct Outer(#[source] Middle);

#[derive(Debug, thiserror::Error)]
#[error("the target refused: {0}")]
struct Middle(#[source] Inner);

#[derive(Debug, thiserror::Error)]
#[error("disk full")]
struct Inner;

/// Says that the other side is gone, in words and types of its own.
#[derive(Debug, thiserror::Error)]
#[error("row 7 can't be sent")]
struct NotSent {
    #[source]
    why: Wrapped,
}

#[derive(Debug, thiserror::Error)]
#[error("the queue is closed")]
struct Wrapped(#[source] Gone);

fn side_of(failure: &Failure) -> Side {
    failure.place.as_ref().unwrap().side
}

#[test]
fn a_failure_says_when_where_and_why() {
    let manual = ManualClock::new();
    let registry = Registry::builder().clock(manual.clock()).build();
    let job = registry.job("copy").unwrap();
    let (task, reader, writer) = start(&job, 2, 3);
    manual.advance(Duration::from_secs(5));
    writer.fail("disk full");
    manual.advance(Duration::from_secs(5));
    reader.done().unwrap();
    let error = error_of(&task);
    assert_eq!(error.place, Some(Place::new(2, 3, Side::Writer)));
    assert_eq!((error.at.at.as_nanos(), error.consequence), (5_000_000_000, false));
    assert_eq!(error.to_string(), "group 2, task 3, writer side: disk full");
}

#[test]
fn the_reason_of_a_failure_has_the_sources_of_its_error_each_once() {
    let Started { task, reader, writer, job: _job, .. } = Started::new();
    reader.fail(Outer(Middle(Inner)));
    writer.done();
    assert_eq!(
        error_of(&task).reason,
        "batch 7 can't be written: the target refused: disk full",
        "what a text ends with already is not said again"
    );
}

#[test]
fn a_side_ends_with_the_result_of_its_work() {
    let Started { task, reader, writer, job: _job, .. } = Started::new();
    reader.end(Ok::<(), String>(()));
    assert_eq!(task.state(), State::Running);
    writer.end(Ok::<(), Box<dyn Error + Send + Sync>>(()));
    assert_eq!(task.state(), State::Succeeded);

    let Started { task, reader, writer, job: _job, .. } = Started::new();
    reader.end(Ok::<(), String>(()));
    writer.end(Err("disk full"));
    assert_eq!((task.state(), error_of(&task).reason.as_str()), (State::Failed, "disk full"));

    let Started { task, reader, writer: _writer, job: _job, .. } = Started::new();
    reader.end(Err(Inner));
    assert_eq!((task.state(), error_of(&task).reason.as_str()), (State::Failed, "disk full"));
}

#[test]
fn a_side_that_is_dropped_fails_its_attempt_and_says_which() {
    let Started { task, reader, writer: _writer, job: _job, .. } = Started::new();
    drop(reader);
    let error = error_of(&task);
    assert_eq!((task.state(), side_of(&error)), (State::Failed, Side::Reader));
    assert_eq!(error.reason, "dropped before done(), fail() or end()");

    let Started { task, reader: _reader, writer, job: _job, .. } = Started::new();
    drop(writer);
    let error = error_of(&task);
    assert_eq!((task.state(), side_of(&error)), (State::Failed, Side::Writer));
    assert!(!error.reason.contains("panic") && !error.consequence);
}

#[test]
fn a_side_that_is_dropped_by_a_panic_says_so() {
    let Started { task, reader, writer: _writer, job: _job, .. } = Started::new();
    panics(move || {
        let _reader = reader;
        panic_quietly();
    });
    let error = error_of(&task);
    assert_eq!(error.reason, "dropped by a panic before done(), fail() or end()");
    assert_eq!((task.state(), side_of(&error)), (State::Failed, Side::Reader));

    let Started { task, reader: _reader, writer, job: _job, .. } = Started::new();
    let writing = thread::spawn(move || {
        let _writer = writer;
        panic_quietly();
    });
    assert!(writing.join().is_err());
    let error = error_of(&task);
    assert!(error.reason.contains("panic") && !error.consequence);
    assert_eq!(side_of(&error), Side::Writer);
}

#[test]
fn a_panic_is_a_cause_even_of_a_side_that_met_that_the_other_is_gone() {
    let Started { task, mut reader, writer, job: _job, .. } = Started::new();
    panics(move || {
        let (sender, receiver) = sync_channel(1);
        drop(receiver);
        let _gone = reader.send(&sender, "row", 3);
        panic_quietly();
    });
    drop(writer);
    let error = error_of(&task);
    assert!(error.reason.contains("panic") && !error.consequence);
}

/// A task whose writer side fails for a reason, and whose reader side ends as in `end_reader`,
/// which only follows from that.
fn blamed(reader_first: bool, end_reader: impl FnOnce(flowmeter::ReaderSide)) -> Failure {
    let manual = ManualClock::new();
    let Started { task, reader, writer, job, registry: _registry } = Started::on(manual.clock());
    let tick = || manual.advance(Duration::from_secs(1));
    if reader_first {
        end_reader(reader);
        assert!(error_of(&task).consequence, "the only failure is shown, as what it is");
        assert_eq!(task.state(), State::Failed);
        tick();
        writer.fail("disk full");
    } else {
        writer.fail("disk full");
        tick();
        end_reader(reader);
    }
    let error = error_of(&task);
    let report = job.finish();
    assert_eq!(report.error(), Some(&error), "the job blames the same");
    error
}

#[test]
fn that_the_other_side_is_gone_is_never_the_cause_whichever_came_first() {
    for reader_first in [true, false] {
        let ends: [fn(flowmeter::ReaderSide); 5] = [
            |reader| reader.end(Err(Gone)),
            |reader| reader.end(Err::<(), Box<dyn Error + Send + Sync>>(Gone.into())),
            |reader| reader.fail(NotSent { why: Wrapped(Gone) }),
            |mut reader| {
                let (sender, _) = sync_channel(1);
                let sent = reader.send(&sender, "row", 3);
                reader.end(sent.map_err(|gone| NotSent { why: Wrapped(gone) }));
            },
            |mut reader| {
                let (sender, _) = crossbeam_channel::bounded(1);
                let _gone = reader.send(&sender, "row", 3);
            },
        ];
        for (n, end) in ends.into_iter().enumerate() {
            let error = blamed(reader_first, end);
            assert_eq!(error.reason, "disk full", "ending {n}");
            assert_eq!((side_of(&error), error.consequence), (Side::Writer, false));
        }
    }
}

#[test]
fn what_a_side_says_after_the_other_one_is_gone_is_a_cause_unless_that_one_had_failed() {
    for writer_fails in [true, false] {
        let Started { task, mut reader, writer, job: _job, .. } = Started::new();
        let (sender, _) = crossbeam_channel::bounded(1);
        assert!(reader.send(&sender, "row", 3).is_err());
        reader.fail("the row was not sent");
        assert_eq!(error_of(&task).reason, "the row was not sent");
        if writer_fails {
            writer.fail("disk full");
            assert_eq!(error_of(&task).reason, "disk full");
        } else {
            writer.done();
            assert_eq!(error_of(&task).reason, "the row was not sent");
        }
        assert!(!error_of(&task).consequence);
    }
}

#[test]
fn a_writer_whose_reader_is_gone_is_a_consequence_too() {
    for writer_first in [true, false] {
        let Started { task, reader, writer, job: _job, .. } = Started::new();
        if writer_first {
            writer.end(Err(NotSent { why: Wrapped(Gone) }));
            reader.fail("no source");
        } else {
            reader.fail("no source");
            writer.end(Err(NotSent { why: Wrapped(Gone) }));
        }
        assert_eq!(error_of(&task).reason, "no source");
    }
}

#[test]
fn a_consequence_that_is_the_only_failure_is_shown() {
    let Started { task, job, reader, writer, .. } = Started::new();
    reader.fail(NotSent { why: Wrapped(Gone) });
    writer.done();
    let error = error_of(&task);
    assert!(error.consequence);
    let text = "row 7 can't be sent: the queue is closed: the other side of the task is gone";
    assert_eq!(error.reason, text);
    let report = job.finish();
    assert_eq!((report.state(), report.error()), (State::Failed, Some(&error)));
}

#[test]
fn of_two_causes_in_a_task_the_earlier_one_is_shown() {
    let manual = ManualClock::new();
    let Started { task, reader, writer, job: _job, .. } = Started::on(manual.clock());
    writer.fail("first");
    manual.advance(Duration::from_nanos(1));
    reader.fail("second");
    assert_eq!(error_of(&task).reason, "first");
}

#[test]
fn the_error_of_a_job_is_the_first_cause_over_tasks_and_groups() {
    let manual = ManualClock::new();
    let registry = Registry::builder().clock(manual.clock()).build();
    let job = registry.job("copy").unwrap();
    let places = [(0, 0), (0, 1), (1, 0), (1, 9)];
    let [first, second, third, fourth] = places.map(|(group, task)| start(&job, group, task));
    let shown = || {
        manual.advance(Duration::from_secs(1));
        job.snapshot().error().map(|error| error.reason.clone())
    };
    assert_eq!(shown(), None);
    first.1.fail(Gone);
    assert_eq!(shown().unwrap(), Gone.to_string());
    fourth.2.fail("the cause");
    assert_eq!(shown().unwrap(), "the cause");
    second.1.fail("later");
    third.1.fail(Gone);
    assert_eq!(shown().unwrap(), "the cause");
    let of_group = job.task_group(0).snapshot().communication().error.unwrap();
    assert_eq!(of_group.reason, "later", "the group has a first cause of its own");
    let report = job.fail("the job gave up");
    assert_eq!(report.error().unwrap().place, Some(Place::new(1, 9, Side::Writer)));
    assert_eq!(reasons_of_tasks(&[first.0, second.0, third.0, fourth.0]).len(), 4);
}

fn reasons_of_tasks(tasks: &[Task]) -> Vec<String> {
    tasks.iter().map(|task| error_of(task).reason).collect()
}
