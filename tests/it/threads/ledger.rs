//! The ledger of records: where each one is, at every moment, and when a job's counting is wrong.

use super::{BYTES, amounts, check_ledger, look_beside};
use crate::job::start;
use crossbeam_channel::bounded;
use flowmeter::{
    Amount, Counters, Gone, Job, JobSnapshot, ReaderSide, Registry, State, WriterSide,
};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// The seeds, one a task.
const SEEDS: [u64; 4] = [1, 22, 333, 4444];

/// Records that each task reads.
const RECORDS: u64 = 60_000;

/// The numbers of a seed: xorshift.
struct Pattern(u64);

impl Pattern {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn add(sum: &mut Amount, records: u64) {
    *sum = sum.plus(Amount::new(records, records * BYTES));
}

/// Reads, and loses, makes and hands on by the pattern; what it counted, counted by hand.
fn read(
    mut reader: ReaderSide,
    seed: u64,
    mut push: impl FnMut(&mut ReaderSide, u64) -> Result<(), Gone>,
) -> Counters {
    let (mut pattern, mut sums) = (Pattern(seed), Counters::default());
    let sum = &mut sums.reader;
    for _ in 0..RECORDS {
        reader.read(BYTES);
        add(&mut sum.read, 1);
        match pattern.below(16) {
            0 => {
                reader.unreadable(1, BYTES, "by the pattern");
                add(&mut sum.unreadable, 1);
                continue;
            }
            1 => {
                reader.filtered(1, BYTES);
                add(&mut sum.filtered, 1);
                continue;
            }
            2 => {
                let _ = reader.transform(BYTES, || Err::<Option<()>, _>("by the pattern"));
                add(&mut sum.refused, 1);
                continue;
            }
            _ => {}
        }
        let made = pattern.below(3);
        reader.made(made);
        sum.made += made;
        push(&mut reader, 1 + made).unwrap();
        add(&mut sum.handed_on, 1 + made);
    }
    reader.done().unwrap();
    sums
}

/// Receives, and skips, fails and commits in batches by the pattern; what it counted.
fn write(
    mut writer: WriterSide,
    seed: u64,
    mut pull: impl FnMut(&mut WriterSide) -> Option<u64>,
) -> Counters {
    let (mut pattern, mut sums) = (Pattern(seed), Counters::default());
    let sum = &mut sums.writer;
    let mut buffered = 0;
    while let Some(records) = pull(&mut writer) {
        add(&mut sum.received, records);
        buffered += records;
        match pattern.below(40) {
            0 => {
                writer.skipped(buffered, buffered * BYTES);
                add(&mut sum.skipped, buffered);
            }
            1 => {
                writer.failed(buffered, buffered * BYTES, "by the pattern");
                add(&mut sum.failed, buffered);
            }
            2..6 => {
                writer.committed(buffered, buffered * BYTES);
                add(&mut sum.committed, buffered);
            }
            _ => continue,
        }
        buffered = 0;
    }
    writer.committed(buffered, buffered * BYTES);
    add(&mut sum.committed, buffered);
    writer.done();
    sums
}

fn push_by_hand(reader: &mut ReaderSide, to: &SyncSender<u64>, records: u64) -> Result<(), Gone> {
    reader.hand_on(records, records * BYTES, |reader| {
        reader.wait_for_writer(|| to.send(records)).map_err(|_| Gone)
    })
}

fn pull_by_hand(writer: &mut WriterSide, from: &Receiver<u64>) -> Option<u64> {
    let records = writer.wait_for_reader(|| from.recv()).ok()?;
    writer.received(records, records * BYTES);
    Some(records)
}

/// Four tasks in two groups, eight threads; what they counted, by hand.
fn work(job: &Job) -> Counters {
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (n, seed) in (0..).zip(SEEDS) {
            let (_, reader, writer) = start(job, n % 2, n / 2);
            if n % 2 == 0 {
                let (to, from) = bounded(64);
                let push = move |reader: &mut ReaderSide, records| {
                    reader.send_batch(&to, records, records, records * BYTES)
                };
                let pull = move |writer: &mut WriterSide| {
                    writer.receive_batch(&from, |&records| (records, records * BYTES))
                };
                threads.push(scope.spawn(move || read(reader, seed, push)));
                threads.push(scope.spawn(move || write(writer, seed, pull)));
            } else {
                let (to, from) = sync_channel(64);
                let push =
                    move |reader: &mut ReaderSide, records| push_by_hand(reader, &to, records);
                let pull = move |writer: &mut WriterSide| pull_by_hand(writer, &from);
                threads.push(scope.spawn(move || read(reader, seed, push)));
                threads.push(scope.spawn(move || write(writer, seed, pull)));
            }
        }
        let mut sums = Counters::default();
        threads.into_iter().for_each(|thread| sums.merge(&thread.join().unwrap()));
        sums
    })
}

