//! A series in the document: its value, and what became of it since the earlier snapshot.

use crate::metric::{HistogramSnapshot, Key, MeterSnapshot, TimerSnapshot};
use crate::snapshot::{Change, Description, Health, SeriesChange, Value};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One series.
#[derive(Serialize)]
pub(super) struct Series<'a> {
    name: &'a str,
    labels: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten)]
    value: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    increase: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restarted: Option<bool>,
    /// What a histogram or a timer recorded since the earlier snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    recent: Option<Distribution>,
}

/// The value, under the name of its kind.
#[derive(Serialize)]
#[serde(untagged)]
enum Kind {
    // Written as a snapshot does.
    Number(Value),
    Histogram { histogram: Distribution },
    Meter { meter: Marks },
    Timer { timer: Durations },
    Health { health: Said },
}

#[derive(Serialize)]
struct Distribution {
    count: u64,
    sum: u64,
    min: Option<u64>,
    max: Option<u64>,
    mean: Option<f64>,
    p50: Option<u64>,
    p90: Option<u64>,
    p99: Option<u64>,
    above: u64,
}

#[derive(Serialize)]
struct Marks {
    total: u64,
    #[serde(flatten)]
    rates: Rates,
}

#[derive(Serialize)]
struct Durations {
    #[serde(flatten)]
    nanoseconds: Distribution,
    #[serde(flatten)]
    rates: Rates,
}

/// Per second.
#[derive(Serialize)]
struct Rates {
    rate_1m: Option<f64>,
    rate_5m: Option<f64>,
    rate_15m: Option<f64>,
    rate_mean: Option<f64>,
}

#[derive(Serialize)]
struct Said {
    healthy: bool,
    reason: Option<Arc<str>>,
}

impl<'a> Series<'a> {
    pub(super) fn of(described: Option<&'a Description>, series: SeriesChange<'a>) -> Series<'a> {
        let SeriesChange { key, change } = series;
        let (value, increase, recent) = match &change {
            Change::Counter { increase, .. } => (Kind::Number(change.now()), Some(*increase), None),
            Change::Gauge { .. } => (Kind::Number(change.now()), None, None),
            Change::Histogram { total, increase, .. } => (
                Kind::of_histogram(total),
                Some(increase.count()),
                Some(Distribution::of(increase)),
            ),
            Change::Meter { meter, increase, .. } => (Kind::of_meter(meter), Some(*increase), None),
            Change::Timer { timer, increase, .. } => {
                (Kind::of_timer(timer), Some(increase.count()), Some(Distribution::of(increase)))
            }
            Change::Health { health } => (Kind::of_health(health), None, None),
        };
        Series::new(key, described, value, (increase, change.restarted(), recent))
    }

    fn new(
        key: &'a Key,
        described: Option<&'a Description>,
        value: Kind,
        (increase, restarted, recent): (Option<u64>, Option<bool>, Option<Distribution>),
    ) -> Series<'a> {
        let unit = described.and_then(|described| described.unit.as_deref());
        let help = described.and_then(|described| described.help.as_deref());
        let labels = key.labels().collect();
        Series { name: key.name(), labels, unit, help, value, increase, restarted, recent }
    }
}

impl Kind {
    fn of_histogram(histogram: &HistogramSnapshot) -> Self {
        Kind::Histogram { histogram: Distribution::of(histogram) }
    }

    fn of_meter(meter: &MeterSnapshot) -> Self {
        let rates = Rates {
            rate_1m: meter.rate_1m(),
            rate_5m: meter.rate_5m(),
            rate_15m: meter.rate_15m(),
            rate_mean: meter.rate_mean(),
        };
        Kind::Meter { meter: Marks { total: meter.total(), rates } }
    }

    fn of_timer(timer: &TimerSnapshot) -> Self {
        let rates = Rates {
            rate_1m: timer.rate_1m(),
            rate_5m: timer.rate_5m(),
            rate_15m: timer.rate_15m(),
            rate_mean: timer.rate_mean(),
        };
        let nanoseconds = Distribution::of(timer.durations());
        Kind::Timer { timer: Durations { nanoseconds, rates } }
    }

    fn of_health(health: &Health) -> Kind {
        let reason = match health {
            Health::Healthy => None,
            Health::Unhealthy { reason } => Some(Arc::clone(reason)),
        };
        Kind::Health { health: Said { healthy: health.is_healthy(), reason } }
    }
}

impl Distribution {
    fn of(histogram: &HistogramSnapshot) -> Distribution {
        Distribution {
            count: histogram.count(),
            sum: histogram.sum(),
            min: histogram.min(),
            max: histogram.max(),
            mean: histogram.mean(),
            p50: histogram.quantile(0.5),
            p90: histogram.quantile(0.9),
            p99: histogram.quantile(0.99),
            above: histogram.above(),
        }
    }
}
