//! What a source gives: which series these are, and which are refused.

use super::{Gives, counted, registry};
use crate::own::users;
use flowmeter::{Change, Registry, Sample, Snapshot};

/// The keys of the users' series, as they are shown.
fn keys(snapshot: &Snapshot) -> Vec<String> {
    users(snapshot).iter().map(|series| series.key.to_string()).collect()
}

/// What is collected with a source called `of` that gives this.
fn given(registry: &Registry, give: fn(&mut Sample)) -> Snapshot {
    let _guard = registry.source("of", Gives(give)).unwrap();
    let _other =
        registry.source("other", Gives(|sample: &mut Sample| sample.gauge("there", 1.0))).unwrap();
    let snapshot = registry.collect();
    assert_eq!(snapshot.gauge("other.there"), Some(1.0));
    assert_eq!(counted(&snapshot, "source.refused", "other"), Some(0));
    snapshot
}

#[test]
fn a_source_gives_counters_and_gauges_with_its_name_and_the_labels_of_its_scope() {
    let (_, registry) = registry();
    let scope = registry.scope("db").label("host", "a");
    let mut taken = 0;
    let source = Gives(move |sample: &mut Sample| {
        taken += 10;
        sample.counter("taken", taken);
        sample.gauge_with("open", &[("user", "etl")], 2.5);
    });
    let _guard = scope.source("pool", source).unwrap();
    assert_eq!(registry.collect().counter_with("db.pool.taken", &[("host", "a")]), Some(10));
    let snapshot = registry.collect();
    assert_eq!(snapshot.counter_with("db.pool.taken", &[("host", "a")]), Some(20));
    let expected = ["db.pool.open{host=\"a\",user=\"etl\"}", "db.pool.taken{host=\"a\"}"];
    assert_eq!(keys(&snapshot), expected);
    assert_eq!(snapshot.gauge("flowmeter.series"), Some(0.0), "those that it holds itself");
}

#[test]
fn a_source_that_is_attached_again_has_restarted() {
    let (_, registry) = registry();
    let attach =
        || registry.source("of", Gives(|sample: &mut Sample| sample.counter("rows", 7))).unwrap();
    let guard = attach();
    let first = registry.collect();
    let increase = |now: &Snapshot, earlier| match now.delta(earlier).get("of.rows") {
        Some(Change::Counter { increase, restarted, .. }) => (increase, restarted),
        other => panic!("{other:?}"),
    };
    let second = registry.collect();
    assert_eq!(increase(&second, &first), (0, false));
    drop(guard);
    assert_eq!(registry.collect().counter("of.rows"), None);
    let _guard = attach();
    assert_eq!(increase(&registry.collect(), &second), (7, true));
}

#[test]
fn what_cannot_be_a_series_is_left_out_and_counted() {
    let (_, registry) = registry();
    let snapshot = given(&registry, |sample| {
        sample.gauge("", 1.0);
        sample.gauge("a\nb", 1.0);
        sample.counter(&"long".repeat(1 << 18), 1);
        sample.gauge_with("labelled", &[("", "empty")], 1.0);
        sample.gauge_with("labelled", &[("a", "1"), ("a", "2")], 1.0);
        sample.gauge_with("labelled", &[("le", "5")], 1.0);
        sample.gauge_with("labelled", &[("flowmeter.overflow", "true")], 1.0);
        sample.gauge_with("labelled", &[("a", &"v".repeat(2_000))], 1.0);
        sample.gauge("good", 1.0);
    });
    assert_eq!(keys(&snapshot), ["of.good", "other.there"]);
    assert_eq!(counted(&snapshot, "source.refused", "of"), Some(8));
    assert_eq!(snapshot.counter("flowmeter.refused"), Some(0), "no registration was");
}

#[test]
fn of_a_series_that_is_given_twice_the_first_is_taken() {
    let (_, registry) = registry();
    let snapshot = given(&registry, |sample| {
        sample.gauge_with("level", &[("a", "1"), ("b", "2")], 1.0);
        sample.gauge_with("level", &[("b", "2"), ("a", "1")], 2.0);
    });
    assert_eq!(snapshot.gauge_with("of.level", &[("a", "1"), ("b", "2")]), Some(1.0));
    assert_eq!(counted(&snapshot, "source.refused", "of"), Some(1));
}

#[test]
fn names_of_two_kinds_or_written_alike_are_left_out_and_counted() {
    let (_, registry) = registry();
    let snapshot = given(&registry, |sample| {
        sample.counter("rows", 1);
        sample.gauge_with("rows", &[("a", "1")], 1.0);
        sample.gauge("rows_total", 1.0);
        sample.gauge("a.b", 1.0);
        sample.gauge("a_b", 1.0);
    });
    assert_eq!(keys(&snapshot), ["of.a.b", "of.rows", "other.there"]);
    assert_eq!(counted(&snapshot, "source.refused", "of"), Some(3));
}

#[test]
fn two_sources_of_one_name_share_its_rules() {
    let (_, registry) = registry();
    let of = |host| registry.scope("").label("host", host);
    let _a = of("a").source("of", Gives(|sample: &mut Sample| sample.gauge("x.y", 1.0))).unwrap();
    let give = |sample: &mut Sample| {
        sample.gauge("x.y", 2.0);
        sample.gauge("x_y", 3.0);
        sample.counter("x.y", 4);
    };
    let _b = of("b").source("of", Gives(give)).unwrap();
    let snapshot = registry.collect();
    assert_eq!(keys(&snapshot), ["of.x.y{host=\"a\"}", "of.x.y{host=\"b\"}"]);
    assert_eq!(counted(&snapshot, "source.refused", "of"), Some(2));
}

