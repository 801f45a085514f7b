//! A value of a series, of any kind.

use super::any_float;
use super::health::Health;
use crate::metric::{HistogramSnapshot, MeterSnapshot, MetricKind, TimerSnapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A value of a series, with its kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// The total of a counter.
    Counter(u64),
    /// The level of a gauge. In JSON, what is not finite is a text that holds its bits.
    Gauge(#[serde(with = "any_float")] f64),
    /// The distribution of a histogram.
    Histogram(Arc<HistogramSnapshot>),
    /// The total of a meter, and what its rates follow from.
    Meter(Arc<MeterSnapshot>),
    /// The durations of a timer, and what their rates follow from.
    Timer(Arc<TimerSnapshot>),
    /// What a health check said.
    Health(Health),
}

impl Value {
    /// The kind of metric that it is a value of.
    pub fn kind(&self) -> MetricKind {
        match self {
            Value::Counter(_) => MetricKind::Counter,
            Value::Gauge(_) => MetricKind::Gauge,
            Value::Histogram(_) => MetricKind::Histogram,
            Value::Meter(_) => MetricKind::Meter,
            Value::Timer(_) => MetricKind::Timer,
            Value::Health(_) => MetricKind::HealthCheck,
        }
    }
}

/// Levels are compared bit for bit, so that what was written and read back is equal.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Counter(one), Value::Counter(other)) => one == other,
            (Value::Gauge(one), Value::Gauge(other)) => one.to_bits() == other.to_bits(),
            (Value::Histogram(one), Value::Histogram(other)) => one == other,
            (Value::Meter(one), Value::Meter(other)) => one == other,
            (Value::Timer(one), Value::Timer(other)) => one == other,
            (Value::Health(one), Value::Health(other)) => one == other,
            (
                Value::Counter(_)
                | Value::Gauge(_)
                | Value::Histogram(_)
                | Value::Meter(_)
                | Value::Timer(_)
                | Value::Health(_),
                _,
            ) => false,
        }
    }
}

impl Eq for Value {}
