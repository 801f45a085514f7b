//! Users' code that uses the registry which calls it, or drops it: nothing deadlocks, no lock is held.

use super::{Gives, OnDrop, WAIT, counted, gate, registry};
use crossbeam_channel::unbounded;
use flowmeter::{Registry, Sample, Scope, SourceGuard};
use std::sync::{Arc, Mutex};
use std::thread;

/// Does all that can be done with a scope, here and on another thread, for which a lock that is held here is
/// held too.
fn use_up(scope: &Scope) {
    let all = |scope: &Scope| {
        scope.counter("used").unwrap().add(1);
        let _callback = scope.callback("inner", || 1.0).unwrap();
        drop(scope.source("source", Gives(|sample: &mut Sample| sample.gauge("a", 1.0))).unwrap());
        scope.health("check", || Ok::<_, &str>(())).unwrap().keep();
        assert_eq!(scope.keys().len(), 3);
        assert_eq!(scope.unregister("check"), 1);
        scope.callback("used", || 1.0).unwrap_err();
    };
    all(scope);
    thread::scope(|threads| threads.spawn(|| all(scope)).join().unwrap());
}

#[test]
fn a_call_may_register_and_unregister() {
    let (_, registry) = registry();
    let scope = registry.scope("inside");
    let level = move || {
        use_up(&scope);
        1.0
    };
    let _guard = registry.callback("level", level).unwrap();
    let scope = registry.scope("within");
    let give = move |sample: &mut Sample| {
        use_up(&scope);
        sample.gauge("level", 1.0);
    };
    let _source = registry.source("of", Gives(give)).unwrap();
    for times in [2, 4, 6] {
        let snapshot = registry.collect();
        assert_eq!((snapshot.gauge("level"), snapshot.gauge("of.level")), (Some(1.0), Some(1.0)));
        assert_eq!(snapshot.counter("inside.used"), Some(times));
        assert_eq!(snapshot.counter("within.used"), Some(times));
    }
}

#[test]
fn a_callback_may_take_itself_out() {
    let (_, registry) = registry();
    let scope = registry.scope("");
    let value = Arc::new(());
    let held = Arc::clone(&value);
    let level = move || {
        assert_eq!(Arc::strong_count(&held), 2);
        scope.unregister("level") as f64
    };
    registry.callback("level", level).unwrap().keep();
    let snapshot = registry.collect();
    assert_eq!((snapshot.gauge("level"), counted(&snapshot, "late", "level")), (None, None));
    super::until(|| Arc::strong_count(&value) == 1);
}

#[test]
fn a_callback_may_drop_its_own_guard() {
    let (_, registry) = registry();
    let place: Arc<Mutex<Option<SourceGuard>>> = Arc::default();
    let inside = Arc::clone(&place);
    let level = move || {
        drop(inside.lock().unwrap().take());
        1.0
    };
    *place.lock().unwrap() = Some(registry.callback("level", level).unwrap());
    let snapshot = registry.collect();
    assert_eq!((snapshot.gauge("level"), counted(&snapshot, "panicked", "level")), (None, None));
    super::until(|| Arc::strong_count(&place) == 1);
}

