//! Names and labels that can't be: each is an error that quotes them, and is counted.

use super::{refusals, series, why};
use allocation_counter::measure;
use flowmeter::{Registry, Sample, Source};

struct Nothing;

impl Source for Nothing {
    fn sample(&mut self, _: &mut Sample) {}
}

/// Whatever is asked for by such a name and labels, the error is this one, and is counted.
#[track_caller]
fn is_refused(name: &str, labels: &[(&str, &str)], said: &str) {
    let registry = Registry::new();
    let metric = || registry.metric(name).labels(labels);
    let given = [
        why(metric().counter()),
        why(metric().gauge()),
        why(metric().histogram()),
        why(metric().meter()),
        why(metric().timer()),
        why(metric().callback(|| 1.0)),
        why(metric().health(|| Ok::<_, String>(()))),
    ];
    given.iter().for_each(|given| assert_eq!(given, said));
    assert_eq!((refusals(&registry), series(&registry)), (7, 0));
    assert!(registry.keys().is_empty());
}

#[test]
fn a_name_that_cannot_be_one_is_quoted_on_one_line() {
    is_refused("", &[], "a metric was asked for by an empty name");
    is_refused("a\nb", &[], "a metric can't be called `a\\nb`: it has control characters");
    is_refused(
        "\u{1b}[31m",
        &[],
        "a metric can't be called `\\u{1b}[31m`: it has control characters",
    );
    let long = "é".repeat(101);
    let said = format!("a metric can't be called `{long}`: it is longer than 200 bytes");
    is_refused(&long, &[], &said);
    Registry::new().counter(&"é".repeat(100)).unwrap();
}

#[test]
fn the_labels_that_cannot_be_are_quoted_with_the_name() {
    let label = |label, said| is_refused("rows", &[("a", "1"), (label, "2")], said);
    label("", "metric `rows` was given a label with an empty name");
    label("b\tc", "metric `rows` can't have a label called `b\\tc`: it has control characters");
    label("a", "metric `rows` was given label `a` twice");
    let long = "b".repeat(201);
    label(
        &long,
        &format!("metric `rows` can't have a label called `{long}`: it is longer than 200 bytes"),
    );
    is_refused(
        "rows",
        &[("a.b", "1"), ("z", "2"), ("a_b", "3")],
        "metric `rows` was given labels `a.b` and `a_b`, which exporters would write alike",
    );
}

#[test]
fn a_label_has_at_most_1024_bytes_of_value() {
    let value = "é".repeat(512);
    let said =
        "metric `rows` was given label `a` with a value of 1025 bytes: at most 1024 can be kept";
    is_refused("rows", &[("a", &format!("{value}x"))], said);
    Registry::new().counter_with("rows", &[("a", &value), ("empty", "")]).unwrap();
}

#[test]
fn a_label_that_has_a_meaning_of_its_own_is_refused() {
    let reserved = ["le", "quantile", "__", "__name__", "..x", "flowmeter.x", "flowmeter_x"];
    for label in reserved.into_iter().chain(["flowmeter.overflow", "flowmeter-x"]) {
        let said = format!(
            "metric `rows` can't have a label called `{label}`: exporters or flowmeter add that one themselves"
        );
        is_refused("rows", &[("a", "1"), (label, "true")], &said);
    }
    let allowed = [("_x", "1"), ("le_", "1"), ("flowmeter", "1"), ("Le", "1"), ("job", "1")];
    Registry::new().counter_with("rows", &allowed).unwrap();
}

#[test]
fn the_series_of_what_overflows_is_never_handed_out_by_its_label() {
    let registry = Registry::builder().series_limit(0).build();
    let overflow = [("flowmeter.overflow", "true")];
    let said = "metric `rows` can't have a label called `flowmeter.overflow`: exporters or flowmeter add that one themselves";
    assert_eq!(why(registry.counter_with("rows", &overflow)), said);
    registry.counter("rows").unwrap().inc();
    assert_eq!(registry.collect().counter_with("rows", &overflow), Some(1));
    assert_eq!(why(registry.counter_with("rows", &overflow)), said);
    assert_eq!(refusals(&registry), 2);
}

#[test]
fn ten_thousand_labels_are_an_error_that_says_how_many() {
    let names: Vec<_> = (0..10_000).map(|n| format!("label {n}")).collect();
    let labels: Vec<_> = names.iter().map(|name| (&**name, "x")).collect();
    is_refused("rows", &labels, "metric `rows` was given 10000 labels: at most 32 can be kept");
    is_refused("rows", &labels[..33], "metric `rows` was given 33 labels: at most 32 can be kept");
    Registry::new().counter_with("rows", &labels[..32]).unwrap();
}

