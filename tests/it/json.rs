//! The JSON of a report: every field is in its document, and is what the document says.

use flowmeter::{JobReport, ManualClock, Registry};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// A report in which every field that there can be is filled.
fn report() -> Value {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    registry.counter_with("rows", &[("table", "flights")]).unwrap().add(3);
    registry.gauge("level").unwrap().set(f64::INFINITY);
    let job = registry.job("copy").unwrap();
    let (mut reader, writer) = job.task_group(1).task(2).named("orders").start().unwrap();
    reader.read(10);
    reader.message("size", "large");
    reader.refused(1, 10, "no date");
    reader.count("pages", 1);
    writer.fail("disk full");
    clock.advance(Duration::from_millis(1500));
    serde_json::from_str(&registry.report().to_json()).unwrap()
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

#[test]
fn series_have_their_labels_and_what_is_not_finite_is_a_text() {
    let report = report();
    let [level, rows] = [0, 1].map(|at| &report["series"][at]);
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
    stale.groups[0].tasks[0].communication.stale = 1;
    clock.advance(Duration::from_secs(2));
    stale.at = clock.clock().stamp();
    let summary = JobReport::of_run(stale.into()).summary().to_string();
    assert!(
        summary.contains("stale         1 tasks as they were when last read, up to 2.000s ago"),
        "{summary}"
    );
}
