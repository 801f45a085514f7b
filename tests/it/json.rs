//! The JSON of a report and of a snapshot: every field is in the document, and is what the document says.

use flowmeter::{
    Buckets, GaugeMerge, GroupSnapshot, JobReport, ManualClock, Registry, Snapshot, TaskSnapshot,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// A report in which every field that there can be is filled.
fn report() -> Value {
    serde_json::from_str(&filled(&ManualClock::new()).report().to_json()).unwrap()
}

/// A registry with a series of every kind and a job that has failed, after 1.5 s.
fn filled(clock: &ManualClock) -> Registry {
    let registry = Registry::builder().clock(clock.clock()).build();
    registry.counter_with("rows", &[("table", "flights")]).unwrap().add(3);
    registry.metric("level").unit("metres").help("Of the lake").gauge().unwrap().set(f64::INFINITY);
    registry.histogram("sizes").unwrap().record_n(3, 4);
    registry.meter("pages").unwrap().mark(3);
    registry.timer("load").unwrap().record(Duration::from_millis(2));
    registry.health("db", || Err::<(), _>("no answer")).unwrap().keep();
    registry.health("disk", || Ok::<(), String>(())).unwrap().keep();
    let job = registry.job("copy").unwrap();
    let (mut reader, writer) = job.task_group(1).task(2).named("orders").start().unwrap();
    reader.read(10);
    reader.message("size", "large");
    reader.refused(1, 10, "no date");
    reader.count("pages", 1);
    writer.fail("disk full");
    clock.advance(Duration::from_millis(1500));
    registry
}

/// The names of all fields, at every depth, but for those of objects whose names are data.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                names.insert(name.clone());
                if !["labels", "custom", "datax"].contains(&name.as_str()) {
                    fields(value, names);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, names)),
        _ => {}
    }
}

#[test]
fn every_field_is_in_the_document() {
    let document = include_str!("../../docs/json.md");
    let mut names = BTreeSet::new();
    fields(&report(), &mut names);
    for name in names {
        assert!(document.contains(&format!("`{name}`")), "docs/json.md does not have `{name}`");
    }
}

/// A snapshot of two registries in which every field that there can be is filled.
fn merged() -> Snapshot {
    let clock = ManualClock::new();
    let filled = filled(&clock);
    let other = Registry::builder().clock(clock.clock()).build();
    filled.metric("peak").help("Of the day").merge(GaugeMerge::Max).gauge().unwrap().set(1.0);
    filled
        .metric("above")
        .buckets(Buckets::new(2, 1..=10).unwrap())
        .histogram()
        .unwrap()
        .record(11);
    let mut all = filled.collect();
    all.merge(&other.collect()).unwrap();
    all
}

#[test]
fn every_field_of_a_snapshot_is_in_its_part_of_the_document() {
    let document = include_str!("../../docs/json.md");
    // Its counters and failures are those of every level of a report.
    let (_, part) = document.split_once("\n## Every level\n").unwrap();
    let mut names = BTreeSet::new();
    fields(&serde_json::from_str(&merged().to_json()).unwrap(), &mut names);
    for name in ["registered", "origin", "unhealthy", "own_failure", "merge", "kept", "above"] {
        assert!(names.contains(name), "the snapshot has no `{name}`");
    }
    for name in names {
        assert!(part.contains(&format!("`{name}`")), "docs/json.md does not have `{name}`");
    }
}

