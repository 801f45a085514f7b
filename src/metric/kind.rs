//! What kinds of metrics there are.

use std::fmt;

/// What kind of metric a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricKind {
    /// A total that only grows.
    Counter,
    /// A level, set or given by a callback.
    Gauge,
    /// A distribution.
    Histogram,
    /// A total and its rates.
    Meter,
    /// Durations and their rates.
    Timer,
    /// A check that says whether something is well.
    HealthCheck,
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
            MetricKind::Meter => "meter",
            MetricKind::Timer => "timer",
            MetricKind::HealthCheck => "health check",
        })
    }
}
