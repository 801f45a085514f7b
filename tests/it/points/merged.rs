//! The points of several registries' snapshots, merged.

use super::{points, registry, shown};
use flowmeter::{ManualClock, Points, Registry, RegistryBuilder, Report, Snapshot};
use std::collections::BTreeSet;

/// The report of a snapshot merged of those of these registries, in this order.
fn merged(registries: &[Registry]) -> Report {
    let mut whole = Snapshot::default();
    for registry in registries {
        whole.merge(&registry.collect()).unwrap();
    }
    Report::between(&Snapshot::default(), &whole)
}

fn with_rows(builder: RegistryBuilder, rows: u64) -> Registry {
    let registry = builder.build();
    registry.counter("rows").unwrap().add(rows);
    registry
}

/// Endpoint and tags of the merged points.
fn common(registries: &[Registry]) -> (String, Vec<String>) {
    let all = points(&mut Points::new(), &merged(registries));
    assert_eq!(all.len(), 1);
    (all[0].endpoint.clone(), all[0].tag.clone())
}

#[test]
fn registries_of_one_endpoint_are_there() {
    let clock = ManualClock::new();
    let all = [1, 2].map(|rows| with_rows(registry(&clock).tags(["b", "a", "b"]), rows));
    let report = merged(&all);
    assert_eq!(shown(&points(&mut Points::new(), &report)), ["rows [b a b] 3"]);
    assert_eq!(common(&all).0, "h");
}

#[test]
fn registries_of_several_endpoints_are_at_all_of_them_with_the_tags_that_all_have() {
    let clock = ManualClock::new();
    let all = [("y", ["b", "c", "a"]), ("x", ["a", "b", "d"]), ("y", ["b", "a", "e"])]
        .map(|(endpoint, tags)| with_rows(registry(&clock).endpoint(endpoint).tags(tags), 1));
    let expected = ("x,y".to_owned(), vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(common(&all), expected);
    let [one, two, three] = all;
    assert_eq!(common(&[three, one, two]), expected);
}

#[test]
fn a_snapshot_of_no_registry_has_no_points() {
    let nothing = Report::between(&Snapshot::default(), &Snapshot::default());
    assert!(Points::new().of(&nothing).is_empty());
    assert_eq!(Points::new().encode(&nothing, &mut Vec::new()).lines, 0);
}

#[test]
fn endpoint_and_tags_survive_json_and_are_not_asked_of_older_ones() {
    let snapshot = with_rows(registry(&ManualClock::new()), 1).collect();
    let text = snapshot.to_json();
    let back = Snapshot::from_json(&text).unwrap();
    assert_eq!((&*back.parts()[0].endpoint, &*back.parts()[0].tags[0]), ("h", "t"));
    assert_eq!(back, snapshot);

    let older = text.replace(r#","endpoint":"h","tags":["t"]"#, "");
    assert!(older.len() < text.len());
    let older = Snapshot::from_json(&older).unwrap();
    let report = Report::between(&Snapshot::default(), &older);
    let point = &points(&mut Points::new(), &report)[0];
    assert_eq!((&*point.endpoint, point.tag.len()), ("", 0));
}

#[test]
fn one_that_does_not_know_its_endpoint_says_nothing_of_it() {
    let clock = ManualClock::new();
    let all = ["", "x"].map(|endpoint| with_rows(registry(&clock).endpoint(endpoint), 1));
    assert_eq!(common(&all).0, "x");
}

#[test]
fn jobs_of_one_name_in_several_registries_are_told_apart() {
    let clock = ManualClock::new();
    let all = [1, 2, 3].map(|_| registry(&clock).build());
    let jobs = all.each_ref().map(|registry| registry.job("copy").unwrap());
    let points = points(&mut Points::new(), &merged(&all));
    let states = points.iter().filter(|point| point.metric == "job.state");
    let tags: BTreeSet<_> = states.map(|point| point.tag.clone()).collect();
    assert_eq!(tags.len(), 3);
    let plain: BTreeSet<_> = tags.iter().filter(|tags| tags.len() == 2).collect();
    assert_eq!(plain.len(), 1, "{tags:?}");
    let others = tags.iter().filter(|tags| tags.len() == 4);
    others.for_each(|tags| assert!(tags[2].starts_with("registry=") && tags[3] == "run=1"));
    drop(jobs);
}
