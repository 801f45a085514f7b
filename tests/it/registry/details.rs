//! The details of a name hold for all its series: taken over, or contradicted, or unfit for its kind.

use super::{refusals, why};
use flowmeter::{Buckets, Description, GaugeMerge, Registry, SourceGuard};

fn description(registry: &Registry, name: &str) -> Option<Description> {
    registry.collect().description(name).cloned()
}

#[test]
fn details_show_in_the_description() {
    let registry = Registry::new();
    let metric = registry.metric("waiting").label("stage", "parse").help("Records that wait");
    metric.unit("records").merge(GaugeMerge::Sum).gauge().unwrap();
    let known = description(&registry, "waiting").unwrap();
    assert_eq!(
        (known.help.as_deref(), known.unit.as_deref()),
        (Some("Records that wait"), Some("records"))
    );
    assert_eq!(known.merge, GaugeMerge::Sum);
    registry.counter("rows").unwrap();
    registry.timer("load").unwrap();
    assert_eq!(description(&registry, "rows"), None);
    assert_eq!(description(&registry, "load").unwrap().unit.as_deref(), Some("nanoseconds"));
}

#[test]
fn a_detail_that_was_not_known_is_taken_over() {
    let registry = Registry::new();
    registry.gauge_with("level", &[("tank", "a")]).unwrap();
    registry.metric("level").unit("litres").gauge().unwrap();
    registry.metric("level").label("tank", "b").merge(GaugeMerge::Max).gauge().unwrap();
    registry.metric("level").help("How full").callback(|| 1.0).unwrap_err();
    assert_eq!(description(&registry, "level").unwrap().help, None, "it was refused");
    registry.metric("level").label("tank", "c").help("How full").gauge().unwrap();
    let known = description(&registry, "level").unwrap();
    assert_eq!((known.help.as_deref(), known.unit.as_deref()), (Some("How full"), Some("litres")));
    assert_eq!(known.merge, GaugeMerge::Max);
}

#[test]
fn no_details_or_the_same_are_no_contradiction() {
    let registry = Registry::new();
    let buckets = Buckets::new(1, 1..=1_000_000).unwrap();
    let ask = || {
        let metric = registry.metric("size").unit("bytes").help("Size");
        metric.buckets(buckets).series_limit(7).histogram().unwrap()
    };
    ask().record(5);
    ask().record(6);
    registry.histogram("size").unwrap().record(7);
    assert_eq!(registry.histogram("size").unwrap().buckets(), buckets);
    assert_eq!(registry.collect().histogram("size").unwrap().count(), 3);
    assert_eq!(refusals(&registry), 0);
}

#[test]
fn the_first_help_stays() {
    let registry = Registry::new();
    registry.metric("rows").help("Rows read").counter().unwrap();
    registry.metric("rows").help("Rows, all of them").counter().unwrap();
    assert_eq!(description(&registry, "rows").unwrap().help.as_deref(), Some("Rows read"));
}

#[test]
fn a_long_help_is_cut() {
    let registry = Registry::new();
    registry.metric("rows").help(&"x".repeat(1 << 20)).counter().unwrap();
    let help = description(&registry, "rows").unwrap().help.unwrap();
    assert!(help.len() < 1100 && help.ends_with("more bytes)"), "{} bytes", help.len());
}

#[test]
fn a_contradiction_is_an_error_that_names_both_and_changes_nothing() {
    let registry = Registry::new();
    let size = || registry.metric("size").label("of", "rows");
    size().unit("bytes").series_limit(3).histogram().unwrap();
    registry.metric("level").merge(GaugeMerge::Sum).gauge().unwrap();
    let expected = "metric `size` was asked for with the unit `rows` but has `bytes`";
    assert_eq!(why(size().help("Size").unit("rows").histogram()), expected);
    let expected = "metric `size` was asked for with the series limit `4` but has `3`";
    assert_eq!(why(size().series_limit(4).histogram()), expected);
    let buckets = Buckets::new(1, 1..=9999).unwrap();
    let expected = format!(
        "metric `size` was asked for with the buckets `1 digits over 1..=9999` but has `{}`",
        Buckets::default()
    );
    assert_eq!(why(size().buckets(buckets).histogram()), expected);
    let expected = "metric `level` was asked for with the merge `max` but has `sum`";
    assert_eq!(why(registry.metric("level").merge(GaugeMerge::Max).gauge()), expected);
    assert_eq!(description(&registry, "size").unwrap().help, None);
    assert_eq!(refusals(&registry), 4);
}

#[test]
fn a_detail_that_a_kind_has_not_to_choose_is_an_error() {
    let registry = Registry::new();
    let unfit =
        |what, kind| format!("metric `x` can't be given a {what}: a {kind} has none to choose");
    let x = || registry.metric("x");
    assert_eq!(why(x().unit("seconds").timer()), unfit("unit", "timer"));
    let check = x().unit("seconds").health(|| Ok::<_, String>(()));
    assert_eq!(why(check), unfit("unit", "health check"));
    assert_eq!(why(x().merge(GaugeMerge::Sum).counter()), unfit("merge", "counter"));
    assert_eq!(why(x().merge(GaugeMerge::Sum).meter()), unfit("merge", "meter"));
    assert_eq!(why(x().buckets(Buckets::default()).gauge()), unfit("layout of buckets", "gauge"));
    assert_eq!(why(x().buckets(Buckets::default()).meter()), unfit("layout of buckets", "meter"));
    x().merge(GaugeMerge::Sum).unit("rows").callback(|| 1.0).map(SourceGuard::keep).unwrap();
    assert_eq!(refusals(&registry), 6);
}

#[test]
fn a_unit_is_a_word_that_is_not_too_long() {
    let registry = Registry::new();
    let unit = |unit: &str| why(registry.metric("x").unit(unit).counter());
    let expected = |unit| {
        format!("metric `x` can't have the unit `{unit}`: a unit is a word of at most 200 bytes")
    };
    assert_eq!(unit(""), expected(""));
    assert_eq!(unit("a\nb"), expected("a\\nb"));
    let long = "b".repeat(201);
    assert_eq!(unit(&long), expected(&long));
    registry.metric("x").unit(&long[..200]).counter().unwrap();
}

#[test]
fn what_is_refused_leaves_nothing_known() {
    let registry = Registry::builder().series_limit(1).build();
    let guard = registry.callback("level", || 1.0).unwrap();
    let level = || registry.metric("level").unit("rows").help("Level").merge(GaugeMerge::Sum);
    why(level().callback(|| 2.0));
    why(level().label("a", "b").callback(|| 2.0));
    why(level().gauge());
    assert_eq!(description(&registry, "level"), None);
    registry.gauge("level_rows").unwrap();
    drop(guard);
}

#[test]
fn what_is_known_goes_with_the_last_series_of_the_name() {
    let registry = Registry::new();
    registry.metric("x").unit("rows").help("Old").counter().unwrap();
    registry.metric("x").label("a", "b").counter().unwrap();
    registry.unregister_with("x", &[]);
    assert!(description(&registry, "x").is_some());
    registry.unregister_with("x", &[("a", "b")]);
    assert_eq!(description(&registry, "x"), None);
    registry.metric("x").unit("bytes").counter().unwrap();
}
