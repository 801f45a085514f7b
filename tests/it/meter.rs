//! Meters: rates against their closed form, whoever reads when, and totals that lose nothing.

mod merge;
mod schedules;

use flowmeter::{Clock, ManualClock, Meter, MeterSnapshot};
use std::thread;
use std::time::Duration;

/// The τ of the three rates, in seconds.
const WINDOWS: [f64; 3] = [60.0, 300.0, 900.0];

fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// A meter on a clock of its own.
fn meter() -> (ManualClock, Meter) {
    let clock = ManualClock::new();
    let meter = Meter::new(&clock.clock());
    (clock, meter)
}

/// The three rates; all of them are there, or none is.
fn rates(snapshot: &MeterSnapshot) -> Option<[f64; 3]> {
    let rates = [snapshot.rate_1m(), snapshot.rate_5m(), snapshot.rate_15m()];
    let there = rates.iter().flatten().count();
    assert!(there == 0 || there == 3, "{rates:?}");
    (there > 0).then(|| rates.map(Option::unwrap))
}

fn close(one: f64, other: f64, within: f64) -> bool {
    (one - other).abs() <= within * one.abs().max(other.abs())
}

#[track_caller]
fn assert_rates(snapshot: &MeterSnapshot, expected: impl Fn(f64) -> f64) {
    let rates = rates(snapshot).unwrap();
    for (rate, window) in rates.into_iter().zip(WINDOWS) {
        let expected = expected(window);
        assert!(close(rate, expected, 1e-9), "{rate} is not {expected}, of {window} s");
    }
}

#[test]
fn at_its_start_a_meter_has_a_total_but_no_rate() {
    let (_, meter) = meter();
    meter.mark(5);
    let snapshot = meter.snapshot();
    assert_eq!((snapshot.total(), snapshot.age()), (5, Duration::ZERO));
    assert_eq!((rates(&snapshot), snapshot.rate_mean()), (None, None));
}

#[test]
fn the_first_interval_is_divided_by_its_own_length_however_short() {
    for nanos in [1, 1_000, 200_000_000, 1_000_000_000, 4_999_999_999] {
        let (clock, meter) = meter();
        meter.mark(100);
        clock.advance(Duration::from_nanos(nanos));
        let rate = 100.0 / (nanos as f64 / 1e9);
        assert_rates(&meter.snapshot(), |_| rate);
        assert!(close(meter.snapshot().rate_mean().unwrap(), rate, 1e-15));
    }
}

#[test]
fn a_steady_rate_is_shown_as_it_is_at_once_and_for_ever() {
    let (clock, meter) = meter();
    for _ in 0..20_000 {
        meter.mark(70);
        clock.advance(secs(0.7));
        assert_rates(&meter.snapshot(), |_| 100.0);
    }
}

#[test]
fn a_silence_makes_the_weight_of_what_was_exactly_that_much_less() {
    for silence in [1e-9, 0.001, 1.0, 60.0, 3_600.0, 86_400.0] {
        let (clock, meter) = meter();
        meter.mark(1_000);
        clock.advance(secs(10.0));
        let before = rates(&meter.snapshot()).unwrap();
        clock.advance(secs(silence));
        let after = rates(&meter.snapshot()).unwrap();
        for ((before, after), window) in before.into_iter().zip(after).zip(WINDOWS) {
            let since_start = |age: f64| 1.0 - (-age / window).exp();
            let kept = after * since_start(10.0 + silence) / (before * since_start(10.0));
            let expected = (-silence / window).exp();
            assert!(close(kept, expected, 1e-9), "{kept} is not {expected}: {silence} s");
        }
    }
}

#[test]
fn rates_do_not_stick_when_nobody_marks_and_nobody_reads() {
    let (clock, meter) = meter();
    meter.mark(1_000_000);
    clock.advance(secs(5.0));
    assert_rates(&meter.snapshot(), |_| 200_000.0);
    clock.advance(secs(100.0 * 365.0 * 86_400.0));
    let silent = meter.snapshot();
    assert_eq!((rates(&silent), silent.total()), (Some([0.0; 3]), 1_000_000));
}

