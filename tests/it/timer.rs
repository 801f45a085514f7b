//! Timers: what is timed is recorded once, however it ends, and its rates are a meter's.

mod merge;

use flowmeter::{Buckets, Clock, ManualClock, Meter, Moment, Timer, TimerGuard, TimerSnapshot};
use proptest::collection::vec;
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

const MILLI: Duration = Duration::from_millis(1);

/// A timer on a clock of its own.
fn timer() -> (ManualClock, Timer) {
    let clock = ManualClock::new();
    let timer = Timer::new(&clock.clock());
    (clock, timer)
}

/// The count, the shortest and the longest.
fn recorded(timer: &Timer) -> (u64, Option<Duration>, Option<Duration>) {
    let snapshot = timer.snapshot();
    (snapshot.count(), snapshot.min(), snapshot.max())
}

const NOTHING: (u64, Option<Duration>, Option<Duration>) = (0, None, None);

const fn once(duration: Duration) -> (u64, Option<Duration>, Option<Duration>) {
    (1, Some(duration), Some(duration))
}

// How a guard ends.

#[test]
fn a_guard_that_is_dropped_records_the_time_since_its_start() {
    let (clock, timer) = timer();
    clock.advance(MILLI);
    let guard = timer.start();
    clock.advance(7 * MILLI);
    assert_eq!(recorded(&timer), NOTHING);
    drop(guard);
    clock.advance(MILLI);
    assert_eq!(recorded(&timer), once(7 * MILLI));
}

#[test]
fn a_guard_that_is_cancelled_records_nothing() {
    let (clock, timer) = timer();
    let guard = timer.start();
    clock.advance(MILLI);
    guard.cancel();
    assert_eq!(recorded(&timer), NOTHING);
}

#[test]
fn a_guard_that_is_stopped_records_once_and_says_what() {
    let (clock, timer) = timer();
    let guard = timer.start();
    clock.advance(3 * MILLI);
    assert_eq!(guard.stop(), 3 * MILLI);
    assert_eq!(recorded(&timer), once(3 * MILLI));
}

#[test]
fn what_a_guard_says_is_what_it_records_to_the_nanosecond_of_the_systems_clock() {
    for _ in 0..1_000 {
        // The clock goes on between any two looks at it.
        let timer = Timer::new(&Clock::system());
        let said = timer.start().stop();
        assert_eq!(recorded(&timer), once(said));
    }
}

#[test]
fn a_guard_in_a_thread_that_panics_records() {
    let (clock, timer) = timer();
    let work = || {
        let _timed = timer.start();
        clock.advance(5 * MILLI);
        // Unwinds as a panic does, without its message.
        std::panic::resume_unwind(Box::new("on purpose"));
    };
    thread::scope(|scope| assert!(scope.spawn(work).join().is_err()));
    assert_eq!(recorded(&timer), once(5 * MILLI));
}

#[test]
fn looking_at_a_guard_records_nothing() {
    let (clock, timer) = timer();
    let guard = timer.start();
    for n in 0..5 {
        assert_eq!(guard.elapsed(), n * MILLI);
        clock.advance(MILLI);
    }
    assert_eq!(recorded(&timer), NOTHING);
    assert_eq!(guard.stop(), 5 * MILLI);
}

#[test]
fn guards_of_one_timer_overlap() {
    let (clock, timer) = timer();
    let outer = timer.start();
    clock.advance(MILLI);
    let inner: TimerGuard<'_> = timer.start();
    clock.advance(2 * MILLI);
    drop(outer);
    clock.advance(4 * MILLI);
    drop(inner);
    assert_eq!(recorded(&timer), (2, Some(3 * MILLI), Some(6 * MILLI)));
}

// The other ways to record.

#[test]
fn a_closure_is_timed_and_gives_its_value() {
    let (clock, timer) = timer();
    let value = timer.time(|| {
        clock.advance(2 * MILLI);
        "value"
    });
    assert_eq!((value, recorded(&timer)), ("value", once(2 * MILLI)));
}

#[test]
fn a_closure_that_panics_is_timed_too() {
    let (clock, timer) = timer();
    let work = || {
        clock.advance(2 * MILLI);
        std::panic::resume_unwind(Box::new("on purpose"))
    };
    let ended: Result<(), _> = catch_unwind(AssertUnwindSafe(|| timer.time(work)));
    assert!(ended.is_err());
    assert_eq!(recorded(&timer), once(2 * MILLI));
}

#[test]
fn a_duration_beyond_what_a_timer_holds_is_recorded_as_the_longest_it_holds() {
    let longest = Duration::from_nanos(u64::MAX);
    for duration in [longest, longest + Duration::from_nanos(1), Duration::MAX] {
        let (_, timer) = timer();
        timer.record(duration);
        assert_eq!(recorded(&timer), once(longest));
        assert_eq!(timer.snapshot().quantile(0.5), Some(longest));
    }
}

#[test]
fn the_time_since_a_moment_is_recorded_and_zero_of_one_that_is_yet_to_come() {
    let (clock, timer) = timer();
    clock.advance(10 * MILLI);
    timer.record_since(Moment::default() + 4 * MILLI);
    assert_eq!(recorded(&timer), once(6 * MILLI));
    timer.record_since(Moment::default() + 11 * MILLI);
    assert_eq!(recorded(&timer), (2, Some(Duration::ZERO), Some(6 * MILLI)));
}

