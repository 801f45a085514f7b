//! The order in which a manual clock wakes those who wait, and whom an advance waits for.

use super::{END_OF_TIME, Log, Worker, at_secs, notes, secs, ticking};
use crossbeam_channel::bounded;
use flowmeter::ManualClock;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

#[test]
fn waiters_wake_in_the_order_of_their_deadlines_then_of_their_waits() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let workers = [("late", 30), ("early", 10), ("between", 20)]
        .map(|(name, period)| ticking(&manual.clock(), &log, name, secs(period)));
    manual.advance(secs(29));
    // At 20 the one waited since the origin, the other since 10.
    let expected = notes([(10, "early"), (20, "between"), (20, "early")]);
    assert_eq!(log.take(), expected);
    manual.advance(secs(1));
    assert_eq!(log.take(), notes([(30, "late"), (30, "early")]));
    workers.into_iter().for_each(Worker::end);
}

#[test]
fn one_long_advance_interleaves_periodic_waiters_like_many_short_ones() {
    let periods = [("a", 2), ("b", 3), ("c", 5), ("d", 7), ("e", 7)];
    let (manual, log) = (ManualClock::new(), Log::default());
    let workers = periods.map(|(name, period)| {
        let worker = ticking(&manual.clock(), &log, name, secs(period));
        // Waits before the next one is started: that settles the ties.
        manual.advance(Duration::ZERO);
        worker
    });
    let mut orders = 0..;
    let mut waiting: BTreeSet<_> = periods
        .iter()
        .zip(&mut orders)
        .map(|(&(name, period), order)| (period, order, name, period))
        .collect();
    let mut wake_all_until = |until| {
        let mut expected = Vec::new();
        while waiting.first().is_some_and(|(at, ..)| *at <= until) {
            let (at, _, name, period) = waiting.pop_first().unwrap();
            waiting.insert((at + period, orders.next().unwrap(), name, period));
            expected.push((at, name.to_owned()));
        }
        expected
    };
    manual.advance(secs(1_000));
    assert_eq!(log.take(), wake_all_until(1_000));
    for second in 1_001..1_100 {
        manual.advance(secs(1));
        assert_eq!(log.take(), wake_all_until(second));
    }
    workers.into_iter().for_each(Worker::end);
}

#[test]
fn an_advance_goes_on_only_when_the_woken_waiter_waits_again() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let clock = manual.clock();
    let (at_gate, arrived) = bounded(0);
    let (open, gate) = bounded::<()>(0);
    let gated = Worker::start(&clock, {
        let clock = clock.clone();
        move |mut waiter, stopped| {
            let _ = waiter.recv_deadline(&stopped, at_secs(5));
            at_gate.send(clock.now()).unwrap();
            gate.recv().unwrap();
            let _ = waiter.recv_deadline(&stopped, END_OF_TIME);
        }
    });
    let ticker = ticking(&clock, &log, "tick", secs(6));
    let mover = thread::spawn(move || manual.advance(secs(10)));
    assert_eq!(arrived.recv(), Ok(at_secs(5)));
    for _ in 0..100 {
        thread::yield_now();
        assert!(!mover.is_finished());
        assert_eq!((clock.now(), log.take()), (at_secs(5), vec![]));
    }
    open.send(()).unwrap();
    mover.join().unwrap();
    assert_eq!((clock.now(), log.take()), (at_secs(10), notes([(6, "tick")])));
    gated.end();
    ticker.end();
}

#[test]
fn an_advance_waits_for_a_waiter_that_has_not_waited_yet() {
    for _ in 0..200 {
        let (manual, log) = (ManualClock::new(), Log::default());
        let ticker = ticking(&manual.clock(), &log, "tick", secs(1));
        manual.advance(secs(2));
        assert_eq!(log.take(), notes([(1, "tick"), (2, "tick")]));
        ticker.end();
    }
}

#[test]
fn an_advance_waits_for_no_waiter_that_was_dropped() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let clock = manual.clock();
    drop(clock.waiter());
    let moved = clock.waiter();
    let once = Worker::start(&clock, {
        let (clock, log) = (clock.clone(), log.clone());
        move |mut waiter, stopped| {
            drop(moved);
            let _ = waiter.recv_deadline(&stopped, at_secs(5));
            log.note(&clock, "last words");
        }
    });
    let ticker = ticking(&clock, &log, "tick", secs(10));
    manual.advance(secs(10));
    assert_eq!(log.take(), notes([(5, "last words"), (10, "tick")]));
    once.end();
    ticker.end();
}

#[test]
fn a_waiter_whose_thread_panics_hinders_nobody() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let panicking = Worker::start(&manual.clock(), |mut waiter, stopped| {
        let _ = waiter.recv_deadline(&stopped, at_secs(5));
        resume_unwind(Box::new("as planned"));
    });
    let ticker = ticking(&manual.clock(), &log, "tick", secs(4));
    manual.advance(secs(8));
    assert_eq!(log.take(), notes([(4, "tick"), (8, "tick")]));
    assert!(panicking.thread.join().is_err());
    ticker.end();
}

#[test]
fn two_advances_at_once_go_one_after_the_other() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let ticker = ticking(&manual.clock(), &log, "tick", secs(3));
    let movers = [1, 2, 3, 4].map(|step| {
        let manual = manual.clone();
        thread::spawn(move || (0..100).for_each(|_| manual.advance(secs(step))))
    });
    movers.into_iter().for_each(|mover| mover.join().unwrap());
    assert_eq!(manual.clock().now(), at_secs(1_000));
    let expected: Vec<_> = (1..=333).map(|tick| (3 * tick, "tick".to_owned())).collect();
    assert_eq!(log.take(), expected);
    ticker.end();
}