#[test]
fn of_a_name_or_label_of_a_megabyte_only_the_beginning_is_quoted() {
    let registry = Registry::new();
    let huge = "x".repeat(1 << 20);
    let of_names = format!(
        "a metric can't be called `{}… (1047552 more bytes)`: it is longer than 200 bytes",
        &huge[..1024]
    );
    assert_eq!(why(registry.counter(&huge)), of_names);
    assert!(why(registry.counter_with("rows", &[(&huge, "1")])).len() < 2000);
    let of_values =
        "metric `rows` was given label `a` with a value of 1048576 bytes: at most 1024 can be kept";
    assert_eq!(why(registry.counter_with("rows", &[("a", &huge)])), of_values);
    assert!(why(registry.metric("rows").unit(&huge).counter()).len() < 2000);
    assert!(why(registry.scope(&huge).counter("rows")).len() < 2000);
    assert_eq!((refusals(&registry), series(&registry)), (5, 0));
}

#[test]
fn what_is_refused_leaves_nothing_in_memory_but_the_first_ten_reasons() {
    let registry = Registry::new();
    let huge = "x".repeat(1 << 20);
    let ask = |n: usize| {
        let value = format!("{n} {huge}");
        why(registry.counter_with("rows", &[("a", &value)]));
        why(registry.counter_with(&format!("{n} {huge}"), &[]));
        why(registry.counter_with(&format!("job.{n}"), &[]));
    };
    (0..10).for_each(ask);
    let kept = measure(|| (10..50).for_each(ask)).bytes_current;
    assert_eq!(kept, 0);
    let reasons: usize = registry.refusals().iter().map(String::len).sum();
    assert!(reasons < 20_000, "{reasons}");
}

#[test]
fn a_source_is_named_and_labelled_by_the_same_rules() {
    let registry = Registry::new();
    let source = |name: &str| why(registry.source(name, Nothing));
    assert_eq!(source(""), "a metric was asked for by an empty name");
    assert_eq!(source("a\rb"), "a metric can't be called `a\\rb`: it has control characters");
    let reserved = "metric `job` would be written as `job_`, \
        and names that begin with `job_` are kept for flowmeter's own figures";
    assert_eq!(source("job"), reserved);
    let scope = registry.scope("pool").label("le", "1");
    let said = "metric `pool.db` can't have a label called `le`: exporters or flowmeter add that one themselves";
    assert_eq!(why(scope.source("db", Nothing)), said);
    assert_eq!(refusals(&registry), 4);
}

/// The error of a counter, and that its name is refused for each kind.
fn reserved(name: &str) -> String {
    let registry = Registry::new();
    let asked = [
        why(registry.gauge(name)),
        why(registry.histogram(name)),
        why(registry.meter(name)),
        why(registry.timer(name)),
    ];
    asked.iter().for_each(|said| assert!(said.contains("flowmeter's own figures"), "{said}"));
    assert_eq!((refusals(&registry), series(&registry)), (4, 0));
    why(registry.counter(name))
}

#[test]
fn names_that_are_written_like_the_librarys_own_are_reserved() {
    let said = |name: &str, written: String, prefix: &str| {
        format!(
            "metric `{name}` would be written as `{written}`, and names that begin with `{prefix}` \
             are kept for flowmeter's own figures"
        )
    };
    for own in ["job", "group", "task", "flowmeter"] {
        let prefix = format!("{own}_");
        for name in [format!("{own}.x"), format!("{own}_x"), format!("{own} x")] {
            assert_eq!(reserved(&name), said(&name, format!("{own}_x"), &prefix));
        }
        let registry = Registry::new();
        assert_eq!(why(registry.counter(own)), said(own, format!("{own}_total"), &prefix));
        assert_eq!(why(registry.histogram(own)), said(own, format!("{own}_bucket"), &prefix));
        let with_unit = registry.metric(own).unit("rows").gauge();
        assert_eq!(why(with_unit), said(own, format!("{own}_rows"), &prefix));
        registry.gauge(own).unwrap();
        registry.counter(&format!("{own}s.x")).unwrap();
        let later = registry.metric(own).unit("rows").gauge();
        assert_eq!(why(later), said(own, format!("{own}_rows"), &prefix));
        assert_eq!(registry.collect().description(own), None);
    }
}
