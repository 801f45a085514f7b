//! What is taken out is unseen, says so, and begins anew when it is asked for again.

use super::{series, texts};
use flowmeter::{Change, Registry, Sample, Source, Value};

struct Gives;

impl Source for Gives {
    fn sample(&mut self, sample: &mut Sample) {
        sample.gauge("open", 1.0);
    }
}

#[test]
fn taking_out_tells_how_many_series_and_sources_there_were() {
    let registry = Registry::new();
    for id in ["a", "b", "c"] {
        registry.counter_with("rows", &[("id", id), ("x", "y")]).unwrap();
    }
    registry.gauge("level").unwrap();
    registry.source("pool", Gives).unwrap().keep();
    assert_eq!([registry.unregister("pool"), registry.unregister("pool")], [1, 0]);
    registry.source("pool", Gives).unwrap().keep();
    registry.callback("size", || 1.0).unwrap().keep();
    assert!(registry.unregister_with("rows", &[("x", "y"), ("id", "b")]));
    assert!(!registry.unregister_with("rows", &[("x", "y"), ("id", "b")]));
    assert!(!registry.unregister_with("rows", &[("id", "a")]));
    assert!(!registry.unregister_with("rows", &[("", "a")]));
    assert_eq!([registry.unregister("rows"), registry.unregister("rows")], [2, 0]);
    assert_eq!([registry.unregister(""), registry.unregister("row")], [0, 0]);
    assert_eq!([registry.unregister_all(), registry.unregister_all()], [3, 0]);
    assert_eq!((series(&registry), registry.keys()), (0, Vec::new()));
    let own = texts(registry.collect().series().map(|series| series.key.clone()).collect());
    assert_eq!(
        own,
        [
            "flowmeter.overflow",
            "flowmeter.refused",
            "flowmeter.series",
            "flowmeter.stuck",
            "flowmeter.threads_without_cells",
            "flowmeter.without_cells"
        ]
    );
}

#[test]
fn handles_of_what_is_taken_out_count_on_unseen_and_say_so() {
    let registry = Registry::new();
    let (rows, level) = (registry.counter("rows").unwrap(), registry.gauge("level").unwrap());
    let (sizes, marks) = (registry.histogram("sizes").unwrap(), registry.meter("marks").unwrap());
    let load = registry.timer("load").unwrap();
    let shown = || {
        [
            rows.is_registered(),
            level.is_registered(),
            sizes.is_registered(),
            marks.is_registered(),
            load.is_registered(),
        ]
    };
    assert_eq!(shown(), [true; 5]);
    assert!(rows.clone().is_registered());
    registry.unregister_all();
    assert_eq!(shown(), [false; 5]);
    rows.add(2);
    level.set(2.0);
    sizes.record(2);
    marks.mark(2);
    load.time(|| ());
    assert_eq!((rows.value(), level.value(), sizes.snapshot().count()), (2, 2.0, 1));
    assert_eq!((marks.snapshot().total(), load.snapshot().count()), (2, 1));
    assert_eq!(series(&registry), 0);
}

#[test]
fn what_is_asked_for_again_is_a_new_series_from_zero() {
    let registry = Registry::new();
    let old = registry.counter("rows").unwrap();
    old.add(5);
    registry.unregister("rows");
    let new = registry.counter("rows").unwrap();
    assert_eq!((old.is_registered(), new.is_registered(), new.value()), (false, true, 0));
    old.inc();
    assert_eq!(registry.collect().counter("rows"), Some(0));
}

#[test]
fn a_new_series_is_seen_to_have_restarted_even_when_it_has_counted_more() {
    let registry = Registry::new();
    let count = |n: u64| {
        registry.counter("rows").unwrap().add(n);
        registry.histogram("sizes").unwrap().record_n(1, n);
        registry.meter("marks").unwrap().mark(n);
        let load = registry.timer("load").unwrap();
        (0..n).for_each(|_| load.time(|| ()));
        registry.collect()
    };
    let (before, same) = (count(5), count(1));
    registry.unregister_all();
    let after = count(9);
    for (name, _) in [("rows", 0), ("sizes", 0), ("marks", 0), ("load", 0)] {
        let restarted = |delta: flowmeter::Delta| delta.get(name).unwrap().restarted();
        assert_eq!(restarted(same.delta(&before)), Some(false), "{name}");
        assert_eq!(restarted(after.delta(&same)), Some(true), "{name}");
    }
    let delta = after.delta(&same);
    let change = delta.get("rows").unwrap();
    assert!(matches!(change, Change::Counter { increase: 9, total: 9, .. }), "{change:?}");
    assert_eq!(change.now(), Value::Counter(9));
}

#[test]
fn the_guard_of_what_was_taken_out_takes_nothing_else_out() {
    let registry = Registry::new();
    let old = registry.callback("level", || 1.0).unwrap();
    assert_eq!(registry.unregister("level"), 1);
    let new = registry.callback("level", || 2.0).unwrap();
    drop(old);
    assert_eq!(registry.collect().gauge("level"), Some(2.0));
    drop(new);
    assert_eq!((registry.collect().gauge("level"), series(&registry)), (None, 0));

    let old = registry.callback("level", || 1.0).unwrap();
    assert_eq!(registry.unregister("level"), 1);
    let held = registry.gauge("level").unwrap();
    held.set(3.0);
    drop(old);
    assert_eq!((registry.collect().gauge("level"), held.is_registered()), (Some(3.0), true));
}

#[test]
fn jobs_stay_when_all_series_are_taken_out() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    job.scope().counter("rows").unwrap();
    assert_eq!(registry.unregister_all(), 1);
    assert!(registry.collect().job("copy").is_some());
    drop(job);
}
