//! The series of a registry, by key.

use crate::metric::{Counter, Gauge, Key, KeyError};
use crate::snapshot::{SeriesSnapshot, Value};
use crate::text;
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A handle that a registry keeps, of any kind.
#[derive(Clone, Debug)]
pub(super) enum Series {
    Counter(Counter),
    Gauge(Gauge),
}

/// What kind of metric a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricKind {
    /// A total that only grows.
    Counter,
    /// A level.
    Gauge,
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
        })
    }
}

/// Why a registry does not give a metric.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The name is one of another kind, whatever the labels.
    #[error("metric `{metric}` was asked for as a {asked} but is a {is}")]
    Kind {
        /// The metric's name and labels.
        metric: String,
        /// The kind that was asked for.
        asked: MetricKind,
        /// The kind that it is.
        is: MetricKind,
    },
    /// The name or the labels can't be a key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Series {
    fn kind(&self) -> MetricKind {
        match self {
            Series::Counter(_) => Counter::KIND,
            Series::Gauge(_) => Gauge::KIND,
        }
    }

    fn value(&self) -> Value {
        match self {
            Series::Counter(counter) => Value::Counter(counter.value()),
            Series::Gauge(gauge) => Value::Gauge(gauge.value()),
        }
    }
}

/// A kind of metric, as the index keeps it.
pub(super) trait Metric: Clone + Default {
    const KIND: MetricKind;
    fn into_series(self) -> Series;
    fn of(series: &Series) -> Option<&Self>;
}

impl Metric for Counter {
    const KIND: MetricKind = MetricKind::Counter;

    fn into_series(self) -> Series {
        Series::Counter(self)
    }

    fn of(series: &Series) -> Option<&Counter> {
        if let Series::Counter(counter) = series { Some(counter) } else { None }
    }
}

impl Metric for Gauge {
    const KIND: MetricKind = MetricKind::Gauge;

    fn into_series(self) -> Series {
        Series::Gauge(self)
    }

    fn of(series: &Series) -> Option<&Gauge> {
        if let Series::Gauge(gauge) = series { Some(gauge) } else { None }
    }
}

/// Every series, found by its whole key and never by a hash of it. A name is of one kind.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: RwLock<BTreeMap<Box<str>, Family>>,
}

/// The series that share a name: all of one kind.
type Family = BTreeMap<Arc<Key>, Series>;

impl Index {
    /// The metric of `key`, registered if it is not.
    pub(super) fn get<M: Metric>(&self, key: &Key) -> Result<M, MetricError> {
        let known = self.names.read().get(key.name()).and_then(|family| family.get(key)).cloned();
        let series = match known {
            Some(series) => series,
            None => self.register::<M>(key)?,
        };
        M::of(&series).cloned().ok_or_else(|| wrong_kind::<M>(key, &series))
    }

    /// Every series with its value now, sorted by key.
    pub(super) fn snapshot(&self) -> Vec<SeriesSnapshot> {
        let names = self.names.read();
        let all = names.values().flatten();
        all.map(|(key, series)| SeriesSnapshot::new(Arc::clone(key), series.value())).collect()
    }

    fn register<M: Metric>(&self, key: &Key) -> Result<Series, MetricError> {
        let mut names = self.names.write();
        let family = names.entry(key.name().into()).or_default();
        match family.values().next().filter(|series| series.kind() != M::KIND) {
            Some(other) => Err(wrong_kind::<M>(key, other)),
            None => {
                let series = family.entry(Arc::new(key.clone()));
                Ok(series.or_insert_with(|| M::default().into_series()).clone())
            }
        }
    }
}

fn wrong_kind<M: Metric>(key: &Key, is: &Series) -> MetricError {
    MetricError::Kind { metric: text::clipped(key), asked: M::KIND, is: is.kind() }
}
