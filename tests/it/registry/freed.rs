//! A registry that is dropped frees everything that it held, and its handles know.

use flowmeter::{Registry, Sample, Source};
use std::sync::{Arc, Weak};

struct Holds(Arc<()>);

impl Source for Holds {
    fn sample(&mut self, sample: &mut Sample) {
        sample.gauge("held", Arc::strong_count(&self.0) as f64);
    }
}

/// A registry with a callback, a check and a source; and what they hold.
fn full() -> (Registry, Vec<Weak<()>>) {
    let registry = Registry::new();
    let held: Vec<_> = (0..3).map(|_| Arc::new(())).collect();
    let weak = held.iter().map(Arc::downgrade).collect();
    let mut held = held.into_iter();
    let mut next = || held.next().unwrap();
    let (level, well) = (next(), next());
    registry.callback("level", move || Arc::strong_count(&level) as f64).unwrap().keep();
    let check = move || if Arc::strong_count(&well) == 1 { Ok(()) } else { Err("shared") };
    registry.health("well", check).unwrap().keep();
    registry.source("pool", Holds(next())).unwrap().keep();
    (registry, weak)
}

fn alive(held: &[Weak<()>]) -> usize {
    held.iter().filter(|held| held.strong_count() > 0).count()
}

#[test]
fn a_dropped_registry_frees_what_its_calls_hold() {
    for collected in [false, true] {
        let (registry, held) = full();
        if collected {
            let snapshot = registry.collect();
            assert_eq!(
                (snapshot.gauge("level"), snapshot.gauge("pool.held")),
                (Some(1.0), Some(1.0))
            );
        }
        let (scope, clone) = (registry.scope("x"), registry.clone());
        drop(registry);
        assert_eq!(alive(&held), 3, "a clone lives");
        drop(clone);
        assert_eq!(alive(&held), 0);
        drop(scope);
    }
}

#[test]
fn what_is_taken_out_or_refused_is_freed_at_once() {
    let (registry, held) = full();
    let another = Arc::new(());
    let refused = Arc::clone(&another);
    registry.callback("level", move || Arc::strong_count(&refused) as f64).unwrap_err();
    registry.source("pool", Holds(Arc::clone(&another))).unwrap_err();
    assert_eq!(Arc::strong_count(&another), 1);
    registry.unregister("level");
    assert_eq!(alive(&held), 2);
    registry.unregister_all();
    assert_eq!(alive(&held), 0);
    let guard = registry.source("pool", Holds(Arc::clone(&another))).unwrap();
    assert_eq!(Arc::strong_count(&another), 2);
    drop(guard);
    assert_eq!(Arc::strong_count(&another), 1);
}

#[test]
fn what_is_freed_may_use_the_registry() {
    struct Counts(flowmeter::Scope);
    impl Drop for Counts {
        fn drop(&mut self) {
            if let Ok(dropped) = self.0.counter("dropped") {
                dropped.inc();
            }
        }
    }
    let registry = Registry::new();
    let callback = |name| {
        let counts = Counts(registry.scope(""));
        let level = move || counts.0.keys().len() as f64;
        registry.callback(name, level).map(flowmeter::SourceGuard::keep)
    };
    callback("level").unwrap();
    callback("level").unwrap_err();
    assert_eq!(registry.collect().counter("dropped"), Some(1));
    registry.unregister("level");
    assert_eq!(registry.collect().counter("dropped"), Some(2));
    callback("level").unwrap();
    drop(registry);
}

#[test]
fn a_source_that_holds_a_scope_does_not_keep_its_registry_alive() {
    struct OfScope(flowmeter::Scope, #[expect(dead_code)] Arc<()>);
    impl Source for OfScope {
        fn sample(&mut self, sample: &mut Sample) {
            sample.gauge("keys", self.0.keys().len() as f64);
        }
    }
    let (registry, held) = (Registry::new(), Arc::new(()));
    registry.source("self", OfScope(registry.scope(""), Arc::clone(&held))).unwrap().keep();
    assert_eq!(registry.collect().gauge("self.keys"), Some(0.0));
    drop(registry);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn handles_know_when_their_registry_is_gone() {
    let registry = Registry::new();
    let (rows, level) = (registry.counter("rows").unwrap(), registry.gauge("level").unwrap());
    let (sizes, marks) = (registry.histogram("sizes").unwrap(), registry.meter("marks").unwrap());
    let load = registry.timer("load").unwrap();
    let clone = registry.clone();
    drop(registry);
    assert!(rows.is_registered());
    drop(clone);
    assert!(!rows.is_registered() && !level.is_registered() && !sizes.is_registered());
    assert!(!marks.is_registered() && !load.is_registered());
}

#[test]
fn a_guard_may_outlive_its_registry() {
    let registry = Registry::new();
    let guard = registry.callback("level", || 1.0).unwrap();
    drop(registry);
    drop(guard);
}
