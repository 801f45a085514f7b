//! Rates over schedules of any kind: their closed form, their bounds, and readers of any number.

use flowmeter::{ManualClock, Meter};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

use super::{WINDOWS, close, meter, rates};

/// So many marks, even over so many microseconds.
type Interval = (u64, u64);

fn interval() -> impl Strategy<Value = Interval> {
    let marks = prop_oneof![Just(0), 1..100_u64, 1..1_000_000_000_u64];
    let micros = prop_oneof![1..1_000_u64, 1_000..10_000_000_u64, 1..4_000_000_000_u64];
    (marks, micros)
}

/// The rate at the end of a schedule, by the integral over each interval as it lies in the past.
fn closed_form(schedule: &[Interval], window: f64) -> f64 {
    let (mut age, mut sum) = (0.0, 0.0);
    for (marks, micros) in schedule.iter().rev() {
        let length = *micros as f64 / 1e6;
        let rate = *marks as f64 / length;
        sum += rate * (-age / window).exp() * -(-length / window).exp_m1();
        age += length;
    }
    sum / -(-age / window).exp_m1()
}

/// Marks and lets time pass, in `parts` equal parts.
fn pass(clock: &ManualClock, meter: &Meter, (marks, micros): Interval, parts: u32) {
    for _ in 0..parts {
        meter.mark(marks);
        clock.advance(Duration::from_micros(micros));
        meter.snapshot();
    }
}

fn times((marks, micros): Interval, n: u32) -> Interval {
    (marks * u64::from(n), micros * u64::from(n))
}

proptest! {
    #[test]
    fn rates_have_their_closed_form_whenever_they_are_read(schedule in vec(interval(), 1..40)) {
        let (clock, meter) = meter();
        for (n, interval) in schedule.iter().enumerate() {
            pass(&clock, &meter, *interval, 1);
            for (rate, window) in rates(&meter.snapshot()).unwrap().into_iter().zip(WINDOWS) {
                let expected = closed_form(&schedule[..=n], window);
                prop_assert!(close(rate, expected, 1e-9), "{} is not {}", rate, expected);
            }
        }
        let marks: u64 = schedule.iter().map(|(marks, _)| marks).sum();
        let micros: u64 = schedule.iter().map(|(_, micros)| micros).sum();
        let snapshot = meter.snapshot();
        let mean = marks as f64 / (micros as f64 / 1e6);
        prop_assert!(close(snapshot.rate_mean().unwrap(), mean, 1e-12));
        prop_assert_eq!(snapshot.age(), Duration::from_micros(micros));
    }

    #[test]
    fn further_readers_change_no_rate_while_marks_are_even(
        schedule in vec((interval(), 1..8_u32), 1..30),
    ) {
        let ((clock, alone), (other_clock, many)) = (meter(), meter());
        for (interval, readers) in schedule {
            pass(&clock, &alone, times(interval, readers), 1);
            pass(&other_clock, &many, interval, readers);
            let (alone, many) = (alone.snapshot(), many.snapshot());
            prop_assert_eq!((alone.total(), alone.age()), (many.total(), many.age()));
            for (one, other) in rates(&alone).unwrap().into_iter().zip(rates(&many).unwrap()) {
                prop_assert!(close(one, other, 1e-9), "{} alone, {} among many", one, other);
            }
        }
    }

    #[test]
    fn a_steady_rate_is_shown_as_it_is_however_irregularly_it_is_read(
        millis in vec(prop_oneof![1..100_u64, 1..10_000_000_u64], 1..100),
        per_milli in 1..1_000_000_u64,
    ) {
        let (clock, meter) = meter();
        for millis in millis {
            pass(&clock, &meter, (per_milli * millis, millis * 1_000), 1);
            for rate in rates(&meter.snapshot()).unwrap() {
                prop_assert!(close(rate, per_milli as f64 * 1e3, 1e-9), "{}", rate);
            }
        }
    }

    #[test]
    fn a_rate_is_finite_and_between_zero_and_the_highest_of_all_intervals(
        schedule in vec((
            prop_oneof![Just(0), Just(u64::MAX), 0..1_000_u64, any::<u64>()],
            prop_oneof![Just(0), Just(1), Just(u64::MAX), 1..1_000_000_u64, any::<u64>()],
        ), 1..30),
    ) {
        let (clock, meter) = meter();
        let (mut highest, mut marked, mut left) = (0.0_f64, 0_u64, u64::MAX);
        for (marks, nanos) in schedule {
            // Together at most the 584 years that a clock can show.
            let nanos = nanos.min(left);
            left -= nanos;
            meter.mark(marks);
            clock.advance(Duration::from_nanos(nanos));
            // Of marks beyond `u64::MAX` between two moments only the rest can be seen.
            marked = marked.wrapping_add(marks);
            if nanos > 0 {
                highest = highest.max(marked as f64 / (nanos as f64 / 1e9));
                marked = 0;
            }
            let snapshot = meter.snapshot();
            for rate in rates(&snapshot).into_iter().flatten() {
                prop_assert!(rate.is_finite() && rate.is_sign_positive(), "{}", rate);
                prop_assert!(rate <= highest * (1.0 + 1e-9), "{} is above {}", rate, highest);
            }
            prop_assert!(snapshot.rate_mean().is_none_or(|mean| mean.is_finite() && mean >= 0.0));
        }
    }
}