fn check_parts(job: &JobSnapshot) {
    check_ledger(&job.communication());
    for group in &job.groups {
        check_ledger(&group.communication());
        group.tasks().iter().for_each(|task| check_ledger(&task.communication()));
    }
}

/// What does not depend on how the threads raced.
fn without_times(mut counters: Counters) -> Counters {
    (counters.reader.transform_ns, counters.reader.waited_ns) = (0, 0);
    counters.writer.waited_ns = 0;
    counters
}

#[test]
fn no_record_is_ever_missing_or_too_many_while_eight_threads_count() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (mut before, mut moved) = (Counters::default(), 0_u64);
    let look = || {
        let snapshot = registry.collect();
        let job = snapshot.job("copy").unwrap();
        check_parts(job);
        let now = job.communication().counters;
        assert!(now.continues(&before), "{now:?} after {before:?}");
        moved += u64::from(now != before);
        before = now;
    };
    let counted = look_beside(look, || work(&job));
    assert!(moved > 20, "only {moved} snapshots that differ");

    let report = job.finish();
    assert_eq!(report.state(), State::Succeeded, "{:?}", report.error());
    check_parts(report.snapshot());
    let ledger = report.ledger();
    assert_eq!([ledger.in_hand, ledger.in_flight, ledger.buffered], [0; 3]);
    assert_eq!(without_times(*report.counters()), counted);
    assert_eq!(report.counters().reader.read.records, RECORDS * SEEDS.len() as u64);
    assert!(amounts(&counted).into_iter().all(|amount| amount.records > 0), "{counted:?}");
}

#[test]
fn a_job_that_commits_more_than_it_received_says_so_at_once_and_in_the_end() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (task, mut reader, mut writer) = start(&job, 0, 0);
    reader.read_batch(5, 50);
    reader.hand_on(5, 50, |_| Ok::<_, Gone>(())).unwrap();
    writer.received(5, 50);
    writer.committed(8, 80);
    let ledger = task.snapshot().communication().ledger();
    assert_eq!((ledger.buffered, ledger.discrepancy), (-3, 3));
    assert!(registry.report().job("copy").unwrap().summary().to_string().contains("DISCREPANCY"));
    reader.done().unwrap();
    writer.done();
    let report = job.finish();
    assert_eq!((report.ledger().discrepancy, report.ledger().balances()), (3, false));
    let summary = report.summary().to_string();
    assert!(summary.contains("DISCREPANCY") && summary.contains("by 3 records"), "{summary}");
}

#[test]
fn what_a_succeeded_task_has_left_is_a_discrepancy() {
    type Leaves = fn(&mut ReaderSide, &mut WriterSide);
    let leaves: [Leaves; 3] = [
        |reader, _| reader.read_batch(2, 20),
        |reader, _| {
            reader.read_batch(2, 20);
            reader.hand_on(2, 20, |_| Ok::<_, Gone>(())).unwrap();
        },
        |reader, writer| {
            reader.read_batch(2, 20);
            reader.hand_on(2, 20, |_| Ok::<_, Gone>(())).unwrap();
            writer.received(2, 20);
        },
    ];
    for leave in leaves {
        let registry = Registry::new();
        let job = registry.job("copy").unwrap();
        let (task, mut reader, mut writer) = start(&job, 0, 0);
        leave(&mut reader, &mut writer);
        assert_eq!(
            task.snapshot().communication().ledger().discrepancy,
            0,
            "it may still come to an end"
        );
        reader.done().unwrap();
        writer.done();
        let report = job.finish();
        assert_eq!(report.ledger().discrepancy, 2);
        assert!(report.summary().to_string().contains("DISCREPANCY"));
    }
}

#[test]
fn what_a_failed_task_has_left_is_abandoned_and_no_discrepancy() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (_, mut reader, mut writer) = start(&job, 0, 0);
    reader.read_batch(10, 100);
    reader.hand_on(6, 60, |_| Ok::<_, Gone>(())).unwrap();
    writer.received(3, 30);
    writer.committed(1, 10);
    writer.fail("disk full");
    reader.done().unwrap();
    let report = job.finish();
    let ledger = report.ledger();
    assert_eq!((ledger.abandoned, ledger.discrepancy), (4 + 3 + 2, 0));
    assert_eq!([ledger.in_hand, ledger.in_flight, ledger.buffered], [0; 3]);
    assert!(!report.summary().to_string().contains("DISCREPANCY"));
}
