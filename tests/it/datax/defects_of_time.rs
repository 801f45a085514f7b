//! DataX's defects in speeds, percentages and waiting times. The numbers are those of `docs/datax.md`.

use super::{copy, done, millis, one_task, registry};
use flowmeter::{GroupSnapshot, JobReport, Registry, State};
use std::sync::mpsc::{channel, sync_channel};
use std::thread;
use std::time::{Duration, SystemTime};

/// The report of `records` records of 10 bytes, copied in the `time` after an earlier report.
fn report_after(time: Duration, records: u64) -> JobReport {
    let (clock, registry) = registry();
    let (_job, mut reader, mut writer) = one_task(&registry);
    registry.report();
    copy(&mut reader, &mut writer, records, 10 * records);
    clock.advance(time);
    registry.report().job("job").expect("it lives").clone()
}

#[test]
fn defect_16_a_job_never_shows_all_of_its_work_before_it_has_succeeded() {
    let (_clock, registry) = registry();
    let (job, reader, writer) = one_task(&registry);
    assert_eq!(job.snapshot().completion(), 0.0);
    done(reader, writer);
    assert_eq!(job.snapshot().completion(), 0.9999);
    assert_eq!(job.finish().completion(), 1.0);
}

#[test]
fn defect_17_a_job_without_tasks_has_a_percentage() {
    let (_clock, registry) = registry();
    let job = registry.job("empty").unwrap();
    let alive = JobReport::of_run(job.snapshot().into());
    assert!(alive.datax().to_string().ends_with("Percentage 0.00%"), "{}", alive.datax());
    let ended = job.finish();
    assert_eq!(ended.state(), State::Succeeded);
    assert!(ended.datax().to_string().ends_with("Percentage 100.00%"), "{}", ended.datax());
}

#[test]
fn defect_18_speeds_are_over_the_exact_time() {
    let speed = |time, records| report_after(time, records).read_speed().unwrap().records;
    assert_eq!(speed(millis(500), 1000), 2000.0);
    assert_eq!(speed(millis(1500), 1000), 1000.0 / 1.5);
    assert_eq!(speed(millis(1999), 1000), 1000.0 / 1.999);
    assert_eq!(speed(millis(10_999), 1000), 1000.0 / 10.999);
    assert_eq!(speed(millis(10_000), 9), 0.9);
}

#[test]
fn defect_18_the_line_cuts_off_what_is_left_of_an_exact_speed() {
    let line = |time, records| report_after(time, records).datax().to_string();
    let speed = line(millis(1500), 1000);
    assert!(speed.contains("| Speed 6.51KB/s, 666 records/s |"), "1,500 ms are not 1,000: {speed}");
    assert!(line(millis(10_000), 9).contains(", 0 records/s"));
}

#[test]
fn defect_18_no_time_has_no_speed() {
    let report = report_after(Duration::ZERO, 1000);
    assert_eq!(report.read_speed(), None);
    assert_eq!(report.write_speed(), None);
    assert!(report.datax().to_string().contains("| Speed 0B/s, 0 records/s |"));
    assert!(report.summary().to_string().contains("no time has passed"));
}

#[test]
fn defect_19_a_wall_clock_that_steps_back_changes_no_speed() {
    let (clock, registry) = registry();
    let (_job, mut reader, mut writer) = one_task(&registry);
    registry.report();
    copy(&mut reader, &mut writer, 1000, 1000);
    clock.advance(millis(4000));
    clock.set_wall(SystemTime::UNIX_EPOCH);
    let report = registry.report();
    assert_eq!(report.interval(), millis(4000));
    assert_eq!(report.job("job").unwrap().read_speed().unwrap().records, 250.0);
}

