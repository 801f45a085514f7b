//! What is read of a text that no registry wrote: put in order, or refused.

use flowmeter::{
    Communication, GroupSnapshot, JobSnapshot, Registry, Snapshot, SnapshotError, Stamp,
    TaskSnapshot,
};
use std::sync::Arc;

fn with(series: &str) -> String {
    format!(
        r#"{{"version":1,"parts":[{{"registry":1,"taken":{{"at":0,"unix_ms":0}}}}],"series":[{series}]}}"#
    )
}

#[test]
fn a_series_is_found_in_whatever_order_its_labels_were_written() {
    let text =
        with(r#"{"key":{"name":"rows","labels":[["b","2"],["a","1"]]},"value":{"counter":5}}"#);
    let read = Snapshot::from_json(&text).unwrap();
    assert_eq!(read.counter_with("rows", &[("a", "1"), ("b", "2")]), Some(5));
}

#[test]
fn a_key_that_no_registry_would_give_is_not_read() {
    for key in [
        r#"{"name":""}"#,
        r#"{"name":"rows","labels":[["","x"]]}"#,
        r#"{"name":"rows","labels":[["a","1"],["a","2"]]}"#,
    ] {
        let text = with(&format!(r#"{{"key":{key},"value":{{"counter":5}}}}"#));
        assert!(Snapshot::from_json(&text).is_err(), "{key}");
    }
}

#[test]
fn groups_and_tasks_given_in_any_order_are_found() {
    let task = |id| TaskSnapshot::new(id, None, Communication::default());
    let mut job = JobSnapshot::new(Arc::from("etl"), 1, Stamp::default(), Stamp::default());
    job.groups = [9, 5, 1].map(|id| GroupSnapshot::new(id, [9, 5, 1].map(task).into())).into();
    let snapshot = Snapshot::new(1, Stamp::default(), Vec::new(), vec![Arc::new(job)], 0);
    assert_eq!(Snapshot::from_json(&snapshot.to_json()).unwrap(), snapshot);
    assert!(snapshot.job("etl").unwrap().group(1).is_some());
}

#[test]
fn messages_that_are_read_keep_the_laws() {
    let said = |at: u64| {
        format!(
            r#"{{"at":{{"at":{at},"unix_ms":0}},"group":0,"task":0,"number":0,"key":"","text":""}}"#
        )
    };
    let messages = (0..60).rev().map(said).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"messages":{{"kept":[{messages}],"total":60}}}}"#);
    let read: Communication = serde_json::from_str(&text).unwrap();
    let mut merged = read.clone();
    merged.merge(&Communication::default());
    assert_eq!(merged, read);
}

#[test]
fn an_unknown_version_is_told_whatever_follows_it() {
    let error = Snapshot::from_json(r#"{"version":2,"series":[nan]}"#).unwrap_err();
    assert!(matches!(error, SnapshotError::Version { found: 2, .. }), "{error}");
}

#[test]
fn an_error_about_a_name_is_one_line_whatever_the_name() {
    let registry = Registry::new();
    let error = registry.counter_with("a\nb\u{1b}[31m", &[("x\n", "1"), ("x\n", "2")]).unwrap_err();
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
}

// What is there twice would be counted twice.

/// Why a snapshot of registry 1 with these fields is refused.
fn refusal(fields: &str) -> String {
    let parts = r#""parts":[{"registry":1,"taken":{"at":0,"unix_ms":0}}]"#;
    refusal_of(&format!(r#"{{"version":1,{parts},{fields}}}"#))
}

fn refusal_of(text: &str) -> String {
    let error = Snapshot::from_json(text).unwrap_err();
    assert!(matches!(error, SnapshotError::Flaw(_)), "{error}");
    let text = error.to_string();
    text.strip_prefix("the text can't be read as a snapshot: ").unwrap().to_owned()
}

fn run(registry: Option<u64>, number: u64, name: &str, groups: &str) -> String {
    let registry = registry.map_or("null".to_owned(), |registry| registry.to_string());
    let stamp = r#"{"at":0,"unix_ms":0}"#;
    format!(
        r#"{{"name":"{name}","registry":{registry},"run":{number},"state":"running","started":{stamp},"ended":null,"at":{stamp},"own_failure":null,"groups":[{groups}]}}"#
    )
}

#[test]
fn a_series_that_is_there_twice_is_refused() {
    let series = |labels: &str, total: u64| {
        format!(r#"{{"key":{{"name":"rows","labels":[{labels}]}},"value":{{"counter":{total}}}}}"#)
    };
    let [one, other] = [r#"["a","1"],["b","2"]"#, r#"["b","2"],["a","1"]"#];
    let twice = format!(r#""series":[{},{},{}]"#, series(one, 1), series("", 1), series(other, 2));
    assert_eq!(refusal(&twice), r#"series `rows{a="1",b="2"}` is there twice"#);
    let said = r#"{"name":"rows","unit":"rows"}"#;
    assert_eq!(
        refusal(&format!(r#""descriptions":[{said},{said}]"#)),
        "the description of `rows` is there twice"
    );
}

#[test]
fn a_run_that_is_there_twice_is_refused_and_so_is_a_group_or_a_task() {
    let [etl, copy] = [run(None, 3, "etl", ""), run(Some(1), 3, "copy", "")];
    assert_eq!(refusal(&format!(r#""jobs":[{etl},{copy}]"#)), "run 3 of registry 1 is there twice");
    let group = r#"{"id":7,"tasks":[]}"#;
    let twice = run(Some(1), 3, "etl", &format!("{group},{group}"));
    assert_eq!(
        refusal(&format!(r#""jobs":[{twice}]"#)),
        "group 7 of run 3 of job `etl` is there twice"
    );
    let task = r#"{"id":9,"name":null,"started":null,"ended":null,"communication":{}}"#;
    let twice = run(Some(1), 3, "etl", &format!(r#"{{"id":7,"tasks":[{task},{task}]}}"#));
    assert_eq!(
        refusal(&format!(r#""jobs":[{twice}]"#)),
        "task 9 in group 7 of run 3 of job `etl` is there twice"
    );
}

#[test]
fn what_is_of_a_registry_that_the_snapshot_is_not_of_is_refused() {
    let etl = run(Some(2), 3, "etl", "");
    assert_eq!(
        refusal(&format!(r#""jobs":[{etl}]"#)),
        "run 3 of job `etl` is of registry 2, which the snapshot is not of"
    );
    let series = r#"{"key":{"name":"level"},"value":{"gauge":1.0},"origin":5}"#;
    assert_eq!(
        refusal(&format!(r#""series":[{series}]"#)),
        "series `level` is of registry 5, which the snapshot is not of"
    );
    let part = r#"{"registry":1,"taken":{"at":0,"unix_ms":0}}"#;
    let twice = format!(r#"{{"version":1,"parts":[{part},{part}]}}"#);
    assert_eq!(refusal_of(&twice), "registry 1 is there twice");
    let other = part.replace(r#""registry":1"#, r#""registry":2"#);
    let nobodys = run(None, 3, "etl", "");
    let nobodys = format!(r#"{{"version":1,"parts":[{part},{other}],"jobs":[{nobodys}]}}"#);
    assert_eq!(
        refusal_of(&nobodys),
        "run 3 of job `etl` is of one of several registries, and does not tell of which"
    );
    let nobodys = r#"{"version":1,"parts":[],"ended_runs":1}"#;
    assert_eq!(refusal_of(nobodys), "it has something in it, but is of no registry");
    let nothing = Snapshot::default();
    assert_eq!(Snapshot::from_json(&nothing.to_json()).unwrap(), nothing);
}

#[test]
fn of_what_is_given_twice_the_first_counts_and_reads_back() {
    let task = |name: &str| TaskSnapshot::new(4, Some(name.into()), Communication::default());
    let mut job = JobSnapshot::new(Arc::from("etl"), 1, Stamp::default(), Stamp::default());
    job.groups = vec![GroupSnapshot::new(2, vec![task("first"), task("second")])];
    let runs = vec![Arc::new(job.clone()), Arc::new(job)];
    let series = [1, 2].map(|total| {
        let key = flowmeter::Key::new("rows", &[]).unwrap();
        flowmeter::SeriesSnapshot::new(key, flowmeter::Value::Counter(total))
    });
    let snapshot = Snapshot::new(1, Stamp::default(), series.into(), runs, 0);
    assert_eq!((snapshot.counter("rows"), snapshot.jobs().count()), (Some(1), 1));
    let tasks = snapshot.job("etl").unwrap().groups[0].tasks();
    assert_eq!((tasks.len(), tasks[0].name.as_deref()), (1, Some("first")));
    assert_eq!(Snapshot::from_json(&snapshot.to_json()).unwrap(), snapshot);
}
