//! What is read of a text that no registry wrote: put in order, or refused.

use flowmeter::{
    Communication, GroupSnapshot, JobSnapshot, Registry, Snapshot, SnapshotError, Stamp,
    TaskSnapshot,
};
use std::sync::Arc;

fn with(series: &str) -> String {
    format!(r#"{{"version":1,"registry":1,"taken":{{"at":0,"unix_ms":0}},"series":[{series}]}}"#)
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
