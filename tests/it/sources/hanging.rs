//! What hangs is waited for once, for a bounded time; everything else is there.

use super::{
    Gate, Gives, OVERRUN, WAIT, collect_past, collect_past_and, counted, gate, registry, until,
};
use crossbeam_channel::unbounded;
use flowmeter::{Health, ManualClock, Registry, Sample, Snapshot};
use std::thread;
use std::time::Duration;

fn hangs(registry: &Registry, name: &str) -> Gate {
    let (mut pass, gate) = gate();
    let level = move || {
        pass();
        5.0
    };
    registry.callback(name, level).unwrap().keep();
    gate
}

fn there(registry: &Registry, name: &str) {
    registry.callback(name, || 1.0).unwrap().keep();
}

/// Collects past the gates, and looks that it took exactly the time that it may.
fn bounded(clock: &ManualClock, registry: &Registry, gates: &[&Gate]) -> Snapshot {
    let start = clock.clock().now();
    let snapshot = collect_past(clock, registry, gates);
    assert_eq!(snapshot.taken().at.since(start), WAIT);
    snapshot
}

fn late(snapshot: &Snapshot, name: &str) -> u64 {
    counted(snapshot, "late", name).unwrap()
}

#[test]
fn a_callback_that_hangs_is_absent_and_late_and_all_others_are_there() {
    let (clock, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    there(&registry, "before");
    let dead = hangs(&registry, "dead");
    there(&registry, "after");
    let last = hangs(&registry, "last");
    rows.add(3);
    let snapshot = bounded(&clock, &registry, &[&dead, &last]);
    assert_eq!((snapshot.gauge("dead"), late(&snapshot, "dead")), (None, 1));
    for name in ["before", "after"] {
        assert_eq!((snapshot.gauge(name), late(&snapshot, name)), (Some(1.0), 0), "{name}");
    }
    assert_eq!(snapshot.counter("rows"), Some(3));
    assert_eq!(snapshot.gauge("flowmeter.stuck"), Some(2.0));
}

#[test]
fn later_collections_do_not_wait_for_what_hangs_and_do_not_call_it() {
    let (clock, registry) = registry();
    let dead = hangs(&registry, "dead");
    there(&registry, "after");
    collect_past(&clock, &registry, &[&dead]);
    for times in 2..5 {
        // On this thread: nobody moves the clock.
        let snapshot = registry.collect();
        assert_eq!((snapshot.gauge("dead"), late(&snapshot, "dead")), (None, times));
        assert_eq!(snapshot.gauge("after"), Some(1.0));
    }
    assert_eq!(dead.arrivals(), 0);
}

#[test]
fn what_has_hung_answers_again_once_it_returns() {
    let (clock, registry) = registry();
    let dead = hangs(&registry, "dead");
    let snapshot = bounded(&clock, &registry, &[&dead]);
    assert_eq!(snapshot.gauge("flowmeter.stuck"), Some(1.0));
    dead.open();
    until(|| registry.collect().gauge("dead") == Some(5.0));
    let snapshot = registry.collect();
    assert_eq!(snapshot.gauge("flowmeter.stuck"), Some(0.0));
    assert_eq!(snapshot.gauge("dead"), Some(5.0));
}

#[test]
fn a_source_and_a_check_that_hang_are_absent_and_late() {
    let (clock, registry) = registry();
    let (mut pass_source, source) = gate();
    let (mut pass_check, check) = gate();
    let give = move |sample: &mut Sample| {
        sample.gauge("first", 1.0);
        pass_source();
        sample.gauge("second", 2.0);
    };
    registry.source("disks", Gives(give)).unwrap().keep();
    let says = move || {
        pass_check();
        Ok::<_, &str>(())
    };
    registry.health("mount", says).unwrap().keep();
    let last = hangs(&registry, "last");
    let snapshot = bounded(&clock, &registry, &[&source, &check, &last]);
    assert_eq!((snapshot.gauge("disks.first"), snapshot.health("mount")), (None, None));
    assert_eq!((late(&snapshot, "disks"), late(&snapshot, "mount")), (1, 1));
    source.open();
    check.open();
    until(|| registry.collect().gauge("disks.second").is_some());
    until(|| registry.collect().health("mount") == Some(&Health::Healthy));
    assert_eq!(registry.collect().gauge("disks.first"), Some(1.0));
}

#[test]
fn four_that_hang_hold_nothing_else_up_and_with_a_fifth_all_are_late_at_once() {
    let (clock, registry) = registry();
    let rows = registry.counter("rows").unwrap();
    there(&registry, "before");
    let mut gates: Vec<Gate> = (0..4).map(|n| hangs(&registry, &format!("dead.{n}"))).collect();
    there(&registry, "behind");
    let (tell, told) = unbounded();
    // Called after `behind` has answered: what it says itself may come too late, after this collection.
    let signal = move || f64::from(u8::from(tell.send(()).is_ok()));
    let signal = registry.callback("signal", signal).unwrap();
    rows.add(1);
    let four: Vec<_> = gates.iter().collect();
    let snapshot = collect_past_and(&clock, &registry, &four, || told.recv().unwrap());
    drop(signal);
    assert_eq!(snapshot.taken().at.as_nanos(), WAIT.as_nanos() as u64);
    assert_eq!((snapshot.gauge("before"), snapshot.counter("rows")), (Some(1.0), Some(1)));
    assert_eq!((snapshot.gauge("behind"), late(&snapshot, "behind")), (Some(1.0), 0));
    assert_eq!((late(&snapshot, "dead.0"), late(&snapshot, "dead.3")), (1, 1));
    assert_eq!(snapshot.gauge("flowmeter.stuck"), Some(4.0));

    gates.push(hangs(&registry, "dead.4"));
    there(&registry, "last");
    bounded(&clock, &registry, &[&gates[4]]);
    // On this thread: nobody moves the clock.
    let snapshot = registry.collect();
    assert_eq!((snapshot.gauge("before"), snapshot.gauge("last")), (None, None));
    assert_eq!((late(&snapshot, "last"), snapshot.gauge("flowmeter.stuck")), (2, Some(5.0)));
    gates.into_iter().for_each(Gate::open);
    until(|| {
        let snapshot = registry.collect();
        let all = (0..5).all(|n| snapshot.gauge(&format!("dead.{n}")) == Some(5.0));
        all && snapshot.gauge("last") == Some(1.0)
    });
    assert_eq!(registry.collect().gauge("flowmeter.stuck"), Some(0.0));
}

#[test]
fn what_hangs_can_be_taken_out_and_is_then_not_late() {
    let (clock, registry) = registry();
    let (mut pass, dead) = gate();
    let guard = registry.callback("dead", move || {
        pass();
        5.0
    });
    let snapshot = thread::scope(|scope| {
        let collecting = scope.spawn(|| registry.collect());
        dead.until_somebody_waits();
        drop(guard);
        clock.advance(WAIT);
        collecting.join().unwrap()
    });
    assert_eq!((snapshot.gauge("dead"), counted(&snapshot, "late", "dead")), (None, None));
    let _dead = registry.callback("dead", || 6.0).unwrap();
    assert_eq!(registry.collect().gauge("dead"), Some(6.0));
    dead.open();
}

#[test]
fn a_collection_waits_for_a_second_unless_told() {
    for told in [None, Some(Duration::from_millis(30))] {
        let wait = told.unwrap_or(Duration::from_secs(1));
        // An advance returns when the collector waits again, or has left for good.
        let just_before = wait - Duration::from_nanos(1);
        for (opened_after, times) in [(just_before, 0), (wait, 1)] {
            let clock = ManualClock::new();
            let builder = Registry::builder().clock(clock.clock());
            let registry = match told {
                Some(wait) => builder.source_wait(wait).build(),
                None => builder.build(),
            };
            let dead = hangs(&registry, "dead");
            let snapshot = thread::scope(|scope| {
                let collecting = scope.spawn(|| registry.collect());
                dead.until_somebody_waits();
                clock.advance(opened_after);
                dead.open();
                collecting.join().unwrap()
            });
            assert_eq!(late(&snapshot, "dead"), times, "{opened_after:?}");
            assert_eq!(snapshot.gauge("dead").is_some(), times == 0, "{opened_after:?}");
        }
    }
}

#[test]
fn what_is_slow_but_returns_in_time_is_there() {
    let (clock, registry) = registry();
    let slow = hangs(&registry, "slow");
    let snapshot = thread::scope(|scope| {
        let collecting = scope.spawn(|| registry.collect());
        slow.until_somebody_waits();
        clock.advance(OVERRUN * 2);
        slow.open();
        collecting.join().unwrap()
    });
    assert_eq!((snapshot.gauge("slow"), late(&snapshot, "slow")), (Some(5.0), 0));
}
