//! A value in one line, for people.

use super::value::Value;
use crate::metric::{HistogramSnapshot, MeterSnapshot, TimerSnapshot};
use std::fmt::{Display, Formatter, Result};
use std::time::Duration;

/// `3`, `2.5`, `count=4 sum=10 min=1 …`, `healthy`. What is not known, such as a rate when no time has
/// passed, is left out. Durations have their unit, rates are per second.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Value::Counter(total) => write!(f, "{total}"),
            Value::Gauge(level) => write!(f, "{level}"),
            Value::Histogram(histogram) => write_histogram(f, histogram),
            Value::Meter(meter) => write_meter(f, meter),
            Value::Timer(timer) => write_timer(f, timer),
            Value::Health(health) => write!(f, "{health}"),
        }
    }
}

fn write_histogram(f: &mut Formatter<'_>, histogram: &HistogramSnapshot) -> Result {
    write!(f, "count={} sum={}", histogram.count(), histogram.sum())?;
    write_known(f, "min", histogram.min())?;
    write_known(f, "mean", histogram.mean().map(|mean| format!("{mean:.3}")))?;
    write_known(f, "p50", histogram.quantile(0.5))?;
    write_known(f, "p90", histogram.quantile(0.9))?;
    write_known(f, "p99", histogram.quantile(0.99))?;
    write_known(f, "max", histogram.max())?;
    write_known(f, "above", Some(histogram.above()).filter(|above| *above > 0))
}

fn write_meter(f: &mut Formatter<'_>, meter: &MeterSnapshot) -> Result {
    write!(f, "total={}", meter.total())?;
    write_rate(f, "rate_1m", meter.rate_1m())?;
    write_rate(f, "rate_5m", meter.rate_5m())?;
    write_rate(f, "rate_15m", meter.rate_15m())?;
    write_rate(f, "rate_mean", meter.rate_mean())
}

fn write_timer(f: &mut Formatter<'_>, timer: &TimerSnapshot) -> Result {
    write!(f, "count={}", timer.count())?;
    write_known(f, "sum", Some(shown(Duration::from_nanos(timer.durations().sum()))))?;
    write_known(f, "min", timer.min().map(shown))?;
    write_known(f, "mean", timer.mean().map(shown))?;
    write_known(f, "p50", timer.quantile(0.5).map(shown))?;
    write_known(f, "p90", timer.quantile(0.9).map(shown))?;
    write_known(f, "p99", timer.quantile(0.99).map(shown))?;
    write_known(f, "max", timer.max().map(shown))?;
    write_known(f, "above", Some(timer.durations().above()).filter(|above| *above > 0))?;
    write_rate(f, "rate_1m", timer.rate_1m())?;
    write_rate(f, "rate_5m", timer.rate_5m())?;
    write_rate(f, "rate_15m", timer.rate_15m())?;
    write_rate(f, "rate_mean", timer.rate_mean())
}

fn shown(duration: Duration) -> String {
    format!("{duration:?}")
}

fn write_rate(f: &mut Formatter<'_>, name: &str, rate: Option<f64>) -> Result {
    write_known(f, name, rate.map(|rate| format!("{rate:.3}/s")))
}

fn write_known(f: &mut Formatter<'_>, name: &str, value: Option<impl Display>) -> Result {
    value.map_or(Ok(()), |value| write!(f, " {name}={value}"))
}