#[test]
fn a_collection_from_inside_leaves_out_what_is_called() {
    let (_, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    let inside = registry.clone();
    let (tell, told) = unbounded();
    let level = move || {
        tell.send(inside.collect()).unwrap();
        1.0
    };
    let guard = registry.callback("level", level).unwrap();
    let _other = registry.callback("other", || 1.0).unwrap();
    rows.add(1);
    assert_eq!(registry.collect().gauge("level"), Some(1.0));
    let seen = told.recv().unwrap();
    assert_eq!(seen.counter("rows"), Some(1));
    assert_eq!((seen.gauge("level"), seen.gauge("other")), (None, None));
    assert_eq!(counted(&seen, "late", "other"), Some(0));
    drop(guard);
}

#[test]
fn a_callback_may_report() {
    let (_, registry) = registry();
    let inside = registry.clone();
    let mut reports = registry.reports();
    let guard = registry.callback("level", move || {
        let seen = [inside.report(), reports.read()];
        seen.iter().filter(|report| report.snapshot().gauge("level").is_none()).count() as f64
    });
    for _ in 0..3 {
        assert_eq!(registry.collect().gauge("level"), Some(2.0));
    }
    drop(guard);
}

#[test]
fn a_callback_that_reports_while_it_is_reported_ends_and_so_does_the_report() {
    let (clock, registry) = registry();
    let inside = registry.clone();
    let (mut pass, at) = gate();
    let (tell, told) = unbounded();
    let guard = registry.callback("level", move || {
        pass();
        tell.send(inside.report()).unwrap();
        1.0
    });
    let report = thread::scope(|scope| {
        let reporting = scope.spawn(|| registry.report());
        at.until_somebody_waits();
        at.open();
        clock.advance(WAIT);
        reporting.join().unwrap()
    });
    assert_eq!(told.recv().unwrap().snapshot().gauge("level"), None);
    let level = report.snapshot().gauge("level");
    let late = counted(report.snapshot(), "late", "level").unwrap();
    assert_eq!(level.is_some(), late == 0);
    drop(guard);
}

#[test]
fn what_is_dropped_may_use_the_registry() {
    let (_, registry) = registry();
    let uses = || {
        let scope = registry.scope("inside");
        OnDrop(move || use_up(&scope))
    };
    let add = |name: &str| {
        let uses = uses();
        registry.callback(name, move || {
            let _uses = &uses;
            1.0
        })
    };
    let give = |uses: OnDrop<_>| {
        Gives(move |sample: &mut Sample| {
            let _uses = &uses;
            sample.gauge("level", 1.0);
        })
    };
    drop(add("by.guard").unwrap());
    add("by.name").unwrap().keep();
    assert_eq!(registry.unregister("by.name"), 1);
    let _taken = registry.gauge("taken").unwrap();
    add("taken").unwrap_err();
    drop(registry.source("of", give(uses())).unwrap());
    registry.source("of", give(uses())).unwrap().keep();
    registry.source("of", give(uses())).unwrap_err();
    assert_eq!(registry.collect().counter("inside.used"), Some(10));
    registry.unregister_all();
    assert_eq!(registry.collect().counter("inside.used"), Some(2), "it was taken out meanwhile");
}

#[test]
fn what_is_dropped_with_its_registry_finds_it_gone() {
    let (_, registry) = registry();
    let scope = registry.scope("");
    let (tell, told) = unbounded();
    let finds = OnDrop(move || tell.send(scope.counter("rows").is_err()).unwrap());
    let level = move || {
        let _finds = &finds;
        1.0
    };
    registry.callback("level", level).unwrap().keep();
    registry.collect();
    drop(registry);
    assert_eq!(told.recv(), Ok(true));
}

#[test]
fn a_callback_may_drop_the_last_registry() {
    let (clock, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    let (mut pass, at) = gate();
    let (tell, told) = unbounded();
    let mut last: Option<Registry> = Some(registry.clone());
    let level = move || {
        pass();
        drop(last.take());
        tell.send(()).unwrap();
        1.0
    };
    registry.callback("level", level).unwrap().keep();
    registry.callback("other", || 1.0).unwrap().keep();
    super::collect_past(&clock, &registry, &[&at]);
    drop(registry);
    assert!(rows.is_registered());
    at.open();
    told.recv().unwrap();
    assert!(!rows.is_registered());
    assert!(told.recv().is_err(), "the callback is freed too");
}

#[test]
fn two_registries_whose_callbacks_collect_each_other_both_end() {
    let (clock, one) = registry();
    let other = Registry::builder().clock(clock.clock()).source_wait(WAIT).build();
    let collects = |registry: &Registry| {
        let registry = registry.clone();
        move || registry.collect().counter("rows").unwrap() as f64
    };
    for registry in [&one, &other] {
        registry.counter("rows").unwrap().add(1);
    }
    let guards =
        [one.callback("of.other", collects(&other)), other.callback("of.one", collects(&one))];
    thread::scope(|scope| {
        for registry in [&one, &other, &one] {
            let collecting = scope.spawn(|| registry.collect());
            while !collecting.is_finished() {
                clock.advance(WAIT);
            }
            assert_eq!(collecting.join().unwrap().counter("rows"), Some(1));
        }
    });
    drop(guards);
}
