//! The figures of a value: the numbers that it is where one number is one series.

use super::health::Health;
use super::value::Value;
use crate::metric::{HistogramSnapshot, MeterSnapshot, TimerSnapshot};
use crate::point::Number;

/// One of a value's numbers, and what the metric's name is followed by; `None` if it is not finite.
pub(crate) type Ending = (&'static str, Option<Number>);

/// Those of a meter that are per second, where they are known.
type Rates = [(&'static str, Option<f64>); 4];

impl Value {
    /// Gives its numbers one by one, none of them under one name with another; what is not known is left out.
    ///
    /// The names that they make are taken when the metric is registered: see `metric/names.rs`.
    // Not an iterator: for the many counters and gauges that would cost more than all the rest of a line.
    pub(crate) fn figures(&self, mut give: impl FnMut(Ending)) {
        match self {
            Value::Counter(total) => give(("", Some(Number::from(*total)))),
            Value::Gauge(level) => give(("", Number::of(*level))),
            Value::Health(health) => give(("", Some(of_health(health)))),
            Value::Histogram(histogram) => of_distribution(histogram).for_each(give),
            Value::Meter(meter) => {
                give((".count", Some(Number::from(meter.total()))));
                known(of_meter(meter)).for_each(give);
            }
            Value::Timer(timer) => {
                of_distribution(timer.durations()).for_each(&mut give);
                known(of_timer(timer)).for_each(give);
            }
        }
    }
}

fn of_health(health: &Health) -> Number {
    Number::from(u64::from(health.is_healthy()))
}

fn of_distribution(histogram: &HistogramSnapshot) -> impl Iterator<Item = Ending> {
    let figures = [
        (".count", Some(histogram.count())),
        (".sum", Some(histogram.sum())),
        (".min", histogram.min()),
        (".max", histogram.max()),
        (".p50", histogram.quantile(0.5)),
        (".p90", histogram.quantile(0.9)),
        (".p99", histogram.quantile(0.99)),
    ];
    { figures }.into_iter().filter_map(|(ending, number)| Some((ending, Some(number?.into()))))
}

fn of_meter(meter: &MeterSnapshot) -> Rates {
    [
        (".rate_1m", meter.rate_1m()),
        (".rate_5m", meter.rate_5m()),
        (".rate_15m", meter.rate_15m()),
        (".rate_mean", meter.rate_mean()),
    ]
}

fn of_timer(timer: &TimerSnapshot) -> Rates {
    [
        (".rate_1m", timer.rate_1m()),
        (".rate_5m", timer.rate_5m()),
        (".rate_15m", timer.rate_15m()),
        (".rate_mean", timer.rate_mean()),
    ]
}

fn known(rates: Rates) -> impl Iterator<Item = Ending> {
    rates.into_iter().filter_map(|(ending, rate)| Some((ending, Number::of(rate?))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::metric::{Buckets, Meter, Timer, forms, written};
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    /// A value of each kind of which everything is known.
    fn values() -> [Value; 6] {
        let manual = ManualClock::new();
        let (meter, timer) = (Meter::new(&manual.clock()), Timer::new(&manual.clock()));
        timer.record(Duration::from_secs(1));
        manual.advance(Duration::from_secs(1));
        [
            Value::Counter(1),
            Value::Gauge(1.0),
            Value::Histogram(Arc::new(HistogramSnapshot::of(Buckets::default(), [1]))),
            Value::Meter(Arc::new(meter.snapshot())),
            Value::Timer(Arc::new(timer.snapshot())),
            Value::Health(Health::Healthy),
        ]
    }

    fn endings(value: &Value) -> impl Iterator<Item = &'static str> + use<> {
        let mut endings = Vec::new();
        value.figures(|(ending, _)| endings.push(ending));
        endings.into_iter()
    }

    #[test]
    fn the_name_of_every_figure_is_taken_by_its_metric_and_there_once() {
        for value in values() {
            let taken = forms("a.name", value.kind(), None);
            let names: Vec<_> =
                endings(&value).map(|ending| written(&format!("a.name{ending}"))).collect();
            for name in &names {
                assert!(taken.contains(name), "{:?} does not take {name}", value.kind());
            }
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        }
    }

    #[test]
    fn a_value_of_which_everything_is_known_has_all_of_its_figures() {
        assert_eq!(values().map(|value| endings(&value).count()), [1, 1, 7, 5, 11, 1]);
    }
}