#[test]
fn no_two_sources_give_one_series() {
    let (_, registry) = registry();
    let a = registry.scope("").label("a", "1");
    let give_b = |sample: &mut Sample| sample.gauge_with("level", &[("b", "2")], 1.0);
    let give_a = |sample: &mut Sample| sample.gauge_with("level", &[("a", "1")], 2.0);
    let give_both =
        |sample: &mut Sample| sample.gauge_with("level", &[("a", "1"), ("b", "2")], 3.0);
    let _a = a.source("of", Gives(give_b)).unwrap();
    let _b = registry.scope("").label("b", "2").source("of", Gives(give_a)).unwrap();
    let _bare = registry.source("of", Gives(give_both)).unwrap();
    let snapshot = registry.collect();
    assert_eq!(keys(&snapshot), ["of.level{a=\"1\",b=\"2\"}"]);
    assert_eq!(snapshot.gauge_with("of.level", &[("a", "1"), ("b", "2")]), Some(1.0));
    assert_eq!(counted(&snapshot, "source.refused", "of"), Some(2));
}

#[test]
fn a_source_gives_at_most_as_many_series_as_a_name_may_have() {
    let registry = Registry::builder().series_limit(3).build();
    let source = Gives(|sample: &mut Sample| {
        (0..10).for_each(|n| sample.gauge(&format!("level.{n}"), 1.0));
    });
    let _guard = registry.source("of", source).unwrap();
    let _level = registry.gauge("level").unwrap();
    for refused in [7, 14] {
        let snapshot = registry.collect();
        assert_eq!(keys(&snapshot), ["level", "of.level.0", "of.level.1", "of.level.2"]);
        assert_eq!(counted(&snapshot, "source.refused", "of"), Some(refused));
    }
}

#[test]
fn names_of_a_source_are_its_own() {
    let (_, registry) = registry();
    let give = || Gives(|sample: &mut Sample| sample.gauge("level", 1.0));
    let _guard = registry.source("of", give()).unwrap();
    let refused = [
        registry.gauge("of.other").unwrap_err(),
        registry.gauge("of_other").unwrap_err(),
        registry.source("of.deeper", give()).unwrap_err(),
        registry.source("of", give()).unwrap_err(),
        registry.source("", give()).unwrap_err(),
        registry.source("a\nb", give()).unwrap_err(),
        registry.source("flowmeter", give()).unwrap_err(),
        registry.source("job", give()).unwrap_err(),
    ];
    let clash = "clashes with the source `of`, whose names begin with `of.`";
    assert_eq!(refused[0].to_string(), format!("metric `of.other` {clash}"));
    assert_eq!(refused[2].to_string(), format!("metric `of.deeper` {clash}"));
    let snapshot = registry.collect();
    assert_eq!(keys(&snapshot), ["of.level"]);
    assert_eq!(snapshot.counter("flowmeter.refused"), Some(8));
}

#[test]
fn what_may_be_written_without_the_name_of_its_source_is_left_out() {
    let (_, registry) = registry();
    registry.gauge("of").unwrap().set(1.0);
    // An exporter that takes a counter's `_total` for an ending would call it `of`.
    let snapshot = given(&registry, |sample| {
        sample.counter("total", 7);
        sample.gauge("total_size", 2.0);
    });
    assert_eq!(keys(&snapshot), ["of", "of.total_size", "other.there"]);
    assert_eq!(counted(&snapshot, "source.refused", "of"), Some(1));
}

#[test]
fn what_was_missing_from_one_collection_is_not_counted_twice() {
    let (_, registry) = registry();
    let mut at = 0;
    let source = Gives(move |sample: &mut Sample| {
        at += 10;
        assert_ne!(at, 20, "once it gives nothing");
        sample.counter("rows", at);
    });
    let _guard = registry.source("of", source).unwrap();
    let mut cursor = registry.reports();
    let mut increases = 0;
    for expected in [None, Some((0, true)), Some((10, false))] {
        let report = cursor.read();
        let change = report.delta().get("of.rows").map(|change| match change {
            Change::Counter { increase, restarted, .. } => (increase, restarted),
            other => panic!("{other:?}"),
        });
        assert_eq!(change, expected);
        increases += change.map_or(0, |(increase, _)| increase);
    }
    assert!(increases <= registry.collect().counter("of.rows").unwrap());
}

#[test]
fn what_one_of_two_processes_missed_is_not_an_increase_of_both() {
    let registries = [Registry::new(), Registry::new()];
    let mut healthy = true;
    let flaky = Gives(move |sample: &mut Sample| {
        healthy = !healthy;
        assert!(healthy, "every other time it gives nothing");
        sample.counter("rows", 1000);
    });
    let steady = Gives(|sample: &mut Sample| sample.counter("rows", 7));
    let _guards =
        (registries[0].source("of", flaky).unwrap(), registries[1].source("of", steady).unwrap());
    let whole = || {
        let mut whole = Snapshot::default();
        registries.iter().for_each(|part| whole.merge(&part.collect()).unwrap());
        whole
    };
    let seen = [whole(), whole(), whole()];
    assert_eq!(seen.each_ref().map(|whole| whole.counter("of.rows")), [7, 1007, 7].map(Some));
    for pair in seen.windows(2) {
        let delta = pair[1].delta(&pair[0]);
        let Some(Change::Counter { increase, restarted, .. }) = delta.get("of.rows") else {
            panic!("{delta:?}")
        };
        assert_eq!((increase, restarted), (0, true));
    }
}
