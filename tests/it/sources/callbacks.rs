//! A callback: a gauge whose level is asked for at each collection.

use super::registry;
use flowmeter::{GaugeMerge, Registry, Snapshot};

#[test]
fn a_callback_is_asked_at_each_collection_and_only_then() {
    let (_, registry) = registry();
    let mut asked = 0.0;
    let _guard = registry.callback("asked", move || {
        asked += 1.0;
        asked
    });
    for times in [1.0, 2.0, 3.0] {
        registry.keys();
        assert_eq!(registry.collect().gauge("asked"), Some(times));
    }
}

#[test]
fn a_callback_has_labels_and_what_is_said_of_its_name() {
    let (_, registry) = registry();
    let queue = |stage| registry.metric("waiting").label("stage", stage);
    let said = queue("parse").help("Records that wait").unit("records").merge(GaugeMerge::Sum);
    let _parse = said.callback(|| 3.0).unwrap();
    let _load = queue("load").callback(|| 4.0).unwrap();
    let snapshot = registry.collect();
    assert_eq!(snapshot.gauge_with("waiting", &[("stage", "parse")]), Some(3.0));
    assert_eq!(snapshot.gauge_with("waiting", &[("stage", "load")]), Some(4.0));
    let description = snapshot.description("waiting").unwrap();
    assert_eq!(description.help.as_deref(), Some("Records that wait"));
    assert_eq!(description.unit.as_deref(), Some("records"));
    assert_eq!(description.merge, GaugeMerge::Sum);
}

#[test]
fn a_dropped_guard_takes_the_callback_out_and_a_kept_one_leaves_it() {
    let (_, registry) = registry();
    let guard = registry.callback("gone", || 1.0).unwrap();
    registry.callback("stays", || 2.0).unwrap().keep();
    assert_eq!(registry.collect().gauge("gone"), Some(1.0));
    drop(guard);
    let snapshot = registry.collect();
    assert_eq!((snapshot.gauge("gone"), snapshot.gauge("stays")), (None, Some(2.0)));
    assert_eq!(registry.keys().len(), 1);
    let _again = registry.counter("gone").unwrap();
}

#[test]
fn a_guard_takes_out_only_what_it_is_of() {
    let (_, registry) = registry();
    let first = registry.callback("level", || 1.0).unwrap();
    assert_eq!(registry.unregister("level"), 1);
    let _second = registry.callback("level", || 2.0).unwrap();
    drop(first);
    assert_eq!(registry.collect().gauge("level"), Some(2.0));
}

#[test]
fn a_series_that_is_there_can_be_no_callback_and_a_callback_no_gauge() {
    let (_, registry) = registry();
    let why = "is registered already, and what gives its value can't be shared: drop its guard or unregister it first";
    let _level = registry.gauge("level").unwrap();
    let error = registry.callback("level", || 1.0).unwrap_err().to_string();
    assert_eq!(error, format!("metric `level` {why}"));
    let asked = || registry.metric("asked").label("of", "a");
    let _guard = asked().callback(|| 1.0).unwrap();
    for error in [asked().callback(|| 2.0).unwrap_err(), asked().gauge().unwrap_err()] {
        assert_eq!(error.to_string(), format!("metric `asked{{of=\"a\"}}` {why}"));
    }
    let error = registry.health("asked", || Ok::<_, &str>(())).unwrap_err().to_string();
    assert_eq!(error, "metric `asked` was asked for as a health check but is a gauge");
    let snapshot = registry.collect();
    assert_eq!(snapshot.gauge_with("asked", &[("of", "a")]), Some(1.0));
    assert_eq!(snapshot.gauge("level"), Some(0.0));
    assert_eq!(snapshot.counter("flowmeter.refused"), Some(4));
}

#[test]
fn what_is_not_a_number_is_kept_bit_for_bit_and_so_read_back() {
    let (_, registry) = registry();
    let bits = [0x7ff8_0000_dead_beef, 0xfff0_0000_0000_0001, 0x8000_0000_0000_0000];
    let bits = bits.into_iter().chain([f64::INFINITY, f64::NEG_INFINITY].map(f64::to_bits));
    let bits: Vec<u64> = bits.collect();
    for (n, &bits) in bits.iter().enumerate() {
        registry.callback(&format!("level.{n}"), move || f64::from_bits(bits)).unwrap().keep();
    }
    let snapshot = registry.collect();
    let read_back = Snapshot::from_json(&snapshot.to_json()).unwrap();
    for (n, &bits) in bits.iter().enumerate() {
        for snapshot in [&snapshot, &read_back] {
            let level = snapshot.gauge(&format!("level.{n}")).unwrap();
            assert_eq!(level.to_bits(), bits);
        }
    }
}

#[test]
fn a_disabled_registry_calls_nothing() {
    let registry = Registry::disabled();
    let never = || unreachable!("it is never called");
    let _level = registry.callback("level", never).unwrap();
    let _again = registry.callback("level", never).unwrap();
    assert!(registry.collect().series().next().is_none());
}
