//! The points of jobs, of their task groups, and of their tasks.

use super::{lines, points, registry, shown};
use flowmeter::{Job, ManualClock, Point, Points, Registry};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The values by name, of the points with just these tags behind the bare one.
fn values<'a>(all: &'a [Point], tags: &[&str]) -> BTreeMap<&'a str, String> {
    let same = all.iter().filter(|point| point.tag[1..] == *tags);
    same.map(|point| (&*point.metric, point.value.to_string())).collect()
}

/// A job of two groups, in which every counter has a value of its own.
fn copy(clock: &ManualClock, registry: &Registry) -> Job {
    let job = registry.job("copy").unwrap();
    let (mut reader, mut writer) = job.task_group(1).task(2).start().unwrap();
    reader.read_batch(1000, 10_000);
    reader.made(7);
    reader.unreadable(2, 21, "");
    reader.filtered(3, 31);
    reader.refused(4, 41, "");
    reader.transformed(5);
    reader.hand_on(900, 9_000, |_| Ok::<(), ()>(())).unwrap();
    reader.wait_for_writer(|| clock.advance(Duration::from_nanos(1_500)));
    reader.count("pages\"", 11);
    writer.received(800, 8_000);
    writer.skipped(6, 61);
    writer.failed(8, 81, "");
    writer.committed(700, 7_000);
    writer.wait_for_reader(|| clock.advance(Duration::from_nanos(998_500)));
    writer.count("pages\"", 1);
    clock.advance(Duration::from_millis(1_999));
    reader.done().unwrap();
    writer.done();
    let (mut reader, writer) = job.task_group(3).task(0).start().unwrap();
    reader.read_batch(1, 1);
    writer.fail("disk full");
    job
}

#[test]
fn a_level_has_every_counter_and_the_ledger() {
    let clock = ManualClock::new();
    let registry = registry(&clock).build();
    let _job = copy(&clock, &registry);
    let all = points(&mut Points::new(), &registry.report());
    let figures = [
        ("read.records", "1000"),
        ("read.bytes", "10000"),
        ("unreadable.records", "2"),
        ("unreadable.bytes", "21"),
        ("filtered.records", "3"),
        ("filtered.bytes", "31"),
        ("refused.records", "4"),
        ("refused.bytes", "41"),
        ("handed_on.records", "900"),
        ("handed_on.bytes", "9000"),
        ("made.records", "7"),
        ("transformed.records", "5"),
        ("transform_time", "0"),
        ("waited_for_writer", "1500"),
        ("received.records", "800"),
        ("received.bytes", "8000"),
        ("skipped.records", "6"),
        ("skipped.bytes", "61"),
        ("failed.records", "8"),
        ("failed.bytes", "81"),
        ("committed.records", "700"),
        ("committed.bytes", "7000"),
        ("waited_for_reader", "998500"),
        ("in_hand.records", "98"),
        ("in_flight.records", "100"),
        ("buffered.records", "86"),
        ("abandoned.records", "0"),
        // A task that succeeded should have no remainder.
        ("discrepancy.records", "284"),
        ("stale_tasks", "0"),
        ("custom_overflow", "0"),
        ("state", "70"),
    ];
    let group = values(&all, &["job=copy", "group=1"]);
    let expected = figures.map(|(name, value)| (format!("group.{name}"), value.to_owned()));
    let found = group.into_iter().map(|(name, value)| (name.to_owned(), value));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));
}

#[test]
fn a_job_has_also_its_speeds_and_how_far_it_is() {
    let clock = ManualClock::new();
    let registry = registry(&clock).build();
    let _job = copy(&clock, &registry);
    let job = values(&points(&mut Points::new(), &registry.report()), &["job=copy"])
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<BTreeMap<_, _>>();
    assert_eq!(job["job.read.records"], "1001");
    assert_eq!(job["job.read.records_per_second"], "500.5");
    assert_eq!(job["job.read.bytes_per_second"], "5000.5");
    assert_eq!(job["job.committed.records_per_second"], "350");
    assert_eq!(job["job.committed.bytes_per_second"], "3500");
    assert_eq!((&*job["job.completion"], &*job["job.state"]), ("0.5", "60"));
    assert_eq!(job["job.abandoned.records"], "1");
}

#[test]
fn a_custom_counter_is_a_point_with_its_name_as_tag() {
    let clock = ManualClock::new();
    let registry = registry(&clock).build();
    let _job = copy(&clock, &registry);
    let report = registry.report();
    let all = shown(&points(&mut Points::new().with_tasks(), &report));
    let tags = ["job=copy", "job=copy group=1", "job=copy group=1 task=2"];
    for (level, tags) in ["job", "group", "task"].into_iter().zip(tags) {
        let point = format!("{level}.custom [t {tags} counter=pages\"] 12");
        assert!(all.contains(&point), "{point}: {all:#?}");
    }
    let line = r#""tag":["t","job=copy","counter=pages\""],"value":12"#;
    assert!(lines(&mut Points::new(), &report).iter().any(|found| found.contains(line)));
}

#[test]
fn tasks_have_points_only_if_they_are_asked_for() {
    let clock = ManualClock::new();
    let registry = registry(&clock).build();
    let _job = copy(&clock, &registry);
    let report = registry.report();
    let levels = |all: &[Point]| -> BTreeSet<String> {
        all.iter().map(|point| point.metric.split('.').next().unwrap().to_owned()).collect()
    };
    let without = points(&mut Points::new(), &report);
    assert_eq!(levels(&without), BTreeSet::from(["group", "job"].map(str::to_owned)));
    let with = points(&mut Points::new().with_tasks(), &report);
    assert_eq!(levels(&with), BTreeSet::from(["group", "job", "task"].map(str::to_owned)));
    let task = values(&with, &["job=copy", "group=3", "task=0"]);
    assert_eq!((&*task["task.read.records"], &*task["task.state"]), ("1", "60"));
    assert_eq!(lines(&mut Points::new().with_tasks(), &report), to_lines(&with));
    assert_eq!(lines(&mut Points::new(), &report), to_lines(&without));
}

fn to_lines(points: &[Point]) -> Vec<String> {
    points.iter().map(Point::to_line).collect()
}

#[test]
fn a_job_that_has_ended_has_its_points_in_one_report() {
    let registry = registry(&ManualClock::new()).build();
    let mut writer = Points::new();
    registry.job("copy").unwrap().finish();
    let first = points(&mut writer, &registry.report());
    let job = values(&first, &["job=copy"]);
    assert_eq!((&*job["job.state"], &*job["job.completion"]), ("70", "1"));
    // No time has passed.
    assert_eq!(job.get("job.read.records_per_second"), None);
    assert!(points(&mut writer, &registry.report()).is_empty());
}

#[test]
fn of_several_runs_of_a_job_all_but_the_newest_bear_their_number() {
    let registry = registry(&ManualClock::new()).build();
    registry.job("copy").unwrap().finish();
    registry.job("other").unwrap().finish();
    registry.job("copy").unwrap().fail("");
    let _third = registry.job("copy").unwrap();
    let report = registry.report();
    let all = points(&mut Points::new().with_tasks(), &report);
    let states = all.iter().filter(|point| point.metric == "job.state").cloned();
    let states: Vec<_> = states.collect();
    let expected = [
        "job.state [t job=copy run=1] 70",
        "job.state [t job=copy run=3] 60",
        "job.state [t job=copy] 10",
        "job.state [t job=other] 70",
    ];
    assert_eq!(shown(&states), expected);
    let apart: BTreeSet<_> = all.iter().map(|point| (&point.metric, &point.tag)).collect();
    assert_eq!(apart.len(), all.len());
}