#[test]
fn a_burst_is_forgotten_at_the_pace_of_each_window() {
    let (clock, meter) = meter();
    clock.advance(secs(3_600.0));
    meter.snapshot();
    meter.mark(6_000);
    clock.advance(secs(1.0));
    meter.snapshot();
    for minute in 1..=60 {
        clock.advance(secs(60.0));
        let after = f64::from(minute) * 60.0;
        // Even over its second, which began 1 s before.
        let sum = |window: f64| {
            6_000.0 * window * (1.0 - (-1.0 / window).exp()) * (-after / window).exp()
        };
        let divisor = |window: f64| window * (1.0 - (-(3_601.0 + after) / window).exp());
        assert_rates(&meter.snapshot(), |window| sum(window) / divisor(window));
    }
}

#[test]
fn marks_are_taken_as_even_between_two_reads_and_so_a_read_at_a_burst_changes_the_rate() {
    let read = |reads_at_the_burst: usize| {
        let (clock, meter) = meter();
        clock.advance(secs(30.0));
        meter.mark(6_000);
        (0..reads_at_the_burst).for_each(|_| _ = meter.snapshot());
        clock.advance(secs(30.0));
        meter.snapshot()
    };
    // Over the whole minute, and over its first half.
    assert_rates(&read(0), |_| 100.0);
    assert_rates(&read(1), |window| {
        let half = (-30.0 / window).exp();
        200.0 * half / (1.0 + half)
    });
}

#[test]
fn while_time_stands_still_a_read_changes_nothing_and_loses_nothing() {
    let (clock, meter) = meter();
    meter.mark(40);
    clock.advance(secs(1.0));
    let before = meter.snapshot();
    meter.mark(60);
    let again = meter.snapshot();
    assert_eq!((again.total(), rates(&again)), (100, rates(&before)));
    assert_eq!((meter.snapshot(), again.age()), (again.clone(), before.age()));
    clock.advance(secs(1.0));
    let weighed = |window: f64| {
        let kept = (-1.0 / window).exp();
        (40.0 * kept + 60.0) / (1.0 + kept)
    };
    assert_rates(&meter.snapshot(), weighed);
}

#[test]
fn a_total_that_starts_over_leaves_the_rates_as_they_should_be() {
    let (clock, meter) = meter();
    meter.mark(u64::MAX - 5);
    clock.advance(secs(86_400.0));
    meter.snapshot();
    clock.advance(secs(86_400.0));
    meter.snapshot();
    for n in 1..=100 {
        meter.mark(20);
        clock.advance(secs(2.0));
        let since = 2.0 * f64::from(n);
        assert_rates(&meter.snapshot(), |window| 10.0 * (1.0 - (-since / window).exp()));
    }
    assert_eq!(meter.snapshot().total(), 100 * 20 - 6);
}

#[test]
fn clones_are_one_meter() {
    let (clock, meter) = meter();
    let other = meter.clone();
    other.mark(3);
    clock.advance(secs(1.0));
    meter.mark(4);
    assert_eq!(meter.snapshot(), other.snapshot());
    assert_eq!(meter.snapshot().total(), 7);
    assert!(!meter.is_registered());
}

#[test]
fn the_total_is_exact_under_eight_threads_while_others_read() {
    const MARKS: u64 = 200_000;
    let meter = Meter::new(&Clock::system());
    thread::scope(|scope| {
        let mark = || (0..MARKS).for_each(|n| meter.mark(1 + n % 2));
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(mark)).collect();
        let read = || {
            let mut seen = vec![meter.snapshot()];
            while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
                seen.push(meter.snapshot());
                thread::yield_now();
            }
            seen
        };
        let seen = thread::scope(|scope| {
            let readers = [(); 4].map(|()| scope.spawn(read));
            readers.map(|reader| reader.join().unwrap())
        });
        for seen in seen {
            assert!(seen.is_sorted_by_key(|one| (one.total(), one.age())), "it went down");
            // No more than if all of them had come in one nanosecond.
            let possible = 0.0..=(8 * MARKS * 2) as f64 * 1e9;
            let rates = seen.iter().filter_map(rates).flatten();
            rates.for_each(|rate| assert!(possible.contains(&rate), "{rate}"));
        }
    });
    assert_eq!(meter.snapshot().total(), 8 * MARKS * 3 / 2);
}
