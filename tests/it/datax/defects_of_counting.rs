//! DataX's defects in what is counted, merged and blamed. The numbers are those of `docs/datax.md`.

use super::{copy, done, one_task, registry};
use flowmeter::{Communication, Failure, Registry, Report, ReportError, Reporter, Stamp, State};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

fn communication_of(state: State) -> Communication {
    Communication::of_task(state, Default::default())
}

#[test]
fn defect_01_merging_adds_the_other_value_and_not_its_own_twice() {
    let with = |n: u64| {
        let mut communication = communication_of(State::Running);
        communication.custom.insert(Arc::from("pages"), n);
        communication.counters.reader.read.records = n;
        communication
    };
    let mut whole = with(3);
    whole.merge(&with(10));
    assert_eq!(whole.custom["pages"], 13);
    assert_eq!(whole.counters.reader.read.records, 13);
    whole.merge(&with(u64::MAX));
    assert_eq!(whole.counters.reader.read.records, u64::MAX, "it stops, and does not start over");
}

#[test]
fn defect_02_five_finished_groups_are_one_hundred_percent_and_not_sixteen_times_that() {
    let (_clock, registry) = registry();
    let job = registry.job("job").unwrap();
    for group in 0..5 {
        let (reader, writer) = job.task_group(group).task(0).start().unwrap();
        done(reader, writer);
    }
    let report = job.finish();
    assert_eq!(report.completion(), 1.0);
    assert_eq!(report.datax().percentage, 1.0);
}

#[test]
fn defect_03_what_merges_holds_no_derived_number() {
    let json = serde_json::to_value(communication_of(State::Succeeded)).unwrap();
    let text = json.to_string();
    for derived in ["percentage", "peed", "\"in_hand", "\"in_flight", "\"buffered", "atio"] {
        assert!(!text.contains(derived), "`{derived}` in {text}");
    }
}

