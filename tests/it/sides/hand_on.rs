//! What is handed on is counted before it is pushed, and stays counted if the push fails.

use crate::job::{Started, error_of};
use flowmeter::{Amount, Gone, State};
use std::sync::mpsc::sync_channel;

#[test]
fn records_count_as_handed_on_before_they_are_pushed() {
    let mut started = Started::new();
    let task = started.task.clone();
    let handed_on = move || task.snapshot().counters.reader.handed_on;
    let in_push = started.reader.hand_on(3, 30, |_| Ok::<_, Gone>(handed_on())).unwrap();
    assert_eq!(in_push, Amount::new(3, 30));
}

#[test]
fn the_push_has_the_side_to_wait_and_to_count_with() {
    let mut started = Started::new();
    let pushed = started.reader.hand_on(1, 10, |reader| {
        reader.count("pushes", 1);
        reader.wait_for_writer(|| Ok::<_, Gone>("pushed"))
    });
    assert_eq!(pushed, Ok("pushed"));
    assert_eq!(started.now().custom["pushes"], 1);
}

#[test]
fn a_push_that_fails_gives_its_error_and_fails_the_attempt_of_a_side_that_is_done() {
    let Started { task, mut reader, registry: _registry, job: _job, writer: _writer } =
        Started::new();
    assert_eq!(reader.hand_on(3, 30, |_| Err::<(), _>("queue full")), Err("queue full"));
    assert_eq!(reader.hand_on(2, 20, |_| Err::<(), _>("still full")), Err("still full"));
    reader.hand_on(1, 10, |_| Ok::<_, &str>(())).unwrap();
    assert_eq!(task.snapshot().counters.reader.handed_on, Amount::new(6, 60));
    assert_eq!(task.state(), State::Running);

    let error = reader.done().unwrap_err();
    assert_eq!(error.records, 5);
    assert_eq!(task.state(), State::Failed);
    let shown = error_of(&task);
    assert_eq!(shown.reason, error.to_string());
    assert!(!shown.consequence, "nobody said that the other side was gone");
}

#[test]
fn end_with_ok_after_a_failed_push_fails_the_attempt_too() {
    let Started { task, mut reader, registry: _registry, job: _job, writer: _writer } =
        Started::new();
    reader.hand_on(3, 30, |_| Err::<(), _>("queue full")).unwrap_err();
    reader.end(Ok::<(), String>(()));
    assert_eq!(task.state(), State::Failed);
    assert!(error_of(&task).reason.contains('3'));
}

#[test]
fn a_push_of_nothing_that_fails_leaves_no_record_behind() {
    let Started { mut reader, registry: _registry, job: _job, writer: _writer, .. } =
        Started::new();
    assert_eq!(reader.hand_on(0, 0, |_| Err::<(), _>("no end marker")), Err("no end marker"));
    assert_eq!(reader.done(), Ok(()));
}

#[test]
fn a_push_that_is_tried_again_inside_the_closure_counts_once() {
    let Started { task, mut reader, registry: _registry, job: _job, writer: _writer } =
        Started::new();
    let mut tries = 0;
    let pushed = reader.hand_on(3, 30, |_| {
        while tries < 4 {
            tries += 1;
        }
        Ok::<_, Gone>(tries)
    });
    assert_eq!(pushed, Ok(4));
    assert_eq!(task.snapshot().counters.reader.handed_on, Amount::new(3, 30));
    assert_eq!(reader.done(), Ok(()));
}

#[test]
fn a_send_without_a_receiver_is_gone_and_its_record_stays_handed_on() {
    let Started { task, mut reader, registry: _registry, job: _job, writer: _writer } =
        Started::new();
    let (sender, receiver) = sync_channel(1);
    drop(receiver);
    assert_eq!(reader.send(&sender, "row", 3), Err(Gone));
    assert_eq!(task.snapshot().counters.reader.handed_on, Amount::new(1, 3));
    assert_eq!(reader.done().unwrap_err().records, 1);
    assert_eq!(task.state(), State::Failed);
    assert!(error_of(&task).consequence, "the channel was closed by somebody else");
}
