//! What a registry says of itself, and what is left when that is left out.

use flowmeter::{Registry, SeriesRef, Snapshot};

/// The series that users registered.
pub(crate) fn users(snapshot: &Snapshot) -> Vec<SeriesRef<'_>> {
    let of_users = |series: &SeriesRef<'_>| !series.key.name().starts_with("flowmeter.");
    snapshot.series().filter(of_users).collect()
}

fn own(snapshot: &Snapshot) -> Vec<String> {
    let own = |series: &SeriesRef<'_>| series.key.name().starts_with("flowmeter.");
    snapshot.series().filter(own).map(|series| series.key.to_string()).collect()
}

#[test]
fn a_registry_always_says_how_many_series_it_has_and_what_it_refused() {
    let registry = Registry::new();
    let fresh = registry.collect();
    assert_eq!(
        own(&fresh),
        [
            "flowmeter.overflow",
            "flowmeter.refused",
            "flowmeter.series",
            "flowmeter.stuck",
            "flowmeter.threads_without_cells",
            "flowmeter.without_cells"
        ]
    );
    assert_eq!(fresh.gauge("flowmeter.series"), Some(0.0));
    registry.counter("rows").unwrap();
    registry.gauge("rows").unwrap_err();
    registry.counter("").unwrap_err();
    let snapshot = registry.collect();
    assert_eq!(snapshot.gauge("flowmeter.series"), Some(1.0));
    assert_eq!(snapshot.counter("flowmeter.refused"), Some(2));
    assert_eq!(snapshot.counter("flowmeter.overflow"), Some(0));
}

#[test]
fn what_a_registry_says_of_itself_is_kept_apart_from_users_and_never_taken_out() {
    let registry = Registry::builder().series_limit(1).build();
    let rows = |id| registry.counter_with("rows", &[("id", id)]).unwrap();
    ["a", "b", "c"].into_iter().for_each(|id| rows(id).inc());
    registry.counter("flowmeter.series").unwrap_err();
    registry.unregister("flowmeter.overflow");
    assert_eq!((registry.keys().len(), registry.unregister_all()), (2, 2));
    let snapshot = registry.collect();
    assert_eq!(
        own(&snapshot),
        [
            "flowmeter.overflow",
            "flowmeter.refused",
            "flowmeter.series",
            "flowmeter.stuck",
            "flowmeter.threads_without_cells",
            "flowmeter.without_cells"
        ]
    );
    let total = |name| snapshot.counter(name);
    assert_eq!([total("flowmeter.overflow"), total("flowmeter.refused")], [Some(2), Some(1)]);
    assert_eq!(snapshot.gauge("flowmeter.series"), Some(0.0));
}

#[test]
fn only_a_registry_with_calls_says_how_they_did() {
    let registry = Registry::new();
    let guard = registry.callback("level", || 1.0).unwrap();
    let with = own(&registry.collect());
    let of_call = ["late", "panicked", "source.refused"];
    let of_call = of_call.map(|figure| format!("flowmeter.{figure}{{source=\"level\"}}"));
    of_call.iter().for_each(|key| assert!(with.contains(key), "{key}: {with:?}"));
    assert!(with.contains(&"flowmeter.stuck".to_owned()));
    drop(guard);
    assert_eq!(own(&registry.collect()).len(), 6);
}