#[test]
fn defect_04_an_end_marker_is_not_a_record() {
    let (_clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    let (to_writer, rows) = sync_channel::<Option<&str>>(10);
    for row in ["a", "b", "c"] {
        reader.read(1);
        reader.send(&to_writer, Some(row), 1).unwrap();
    }
    reader.send_batch(&to_writer, None, 0, 0).unwrap();
    while let Some(row) = writer.receive_batch(&rows, |row| (row.iter().count() as u64, 1)) {
        let Some(_row) = row else { break };
        writer.committed(1, 1);
    }
    done(reader, writer);
    let datax = job.finish().communication().datax();
    assert_eq!(datax.write_received_records, 3);
    assert_eq!(datax.write_succeed_records, datax.read_succeed_records);
}

#[test]
fn defect_05_two_jobs_in_one_process_share_nothing() {
    let (_clock, registry) = registry();
    let other_registry = Registry::new();
    let jobs = [
        registry.job("one").unwrap(),
        registry.job("two").unwrap(),
        other_registry.job("one").unwrap(),
    ];
    for (n, job) in (1..).zip(&jobs) {
        let (mut reader, mut writer) = job.task_group(0).task(0).start().unwrap();
        copy(&mut reader, &mut writer, n, n);
        if n == 2 {
            reader.fail("only in the second");
        }
    }
    let [one, two, other] = jobs.map(flowmeter::Job::finish);
    let read = |report: &flowmeter::JobReport| report.counters().reader.read.records;
    assert_eq!([read(&one), read(&two), read(&other)], [1, 2, 3]);
    let blamed = "group 0, task 0, reader side: only in the second";
    assert_eq!(two.error().unwrap().to_string(), blamed);
    assert!(!one.datax().error_message.contains("second"));
    assert!(!other.datax().error_message.contains("second"));
}

#[test]
fn defect_07_a_reader_that_fails_after_its_writer_was_done_fails_the_task() {
    let (_clock, registry) = registry();
    let (job, reader, writer) = one_task(&registry);
    writer.done();
    reader.fail("closing the source");
    let report = job.finish();
    assert_eq!(report.state(), State::Failed);
    assert!(report.datax().error_message.ends_with("closing the source"));
}

#[test]
fn defect_09_a_failed_task_is_not_a_finished_stage() {
    let (_clock, registry) = registry();
    let (job, reader, writer) = one_task(&registry);
    reader.fail("broken");
    writer.done();
    let report = job.finish();
    assert_eq!(report.datax().stage, 0);
    assert_eq!(report.completion(), 0.0);
}

#[test]
fn defect_10_whoever_sees_a_failure_sees_its_cause() {
    for _ in 0..200 {
        let (_clock, registry) = registry();
        let (job, reader, writer) = one_task(&registry);
        thread::scope(|scope| {
            scope.spawn(move || {
                writer.fail("disk full");
                reader.fail("disk full");
            });
            loop {
                let job = job.snapshot();
                assert_eq!(job.state == State::Failed, job.error().is_some());
                if job.state == State::Failed {
                    break;
                }
            }
        });
    }
}

#[test]
fn defect_11_a_task_whose_thread_dies_is_failed_and_not_running_for_ever() {
    let (_clock, registry) = registry();
    let (job, reader, writer) = one_task(&registry);
    let died = thread::spawn(move || {
        let _sides = (reader, writer);
        std::panic::resume_unwind(Box::new("out of memory"));
    });
    assert!(died.join().is_err());
    assert_eq!(job.snapshot().state, State::Failed);
    let message = job.finish().datax().error_message;
    assert!(message.ends_with("dropped by a panic before done(), fail() or end()"), "{message}");
}

#[test]
fn defect_13_a_record_in_error_is_counted_even_if_nothing_is_known_of_it() {
    let (_clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    reader.unreadable(1, 0, "");
    writer.failed(1, 0, "");
    assert_eq!(job.snapshot().communication().datax().total_error_records, 2);
}

#[test]
fn defect_25_what_waits_in_the_writer_is_not_written() {
    let (_clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    reader.read_batch(10, 10);
    let _: Result<(), ()> = reader.hand_on(10, 10, |_| Ok(()));
    writer.received(10, 10);
    writer.committed(4, 4);
    let communication = job.snapshot().communication();
    assert_eq!(communication.datax().write_succeed_records, 4);
    assert_eq!(communication.ledger().buffered, 6);
}

#[test]
fn defect_28_bytes_are_those_that_the_job_gives() {
    let (_clock, registry) = registry();
    let (job, mut reader, _writer) = one_task(&registry);
    let row = "数据";
    reader.read(row.len() as u64);
    assert_eq!(job.snapshot().communication().counters.reader.read.bytes, 6, "UTF-8, not UTF-16");
}

#[test]
fn defect_29_records_and_bytes_are_of_one_instant() {
    let registry = Registry::new();
    let (job, mut reader, _writer) = one_task(&registry);
    thread::scope(|scope| {
        let counting = scope.spawn(move || {
            for _ in 0..300_000 {
                reader.read(7);
            }
            reader
        });
        while !counting.is_finished() {
            let read = job.snapshot().communication().counters.reader.read;
            assert_eq!(read.bytes, read.records * 7);
        }
    });
}

#[test]
fn defect_30_no_message_is_lost_or_torn() {
    let (_clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    thread::scope(|scope| {
        scope.spawn(|| (0..1000).for_each(|n| reader.message("read", n)));
        scope.spawn(|| (0..1000).for_each(|n| writer.message("write", n)));
        loop {
            let messages = job.snapshot().communication().messages;
            assert!(messages.iter().all(|m| m.key == "read" || m.key == "write"));
            if messages.total() == 2000 {
                break;
            }
        }
    });
}

#[test]
fn defect_31_the_cause_is_the_earliest_one_wherever_it_is() {
    let (clock, registry) = registry();
    let job = registry.job("job").unwrap();
    let [first, second] = [0, 1].map(|id| job.task_group(id).task(0).start().unwrap());
    second.1.fail("the root");
    clock.advance(std::time::Duration::from_millis(1));
    first.1.fail("later, and with a lower id");
    let report = job.finish();
    assert_eq!(report.error().unwrap().reason, "the root");
}

#[test]
fn defect_32_killed_and_waiting_are_states_of_their_own() {
    let (_clock, registry) = registry();
    let job = registry.job("job").unwrap();
    let _queued = job.task_group(0).task(0);
    assert_eq!(job.snapshot().state, State::Waiting);
    let report = job.kill("enough");
    assert_eq!(report.state(), State::Killed);
    assert_eq!(report.communication().tasks.killed, 1);
    let mut both = communication_of(State::Killed);
    both.merge(&communication_of(State::Killed));
    assert_eq!(both.state(), Some(State::Killed));
    assert_eq!(both.tasks.datax_state(), State::Failed, "the fold of DataX is there beside it");
}

#[test]
fn defect_44_a_reporter_that_fails_changes_nothing_in_the_job() {
    struct Broken;
    impl Reporter for Broken {
        fn report(&mut self, _: &Report) -> Result<(), ReportError> {
            Err("no".into())
        }
    }
    let (_clock, registry) = registry();
    let (job, reader, writer) = one_task(&registry);
    done(reader, writer);
    job.finish();
    let report = registry.report();
    assert!(Broken.report(&report).is_err());
    assert_eq!(registry.collect().job("job").unwrap().state, State::Succeeded);
}

#[test]
fn an_empty_set_is_not_a_succeeded_one() {
    assert_eq!(Communication::default().state(), None);
    assert_eq!(communication_of(State::Succeeded).state(), Some(State::Succeeded));
}

#[test]
fn a_consequence_is_never_the_cause_even_if_it_came_first() {
    let cause = Failure::cause(Stamp::default(), None, "disk full");
    let mut earlier = communication_of(State::Failed);
    earlier.error = Some(Failure::cause(Stamp::default(), None, "gone").as_consequence());
    let mut later = communication_of(State::Failed);
    later.error = Some(cause.clone());
    earlier.merge(&later);
    assert_eq!(earlier.error, Some(cause));
}
