//! When a report is delivered.

use super::{Does, HOUR, all, counted, registry, told};
use crossbeam_channel::bounded;
use flowmeter::{Change, Clock, Registry, Report};
use std::time::Duration;

/// When each was taken, and how long its interval was, in seconds.
fn times(reports: &[Report]) -> Vec<(u64, u64)> {
    let seconds = |report: &Report| {
        let taken = report.snapshot().taken().at.as_nanos() / 1_000_000_000;
        (taken, report.interval().as_secs())
    };
    reports.iter().map(seconds).collect()
}

#[test]
fn a_report_comes_every_ten_seconds_and_begins_where_the_one_before_ended() {
    let (clock, registry) = registry();
    clock.advance(Duration::from_secs(3));
    let (reporter, told) = told();
    let _guard = registry.attach("told", reporter);
    let rows = registry.counter("rows").unwrap();
    for n in 1..=3 {
        rows.add(n);
        clock.advance(Duration::from_secs(10));
    }
    let reports = all(&told);
    assert_eq!(times(&reports), [(13, 10), (23, 10), (33, 10)]);
    let increase = |report: &Report| match report.delta().get("rows") {
        Some(Change::Counter { increase, .. }) => increase,
        other => panic!("{other:?}"),
    };
    assert_eq!(reports.iter().map(increase).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn an_interval_counts_from_when_it_was_told_and_each_reporter_has_its_own() {
    let (clock, registry) = registry();
    let ((often, told_often), (seldom, told_seldom)) = (told(), told());
    let often = registry.attach("often", often).every(Duration::from_secs(2));
    let seldom = registry.attach("seldom", seldom).every(Duration::from_secs(7));
    clock.advance(Duration::from_secs(9));
    assert_eq!(times(&all(&told_often)), [(2, 2), (4, 2), (6, 2), (8, 2)]);
    assert_eq!(times(&all(&told_seldom)), [(7, 7)]);
    let _often = often.every(Duration::from_secs(5));
    let _seldom = seldom;
    clock.advance(Duration::from_secs(6));
    assert_eq!(times(&all(&told_often)), [(14, 6)], "five seconds after it was told, at 9");
    assert_eq!(times(&all(&told_seldom)), [(14, 7)]);
}

#[test]
fn whoever_asks_for_a_report_has_all_reporters_deliver_and_the_intervals_stay() {
    let (clock, registry) = registry();
    let (reporter, told) = told();
    let _guard = registry.attach("told", reporter).every(Duration::from_secs(10));
    clock.advance(Duration::from_secs(4));
    let report = registry.report();
    assert_eq!(report.interval(), Duration::from_secs(4));
    clock.advance(Duration::from_secs(6));
    assert_eq!(times(&all(&told)), [(4, 4), (10, 6)]);
}

#[test]
fn nobody_waits_for_a_reporter_and_what_is_asked_of_it_meanwhile_is_one_report() {
    let (arrive, arrived) = bounded(0);
    let (open, opened) = bounded::<()>(0);
    let registry = Registry::new();
    let busy = Does(move |_: &Report| {
        arrive.send(())?;
        Ok(opened.recv()?)
    });
    let guard = registry.attach("busy", busy).every(HOUR);
    registry.report();
    arrived.recv().unwrap();
    for _ in 0..5 {
        registry.report();
        registry.job("quick").unwrap().finish();
    }
    open.send(()).unwrap();
    arrived.recv().unwrap();
    open.send(()).unwrap();
    // The last one, by the drop.
    let closing = std::thread::spawn(move || guard.close());
    arrived.recv().unwrap();
    open.send(()).unwrap();
    assert_eq!(closing.join().unwrap(), Ok(()));
}

#[test]
fn intervals_that_find_the_reporter_busy_are_skipped_and_counted() {
    let registry = Registry::new();
    let clock = registry.clock().clone();
    let (told, heard) = bounded(1);
    let slow = Does(move |_: &Report| {
        // As long as it takes for several intervals to go by.
        let until = clock.now() + Duration::from_millis(5);
        while clock.now() < until {
            std::hint::spin_loop();
        }
        let _ = told.try_send(());
        Ok(())
    });
    let guard = registry.attach("slow", slow).every(Duration::from_millis(1));
    (0..3).for_each(|_| heard.recv().unwrap());
    let late = counted(&registry.collect(), "late", "slow").unwrap();
    assert!(late >= 2, "{late} intervals were missed, of two reports that took five each");
    drop(guard);
}

#[test]
fn a_clock_that_is_at_its_end_brings_no_report_and_no_panic() {
    let clock = flowmeter::ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    let (reporter, told) = told();
    let guard = registry.attach("told", reporter).every(Duration::MAX).deadline(Duration::MAX);
    clock.advance(Duration::MAX);
    assert_eq!(all(&told).len(), 0);
    assert_eq!(guard.close(), Ok(()));
    assert_eq!(all(&told).len(), 1, "the last one");
    drop(Clock::system());
}
