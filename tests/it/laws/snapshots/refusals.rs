//! What can't be merged, and what is said of it.

use std::sync::Arc;

use flowmeter::{
    Buckets, Description, GaugeMerge, Health, HistogramSnapshot, SeriesSnapshot, Snapshot, Stamp,
    Value,
};

use super::arbitrary::key;
use super::merged;

fn snapshot(registry: u64, series: Vec<SeriesSnapshot>) -> Snapshot {
    Snapshot::new(registry, Stamp::default(), series, Vec::new(), 0)
}

fn with(registry: u64, host: Option<&str>, value: Value) -> Snapshot {
    snapshot(registry, vec![SeriesSnapshot::new(key("rows", host), value)])
}

fn described(
    snapshot: Snapshot,
    unit: Option<&str>,
    help: Option<&str>,
    merge: GaugeMerge,
) -> Snapshot {
    let mut description = Description::new(Arc::from("rows"));
    description.unit = unit.map(Arc::from);
    description.help = help.map(Arc::from);
    description.merge = merge;
    snapshot.described(vec![description])
}

fn refusal(one: &Snapshot, other: &Snapshot) -> String {
    merged(one, other).unwrap_err().to_string()
}

#[test]
fn what_is_of_one_registry_is_refused_with_its_number() {
    let [one, other] = [1, 2].map(|registry| snapshot(registry, Vec::new()));
    let whole = merged(&one, &other).unwrap();
    assert_eq!(
        refusal(&whole, &other),
        "two snapshots can't be merged: both are of registry 2, which would count twice"
    );
    assert!(merged(&one, &one).is_err());
}

#[test]
fn a_name_of_two_kinds_is_refused_whatever_the_labels() {
    let counter = with(1, Some("a"), Value::Counter(1));
    let health = with(2, Some("b"), Value::Health(Health::Healthy));
    assert_eq!(
        refusal(&counter, &health),
        "metric `rows` can't be merged: a counter can't take in a health check"
    );
}

#[test]
fn a_name_of_two_units_is_refused_also_where_one_between_knows_none() {
    let said = |registry, unit| {
        described(with(registry, None, Value::Counter(1)), unit, None, GaugeMerge::Latest)
    };
    let [bytes, none, rows] = [said(1, Some("bytes")), said(2, None), said(3, Some("rows"))];
    let text =
        "metric `rows` can't be merged: what counts `bytes` can't take in what counts `rows`";
    assert_eq!(refusal(&bytes, &rows), text);
    assert_eq!(refusal(&merged(&bytes, &none).unwrap(), &rows), text);
    assert_eq!(refusal(&bytes, &merged(&none, &rows).unwrap()), text);
}

#[test]
fn gauges_that_merge_otherwise_are_refused_and_what_has_none_is_no_obstacle() {
    let level = |registry| with(registry, None, Value::Gauge(1.0));
    let sum = described(level(1), None, None, GaugeMerge::Sum);
    assert_eq!(
        refusal(&sum, &level(2)),
        "gauge `rows` can't be merged: one that merges by sum can't take in one by latest"
    );
    let without = described(snapshot(3, Vec::new()), None, Some("help"), GaugeMerge::Latest);
    let whole = merged(&without, &sum).unwrap();
    assert_eq!(whole.description("rows").unwrap().merge, GaugeMerge::Sum);
    assert!(merged(&whole, &level(2)).is_err());
}

#[test]
fn other_buckets_are_refused_with_the_labels_of_the_series() {
    let sizes = |registry, digits| {
        let buckets = Buckets::new(digits, 1..=1000).unwrap();
        let sizes = HistogramSnapshot::of(buckets, [5]);
        with(registry, Some("a"), Value::Histogram(Arc::new(sizes)))
    };
    let text = refusal(&sizes(1, 2), &sizes(2, 3));
    let why = "a histogram of 2 digits over 1..=1000 can't take in one of 3 digits over 1..=1000";
    assert_eq!(text, format!("metric `rows{{host=\"a\"}}` can't be merged: {why}"));
}

#[test]
fn names_of_ones_own_making_forge_no_lines() {
    let odd = |registry, value| {
        snapshot(registry, vec![SeriesSnapshot::new(key("a{b}\u{200b}", Some("x\ny")), value)])
    };
    let text = refusal(&odd(1, Value::Counter(1)), &odd(2, Value::Gauge(1.0)));
    assert!(!text.contains(char::is_control), "{text:?}");
}

#[test]
fn of_two_explanations_the_first_in_the_alphabet_stays_and_of_units_the_known_one() {
    let said = |registry, unit, help| {
        described(with(registry, None, Value::Counter(1)), unit, help, GaugeMerge::Latest)
    };
    let parts = [said(1, None, Some("what is read")), said(2, Some("rows"), Some("read"))];
    let whole = merged(&merged(&parts[0], &parts[1]).unwrap(), &said(3, None, None)).unwrap();
    let description = whole.description("rows").unwrap();
    assert_eq!(description.help.as_deref(), Some("read"));
    assert_eq!(description.unit.as_deref(), Some("rows"));
}
