//! The one figure of a value that is expected, and how it is said.

use crate::snapshot::{Health, Value};
use std::fmt;

/// The figure of a value that is compared.
#[derive(Debug)]
pub(super) enum Figure {
    Counter(u64),
    Gauge(f64),
    Histogram(u64),
    Meter(u64),
    Timer(u64),
    Health(Health),
}

impl Figure {
    pub(super) fn of(value: &Value) -> Figure {
        match value {
            Value::Counter(total) => Figure::Counter(*total),
            Value::Gauge(level) => Figure::Gauge(*level),
            Value::Histogram(histogram) => Figure::Histogram(histogram.count()),
            Value::Meter(meter) => Figure::Meter(meter.total()),
            Value::Timer(timer) => Figure::Timer(timer.durations().count()),
            Value::Health(health) => Figure::Health(health.clone()),
        }
    }
}

/// Levels are compared as numbers; NaN is as good as NaN.
impl PartialEq for Figure {
    fn eq(&self, other: &Figure) -> bool {
        match (self, other) {
            (Figure::Gauge(one), Figure::Gauge(other)) => {
                one == other || one.is_nan() && other.is_nan()
            }
            (Figure::Counter(one), Figure::Counter(other))
            | (Figure::Histogram(one), Figure::Histogram(other))
            | (Figure::Meter(one), Figure::Meter(other))
            | (Figure::Timer(one), Figure::Timer(other)) => one == other,
            (Figure::Health(one), Figure::Health(other)) => one == other,
            _ => false,
        }
    }
}

/// `a counter of 3`, `a timer of 1 duration`, `a health check that is healthy`.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figure::Counter(total) => write!(f, "a counter of {total}"),
            Figure::Gauge(level) => write!(f, "a gauge of {level}"),
            Figure::Histogram(count) => write!(f, "a histogram of {}", Many(*count, "value")),
            Figure::Meter(total) => write!(f, "a meter of {total}"),
            Figure::Timer(count) => write!(f, "a timer of {}", Many(*count, "duration")),
            Figure::Health(health) => write!(f, "a health check that is {health}"),
        }
    }
}

/// So many of what has a plural in `s`.
struct Many(u64, &'static str);

impl fmt::Display for Many {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Many(n, what) = self;
        write!(f, "{n} {what}{}", if *n == 1 { "" } else { "s" })
    }
}
