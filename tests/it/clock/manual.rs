//! What a manual clock shows: where it starts, how far it goes, how its wall steps.

use super::{END_OF_TIME, Log, Worker, at_secs, new_year_2000, notes, secs, ticking};
use crossbeam_channel::bounded;
use flowmeter::{ManualClock, Moment};
use std::time::{Duration, UNIX_EPOCH};

#[test]
fn a_manual_clock_starts_at_its_origin_at_new_year_2000() {
    let clock = ManualClock::new().clock();
    assert_eq!(clock.now(), Moment::default());
    assert_eq!(clock.wall(), new_year_2000());
    assert_eq!(clock.stamp().unix_ms, 946_684_800_000);
    assert_eq!(clock.stamp().wall(), clock.wall());
}

#[test]
fn clones_of_a_manual_clock_move_the_same_time() {
    let manual = ManualClock::default();
    let clock = manual.clock();
    manual.clone().advance(secs(1));
    manual.advance(secs(2));
    assert_eq!(clock.clone().now(), at_secs(3));
    assert_eq!(format!("{manual:?}"), "ManualClock { now: Moment { nanos: 3000000000 }, .. }");
}

#[test]
fn the_wall_steps_while_monotonic_time_does_not_and_both_advance_together() {
    let manual = ManualClock::new();
    let clock = manual.clock();
    manual.advance(secs(10));
    assert_eq!(clock.wall(), new_year_2000() + secs(10));
    for stepped in [UNIX_EPOCH + secs(5), UNIX_EPOCH - secs(5), new_year_2000() + secs(86_400)] {
        let before = clock.now();
        manual.set_wall(stepped);
        assert_eq!((clock.now(), clock.wall()), (before, stepped));
        manual.advance(secs(7));
        assert_eq!(clock.now(), before + secs(7));
        assert_eq!(clock.wall(), stepped + secs(7));
    }
}

#[test]
fn a_step_of_the_wall_wakes_nobody() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let ticker = ticking(&manual.clock(), &log, "tick", secs(10));
    manual.advance(Duration::ZERO);
    manual.set_wall(new_year_2000() + secs(3_600));
    manual.advance(secs(9));
    assert_eq!(log.take(), []);
    manual.advance(secs(1));
    assert_eq!(log.take(), notes([(10, "tick")]));
    ticker.end();
}

#[test]
fn a_manual_clock_stops_at_the_end_of_time() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let clock = manual.clock();
    let century = secs(100 * 365 * 86_400);
    let ticker = ticking(&clock, &log, "century", century);
    manual.advance(Duration::MAX);
    assert_eq!(clock.now(), END_OF_TIME);
    assert_eq!(log.take().len(), 5);
    manual.advance(Duration::MAX);
    assert_eq!(clock.now(), END_OF_TIME);
    assert!(clock.wall() > new_year_2000() + 5 * century);
    ticker.end();
}

#[test]
fn at_the_end_of_time_no_deadline_comes_but_messages_do() {
    let (manual, log) = (ManualClock::new(), Log::default());
    manual.advance(Duration::MAX);
    let (sender, inbox) = bounded(0);
    let clock = manual.clock();
    let worker = Worker::start(&clock.clone(), {
        let log = log.clone();
        move |mut waiter, _| {
            let message = waiter.recv_deadline(&inbox, clock.now() + secs(10));
            log.note(&clock, message.unwrap());
        }
    });
    manual.advance(Duration::ZERO);
    sender.send("hello").unwrap();
    worker.end();
    assert_eq!(log.take(), notes([(u64::MAX / 1_000_000_000, "hello")]));
}