#[test]
fn defect_20_a_failed_job_has_the_speed_of_its_whole_run() {
    let (clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    copy(&mut reader, &mut writer, 1000, 1000);
    clock.advance(millis(10_000));
    let report = job.fail("the source is gone");
    assert!(report.datax().to_string().contains(", 100 records/s"), "{}", report.datax());
}

#[test]
fn defect_22_what_was_counted_is_in_the_next_report() {
    let (clock, registry) = registry();
    let (_job, mut reader, mut writer) = one_task(&registry);
    for records in [100, 0, 200] {
        registry.report();
        copy(&mut reader, &mut writer, records, records);
        clock.advance(millis(1000));
        let report = registry.report();
        let speed = report.job("job").unwrap().read_speed().unwrap();
        assert_eq!(speed.records, records as f64);
    }
}

#[test]
fn defect_23_a_short_job_has_the_speed_of_its_own_time() {
    let (clock, registry) = registry();
    let mut reports = registry.reports();
    let (job, mut reader, mut writer) = one_task(&registry);
    copy(&mut reader, &mut writer, 170, 170);
    clock.advance(millis(1200));
    done(reader, writer);
    job.finish();
    clock.advance(millis(8800));
    let report = reports.read();
    let job = report.job("job").unwrap();
    assert_eq!(job.elapsed(), millis(1200));
    assert_eq!(job.read_speed().unwrap().records, 170.0 / 1.2);
}

#[test]
fn defect_24_filtered_records_were_read_and_refused_ones_are_told_apart() {
    let (_clock, registry) = registry();
    let (job, mut reader, _writer) = one_task(&registry);
    reader.read_batch(6, 6);
    reader.unreadable(1, 1, "garbled");
    for row in 0..5 {
        reader.transform(1, || match row {
            0 => Ok(None),
            1 | 2 => Err("refused"),
            _ => Ok(Some(row)),
        });
    }
    let counters = job.snapshot().communication().counters.reader;
    assert_eq!(counters.read.records, 6);
    assert_eq!(counters.unreadable.records, 1);
    assert_eq!(counters.filtered.records, 1);
    assert_eq!(counters.refused.records, 2);
    assert_eq!(counters.transformed, 2);
}

#[test]
fn defect_24_a_transform_that_fails_or_filters_takes_time_too() {
    let (clock, registry) = registry();
    let (job, mut reader, _writer) = one_task(&registry);
    let outcomes = [Ok(None), Err("refused"), Ok(Some(()))];
    for outcome in outcomes {
        reader.transform(1, || {
            clock.advance(millis(100));
            outcome
        });
    }
    let counters = job.snapshot().communication().counters.reader;
    assert_eq!(counters.transform_time(), millis(300));
}

#[test]
fn defect_26_a_wait_that_goes_on_is_seen() {
    let (clock, registry) = registry();
    let (job, reader, mut writer) = one_task(&registry);
    let (_to_writer, rows) = sync_channel::<()>(1);
    let (started, has_started) = channel();
    let (release, released) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            writer.wait_for_reader(|| {
                started.send(()).expect("the test listens");
                let _ = released.recv();
            });
            drop(rows);
            writer.done();
        });
        has_started.recv().unwrap();
        clock.advance(millis(801));
        let waited = || job.snapshot().communication().counters.writer.waited_for_reader();
        assert_eq!(waited(), millis(801), "the reader side pushes nothing, and yet it shows");
        clock.advance(millis(1000));
        assert_eq!(waited(), millis(1801));
        drop(release);
    });
    reader.done().unwrap();
    let report = job.finish();
    assert_eq!(report.counters().writer.waited_for_reader(), millis(1801));
}

#[test]
fn defect_27_each_wait_is_under_the_name_of_whom_is_waited_for() {
    let (clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    reader.wait_for_writer(|| clock.advance(millis(3)));
    writer.wait_for_reader(|| clock.advance(millis(5)));
    let datax = job.snapshot().communication().datax();
    assert_eq!(datax.wait_writer_time, 3_000_000);
    assert_eq!(datax.wait_reader_time, 5_000_000);
}

#[test]
fn a_clock_of_another_registry_gives_speeds_of_whole_runs_only() {
    let (clock, registry) = registry();
    clock.advance(millis(5000));
    let (_job, mut reader, mut writer) = one_task(&registry);
    copy(&mut reader, &mut writer, 30, 30);
    clock.advance(millis(3000));
    let report = flowmeter::Report::between(&Registry::new().collect(), &registry.collect());
    assert_eq!(report.interval(), Duration::ZERO);
    assert_eq!(report.job("job").unwrap().read_speed().unwrap().records, 10.0);
}

#[test]
fn snapshots_in_the_wrong_order_have_no_speed() {
    let (clock, registry) = registry();
    let (_job, mut reader, mut writer) = one_task(&registry);
    let earlier = registry.collect();
    copy(&mut reader, &mut writer, 30, 30);
    clock.advance(millis(3000));
    let later = registry.collect();
    let report = flowmeter::Report::between(&later, &earlier);
    let job = report.job("job").unwrap();
    assert_eq!(report.interval(), Duration::ZERO);
    assert_eq!(job.read_speed(), None);
}

#[test]
fn counters_that_are_lower_than_before_give_the_speed_of_the_whole_run() {
    let (clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    copy(&mut reader, &mut writer, 40, 40);
    clock.advance(millis(4000));
    let now = job.snapshot();
    let mut earlier = now.clone();
    let mut task = now.groups[0].tasks()[0].clone();
    task.counters.reader.read.records = 100;
    earlier.groups[0] = GroupSnapshot::new(0, vec![task]);
    let report = JobReport::between(&earlier, now.into());
    assert_eq!(report.read_speed().unwrap().records, 10.0);
}
