//! Counts, ends and looks that race each other.

use super::{BYTES, check_ledger, check_whole, look_beside, work_until_looked};
use crate::job::start;
use crossbeam_channel::{TryRecvError, bounded};
use flowmeter::{Amount, Counters, Gone, ReaderSide, Registry, State, Task, WriterSide};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How often each of the eight threads counts.
const COUNTS: u64 = 1_000_000;

#[test]
fn eight_threads_that_count_millions_are_counted_exactly() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let together = &Barrier::new(8);
    thread::scope(|scope| {
        for n in 0..4 {
            let (_, mut reader, mut writer) = start(&job, n % 2, n);
            scope.spawn(move || {
                together.wait();
                for _ in 0..COUNTS {
                    reader.read(BYTES);
                    reader.count("rows", 1);
                    reader.hand_on(1, BYTES, |_| Ok::<_, Gone>(())).unwrap();
                }
                reader.done().unwrap();
            });
            scope.spawn(move || {
                together.wait();
                for _ in 0..COUNTS {
                    writer.received(1, BYTES);
                    writer.count("rows", 2);
                    writer.committed(1, BYTES);
                }
                writer.done();
            });
        }
    });
    let report = job.finish();
    let all = Amount::new(4 * COUNTS, 4 * COUNTS * BYTES);
    let Counters { reader, writer, .. } = *report.counters();
    assert_eq!([reader.read, reader.handed_on, writer.received, writer.committed], [all; 4]);
    assert_eq!(report.communication().custom["rows"], 12 * COUNTS);
    assert_eq!((report.state(), report.ledger().discrepancy), (State::Succeeded, 0));
}

#[test]
fn a_frozen_job_stays_as_it_is_while_its_sides_count_on() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (_, mut reader, mut writer) = start(&job, 0, 0);
    let (job_lives, job_ended) = bounded::<()>(0);
    thread::scope(|scope| {
        let until_killed = [
            scope.spawn({
                let ended = job_ended.clone();
                move || {
                    while ended.try_recv() != Err(TryRecvError::Disconnected) {
                        reader.read(BYTES);
                    }
                }
            }),
            scope.spawn(move || {
                while job_ended.try_recv() != Err(TryRecvError::Disconnected) {
                    writer.committed(1, BYTES);
                }
            }),
        ];
        while job.snapshot().communication().counters.reader.read.records < 1000 {}
        let report = job.kill("enough");
        for _ in 0..1000 {
            assert_eq!(registry.collect().job("copy"), Some(report.snapshot()));
        }
        check_whole(report.communication());
        drop(job_lives);
        until_killed.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(registry.collect().job("copy"), Some(report.snapshot()));
    });
}

/// One record, from its source to its target.
fn pass_one(reader: &mut ReaderSide, writer: &mut WriterSide) {
    reader.read(BYTES);
    reader.hand_on(1, BYTES, |_| Ok::<_, Gone>(())).unwrap();
    writer.received(1, BYTES);
    writer.committed(1, BYTES);
}

#[test]
fn no_record_seems_to_arrive_before_it_was_handed_on_however_fast_it_is() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (task, mut reader, mut writer) = start(&job, 0, 0);
    let look = || {
        check_ledger(&task.snapshot().communication());
        // Collections read in a way of their own.
        check_ledger(&registry.collect().job("copy").unwrap().communication());
    };
    work_until_looked(100_000, look, || {
        pass_one(&mut reader, &mut writer);
    });
}

/// Ends one task after the other by `end`, and beside it looks, without rest, at the one that is
/// about to end.
fn look_at_ends(end: fn(ReaderSide, WriterSide), mut look: impl FnMut(&Task) + Send) {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let started: Vec<_> = (0..30_000).map(|id| start(&job, 0, id)).collect();
    let tasks: Vec<_> = started.iter().map(|(task, ..)| task.clone()).collect();
    let at = &AtomicUsize::new(0);
    let look_at_next = || look(&tasks[at.load(Ordering::Relaxed)]);
    look_beside(look_at_next, || {
        for (n, (_, reader, writer)) in started.into_iter().enumerate() {
            at.store(n, Ordering::Relaxed);
            end(reader, writer);
        }
    });
    tasks.iter().for_each(look);
}

#[test]
fn a_failure_is_never_seen_without_its_reason_nor_success_before_it() {
    let end = |reader: ReaderSide, writer: WriterSide| {
        reader.done().unwrap();
        writer.fail("disk full");
    };
    look_at_ends(end, |task| {
        let seen = task.snapshot().communication();
        let expected = if seen.error.is_some() { State::Failed } else { State::Running };
        assert_eq!(seen.state(), Some(expected));
    });
}

#[test]
fn a_task_that_is_seen_succeeded_is_seen_with_all_that_it_counted() {
    let end = |mut reader: ReaderSide, mut writer: WriterSide| {
        for _ in 0..20 {
            pass_one(&mut reader, &mut writer);
        }
        reader.done().unwrap();
        writer.done();
    };
    look_at_ends(end, |task| {
        let seen = task.snapshot().communication();
        check_ledger(&seen);
        let committed = seen.counters.writer.committed.records;
        assert!(seen.state() != Some(State::Succeeded) || committed == 20, "{committed}");
    });
}

#[test]
fn each_task_that_a_collection_sees_succeeded_is_there_with_all_that_it_counted() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let started: Vec<_> = (0..3_000).map(|id| start(&job, 0, id)).collect();
    let look = || {
        for task in registry.collect().job("copy").unwrap().tasks() {
            let seen = task.communication();
            check_ledger(&seen);
            let committed = seen.counters.writer.committed.records;
            assert!(seen.state() != Some(State::Succeeded) || committed == 300, "{committed}");
        }
    };
    look_beside(look, || {
        for (_, mut reader, mut writer) in started {
            for _ in 0..300 {
                pass_one(&mut reader, &mut writer);
            }
            reader.done().unwrap();
            writer.done();
        }
    });
}

#[test]
fn whoever_registers_a_group_or_a_task_finds_it_in_the_next_collection() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    thread::scope(|scope| {
        for mine in 0..4 {
            let (registry, job) = (&registry, &job);
            scope.spawn(move || {
                for id in (mine..400).step_by(4) {
                    // New groups, and groups that others register at the same time.
                    let group = if id % 2 == 0 { id } else { id / 8 };
                    job.task_group(group).task(id);
                    let now = registry.collect();
                    let found = now.job("copy").unwrap().group(group).unwrap().task(id);
                    assert!(found.is_some(), "task {id} of group {group}");
                }
            });
        }
    });
    assert_eq!(job.snapshot().task_counts().total(), 400);
}
