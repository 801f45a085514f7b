//! Registry, job and sides may go in any order.

use super::{Started, panic_quietly, panics};
use flowmeter::{Amount, State};

#[test]
fn a_job_goes_on_without_its_registry() {
    let Started { registry, job, task, mut reader, mut writer } = Started::new();
    drop(registry);
    reader.read(5);
    reader.hand_on(1, 5, |_| Ok::<_, flowmeter::Gone>(())).unwrap();
    writer.received(1, 5);
    writer.committed(1, 5);
    reader.done().unwrap();
    writer.done();
    assert_eq!(task.state(), State::Succeeded);
    let report = job.finish();
    assert!(report.succeeded());
    assert_eq!(report.counters().writer.committed, Amount::new(1, 5));
}

#[test]
fn sides_go_on_without_their_job() {
    let Started { registry, job, task, mut reader, mut writer } = Started::new();
    drop(job);
    reader.read(5);
    reader.count("rows", 1);
    reader.message("hello", "nobody");
    writer.failed(1, 5, "no job");
    writer.wait_for_reader(|| ());
    assert!(reader.done().is_ok());
    drop(writer);
    assert_eq!(task.state(), State::Killed);
    assert_eq!(registry.collect().job("copy").unwrap().communication().custom.len(), 0);
}

#[test]
fn sides_go_on_without_registry_and_job() {
    let Started { registry, job, task, mut reader, mut writer } = Started::new();
    drop(registry);
    drop(job);
    reader.read(5);
    writer.received(1, 5);
    assert_eq!(task.snapshot().counters.reader.read, Amount::new(1, 5));
    drop(task);
    writer.done();
    drop(reader);
}

#[test]
fn a_panic_may_take_everything_at_once() {
    let Started { registry, job, task, reader, writer } = Started::new();
    let snapshots = registry.clone();
    panics(move || {
        let _all = (registry, job, reader, writer);
        panic_quietly();
    });
    let snapshot = snapshots.collect();
    let job = snapshot.job("copy").unwrap();
    // The job is dropped first, and kills its task.
    assert_eq!((job.state, task.state()), (State::Killed, State::Killed));
    assert!(job.error().unwrap().reason.contains("panic"));
}