#[test]
fn while_time_stands_still_durations_are_zero_and_there_is_no_rate() {
    let (_, timer) = timer();
    assert_eq!(timer.start().stop(), Duration::ZERO);
    timer.time(|| ());
    let snapshot = timer.snapshot();
    assert_eq!((snapshot.count(), snapshot.max()), (2, Some(Duration::ZERO)));
    assert_eq!((snapshot.mean(), snapshot.age()), (Some(Duration::ZERO), Duration::ZERO));
    assert_eq!((snapshot.rate_1m(), snapshot.rate_mean()), (None, None));
}

#[test]
fn clones_are_one_timer() {
    let (_, timer) = timer();
    timer.clone().record(MILLI);
    assert_eq!(recorded(&timer), once(MILLI));
    assert_eq!(timer.snapshot(), timer.clone().snapshot());
    assert!(!timer.is_registered());
}

#[test]
fn a_timer_has_the_buckets_that_it_is_made_of() {
    let clock = Clock::system();
    let buckets = Buckets::new(3, 1_000..=60_000_000_000).unwrap();
    let timer = Timer::of(&clock, buckets);
    timer.record(Duration::from_secs(61));
    assert_eq!(timer.snapshot().durations().buckets(), buckets);
    assert_eq!(recorded(&timer), once(Duration::from_secs(61)));
    assert_eq!(Timer::new(&clock).snapshot().durations().buckets(), Buckets::default());
}

#[test]
fn the_mean_of_a_sum_that_has_stopped_is_a_lower_bound() {
    let (_, timer) = timer();
    (0..4).for_each(|_| timer.record(Duration::MAX));
    let longest = Duration::from_nanos(u64::MAX);
    assert_eq!(timer.snapshot().mean(), Some(longest));
    timer.record(MILLI);
    assert!(timer.snapshot().mean().unwrap() <= longest / 5 * 4);
}

fn rates(snapshot: &TimerSnapshot) -> [Option<f64>; 4] {
    [snapshot.rate_1m(), snapshot.rate_5m(), snapshot.rate_15m(), snapshot.rate_mean()]
}

proptest! {
    #[test]
    fn the_rates_are_those_of_a_meter_that_is_marked_alike(
        schedule in vec((0..5_u64, 0..100_000_000_000_u64), 0..30),
    ) {
        let clock = ManualClock::new();
        let (timer, meter) = (Timer::new(&clock.clock()), Meter::new(&clock.clock()));
        for (times, nanos) in schedule {
            meter.mark(times);
            (0..times).for_each(|n| timer.record(Duration::from_nanos(n * nanos)));
            clock.advance(Duration::from_nanos(nanos));
            let (timed, marked) = (timer.snapshot(), meter.snapshot());
            prop_assert_eq!((timed.count(), timed.age()), (marked.total(), marked.age()));
            let expected =
                [marked.rate_1m(), marked.rate_5m(), marked.rate_15m(), marked.rate_mean()];
            prop_assert_eq!(rates(&timed), expected);
        }
    }

    #[test]
    fn durations_are_told_as_the_histogram_has_them_in_nanoseconds(
        nanos in vec(prop_oneof![0..1_000_u64, 0..10_000_000_000_u64], 0..50),
        q in 0.0..=1.0,
    ) {
        let (_, timer) = timer();
        nanos.iter().for_each(|nanos| timer.record(Duration::from_nanos(*nanos)));
        let snapshot = timer.snapshot();
        let quantile = snapshot.durations().quantile(q);
        prop_assert_eq!(snapshot.quantile(q), quantile.map(Duration::from_nanos));
        prop_assert_eq!(snapshot.min(), nanos.iter().min().copied().map(Duration::from_nanos));
        prop_assert_eq!(snapshot.max(), nanos.iter().max().copied().map(Duration::from_nanos));
        let mean = nanos.iter().sum::<u64>().checked_div(nanos.len() as u64);
        prop_assert_eq!(snapshot.mean(), mean.map(Duration::from_nanos));
    }
}

#[test]
fn the_count_is_exact_under_eight_threads_while_others_read() {
    const TIMES: u64 = 50_000;
    let timer = Timer::new(&Clock::system());
    thread::scope(|scope| {
        let work = || (1..=TIMES).for_each(|n| timer.record(Duration::from_nanos(n)));
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        let read = || {
            while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
                let seen = timer.snapshot();
                assert!(seen.mean() <= seen.max(), "{:?}", seen.mean());
                let ranges = seen.durations().iter();
                let most = ranges.map(|(nanos, count)| nanos.end() * count).sum();
                assert!(seen.durations().sum() <= most, "{seen:?}");
                // No more than if all of them had come in one nanosecond.
                let possible = 0.0..=(8 * TIMES) as f64 * 1e9;
                let rates = rates(&seen).into_iter().flatten();
                rates.for_each(|rate| assert!(possible.contains(&rate), "{rate}"));
            }
        };
        thread::scope(|scope| {
            [(); 2].map(|()| scope.spawn(read)).map(|reader| reader.join().unwrap())
        });
    });
    let snapshot = timer.snapshot();
    assert_eq!(snapshot.count(), 8 * TIMES);
    assert_eq!(snapshot.durations().sum(), 8 * TIMES * (TIMES + 1) / 2);
}