#[test]
fn a_report_has_everything_at_every_level() {
    let report = report();
    let job = &report["jobs"][0];
    let task = &job["groups"][0]["tasks"][0];
    assert_eq!(report["interval_seconds"], 1.5);
    assert_eq!(job["elapsed_seconds"], 1.5);
    assert_eq!(job["read_speed"]["records"], 1.0 / 1.5);
    assert_eq!(job["groups"][0]["id"], 1);
    assert_eq!((&task["id"], &task["name"]), (&2.into(), &"orders".into()));
    for level in [job, &job["groups"][0], task] {
        assert_eq!((&level["state"], &level["state_code"]), (&"failed".into(), &60.into()));
        assert_eq!(level["counters"]["reader"]["refused"]["bytes"], 10);
        assert_eq!(level["custom"]["pages"], 1);
        let error = &level["error"];
        assert_eq!(error["text"], "group 1, task 2 (orders), writer side: disk full");
        assert_eq!(
            (&error["place"]["side"], &error["place"]["name"]),
            (&"writer".into(), &"orders".into())
        );
        assert_eq!(error["at"]["utc"], "2000-01-01T00:00:00Z");
    }
    assert_eq!(job["datax"]["totalErrorRecords"], 1);
    assert_eq!(job["samples"]["first"][0]["text"], "no date");
    assert_eq!(job["messages"]["first"][0]["at"]["unix_ms"], 946_684_800_000_u64);
}

fn series<'a>(report: &'a Value, name: &str) -> &'a Value {
    let all = report["series"].as_array().unwrap();
    all.iter().find(|series| series["name"] == name).unwrap()
}

#[test]
fn every_kind_of_series_has_its_numbers_and_what_is_recent() {
    let report = report();
    let sizes = json!({
        "count": 4, "sum": 12, "min": 3, "max": 3, "mean": 3.0, "p50": 3, "p90": 3, "p99": 3,
        "above": 0,
    });
    assert_eq!(series(&report, "sizes")["histogram"], sizes);
    assert_eq!(series(&report, "sizes")["recent"], sizes);
    assert_eq!(series(&report, "sizes")["increase"], 4);
    assert_eq!(series(&report, "pages")["meter"]["total"], 3);
    assert_eq!(series(&report, "pages")["meter"]["rate_mean"], 2.0);
    let load = &series(&report, "load")["timer"];
    assert_eq!((&load["sum"], &load["rate_mean"]), (&2_000_000.into(), &(1.0 / 1.5).into()));
    let db = json!({"healthy": false, "reason": "no answer"});
    assert_eq!(series(&report, "db")["health"], db);
    assert_eq!(series(&report, "disk")["health"], json!({"healthy": true, "reason": null}));
    assert_eq!(series(&report, "disk").get("restarted"), None);
}

#[test]
fn series_have_their_labels_and_what_is_not_finite_is_a_text() {
    let report = report();
    let (level, rows) = (series(&report, "level"), series(&report, "rows"));
    assert_eq!((&level["unit"], &level["help"]), (&"metres".into(), &"Of the lake".into()));
    assert_eq!((rows.get("unit"), rows.get("help")), (None, None));
    assert_eq!(level["gauge"], "f64:7ff0000000000000");
    assert_eq!(level.get("restarted"), None);
    assert_eq!((&rows["counter"], &rows["increase"]), (&3.into(), &3.into()));
    assert_eq!(rows["labels"]["table"], "flights");
}

#[test]
fn what_is_stale_says_how_old_it_is() {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    let job = registry.job("copy").unwrap();
    let _sides = job.task_group(0).task(0).start().unwrap();
    clock.advance(Duration::from_secs(3));
    let fresh = registry.report();
    let json: Value = serde_json::from_str(&fresh.to_json()).unwrap();
    assert_eq!(json["jobs"][0]["oldest"], json["taken"]);
    assert!(!fresh.jobs()[0].summary().to_string().contains("stale"));

    let mut stale = job.snapshot();
    let mut said = stale.groups[0].tasks()[0].communication();
    said.stale = 1;
    stale.groups[0] = GroupSnapshot::new(0, vec![TaskSnapshot::new(0, None, said)]);
    clock.advance(Duration::from_secs(2));
    stale.at = clock.clock().stamp();
    let summary = JobReport::of_run(stale.into()).summary().to_string();
    assert!(
        summary.contains("stale         1 tasks as they were when last read, up to 2.000s ago"),
        "{summary}"
    );
}
