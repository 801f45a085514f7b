//! What is counted in one registry, or in one job, is never seen in another.

use flowmeter::{Amount, Job, Registry, Report};
use proptest::collection::vec;
use proptest::prelude::*;

/// Reads `records` records in task 1 of group 1, and leaves its sides alive.
fn read(job: &Job, records: u64) -> impl Sized + use<> {
    let mut sides = job.task_group(1).task(1).start().unwrap();
    sides.0.read_batch(records, 10 * records);
    sides
}

fn read_records(report: &Report, job: &str) -> Option<u64> {
    Some(report.job(job)?.counters().reader.read.records)
}

proptest! {
    #[test]
    fn two_registries_count_apart_under_the_same_names(
        adds in vec((any::<bool>(), 0..3_usize, 0..100_u32), 0..40),
    ) {
        let registries = [Registry::new(), Registry::new()];
        let names = ["rows", "bytes", "files"];
        let mut expected = [[None; 3]; 2];
        for (second, name, n) in adds {
            let registry = usize::from(second);
            registries[registry].counter(names[name]).unwrap().add(n.into());
            let total = &mut expected[registry][name];
            *total = Some(total.unwrap_or(0) + u64::from(n));
        }
        for (registry, expected) in registries.iter().zip(expected) {
            let snapshot = registry.collect();
            prop_assert_eq!(names.map(|name| snapshot.counter(name)), expected);
        }
    }

    #[test]
    fn two_jobs_of_one_registry_count_apart_in_groups_and_tasks_of_the_same_ids(
        counts in vec(0..1_000_000_u64, 1..6),
    ) {
        let registry = Registry::new();
        let names: Vec<_> = (0..counts.len()).map(|i| format!("job {i}")).collect();
        let jobs: Vec<_> = names.iter().map(|name| registry.job(name).unwrap()).collect();
        let sides: Vec<_> = jobs.iter().zip(&counts).map(|(job, n)| read(job, *n)).collect();
        let snapshot = registry.collect();
        for (name, n) in names.iter().zip(&counts) {
            let counters = snapshot.job(name).unwrap().communication().counters;
            prop_assert_eq!(counters.reader.read, Amount::new(*n, 10 * n));
        }
        drop((sides, jobs));
    }
}

#[test]
fn a_gauge_of_one_registry_is_no_obstacle_to_a_counter_of_another() {
    let [one, other] = [Registry::new(), Registry::new()];
    one.gauge("rows").unwrap().set(1.0);
    other.counter("rows").unwrap().inc();
    assert_eq!((one.collect().gauge("rows"), other.collect().gauge("rows")), (Some(1.0), None));
}

#[test]
fn a_job_of_one_registry_is_in_no_report_of_another() {
    let [one, other] = [Registry::new(), Registry::new()];
    let mut cursors = [one.reports(), other.reports()];
    let (job, namesake) = (one.job("etl").unwrap(), other.job("etl").unwrap());
    let sides = (read(&job, 3), read(&namesake, 5));
    assert_eq!(cursors.each_mut().map(|c| read_records(&c.read(), "etl")), [Some(3), Some(5)]);
    job.finish();
    let reports = cursors.each_mut().map(flowmeter::Reports::read);
    let ended = |report: &Report| report.job("etl").unwrap().snapshot().ended.is_some();
    assert_eq!([ended(&reports[0]), ended(&reports[1])], [true, false]);
    let own_reports = [one.report(), other.report()];
    assert_eq!([ended(&own_reports[0]), ended(&own_reports[1])], [true, false]);
    assert!(cursors[0].read().jobs().is_empty());
    assert_eq!(read_records(&cursors[1].read(), "etl"), Some(5));
    assert!(!own_reports[0].snapshot().is_of_same_registries(own_reports[1].snapshot()));
    drop((sides, namesake));
}

#[test]
fn what_one_run_counted_is_not_counted_in_the_next_run_of_its_name() {
    let registry = Registry::new();
    let mut reports = registry.reports();
    let first = registry.job("etl").unwrap();
    let sides = read(&first, 3);
    first.finish();
    let second = registry.job("etl").unwrap();
    let more_sides = read(&second, 5);
    let counted: Vec<_> =
        reports.read().jobs().iter().map(|job| job.counters().reader.read.records).collect();
    assert_eq!(counted, [3, 5]);
    drop((sides, more_sides, second));
}
