//! The series of a registry, by key.

use crate::metric::{Counter, Gauge, Key, KeyError};
use crate::snapshot::{Sample, Value};
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
pub enum Kind {
    /// A total that only grows.
    Counter,
    /// A level.
    Gauge,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        })
    }
}

/// Why a registry does not give a metric.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// A series of that name and those labels is of another kind.
    #[error("metric `{metric}` was asked for as a {asked} but is a {is}")]
    Kind {
        /// The metric's name and labels.
        metric: String,
        /// The kind that was asked for.
        asked: Kind,
        /// The kind that it is.
        is: Kind,
    },
    /// The name or the labels can't be a key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Series {
    fn new(kind: Kind) -> Series {
        match kind {
            Kind::Counter => Series::Counter(Counter::default()),
            Kind::Gauge => Series::Gauge(Gauge::default()),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Series::Counter(_) => Kind::Counter,
            Series::Gauge(_) => Kind::Gauge,
        }
    }

    fn value(&self) -> Value {
        match self {
            Series::Counter(counter) => Value::Counter(counter.value()),
            Series::Gauge(gauge) => Value::Gauge(gauge.value()),
        }
    }
}

/// Every series, found by its whole key and never by a hash of it. A name is of one kind.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: RwLock<BTreeMap<Box<str>, Family>>,
}

/// The series that share a name.
#[derive(Debug)]
struct Family {
    kind: Kind,
    by_key: BTreeMap<Arc<Key>, Series>,
}

impl Index {
    pub(super) fn counter(&self, key: &Key) -> Result<Counter, MetricError> {
        match self.get(key, Kind::Counter) {
            Series::Counter(counter) => Ok(counter),
            other => Err(wrong_kind(key, Kind::Counter, &other)),
        }
    }

    pub(super) fn gauge(&self, key: &Key) -> Result<Gauge, MetricError> {
        match self.get(key, Kind::Gauge) {
            Series::Gauge(gauge) => Ok(gauge),
            other => Err(wrong_kind(key, Kind::Gauge, &other)),
        }
    }

    /// Every series with its value now, sorted by key.
    pub(super) fn samples(&self) -> Vec<Sample> {
        let names = self.names.read();
        let all = names.values().flat_map(|family| &family.by_key);
        all.map(|(key, series)| Sample::new(Arc::clone(key), series.value())).collect()
    }

    /// The series of `key`, registered if it is not; of whatever kind its name is.
    fn get(&self, key: &Key, kind: Kind) -> Series {
        let known = self.names.read().get(key.name()).and_then(|family| family.find(key));
        known.unwrap_or_else(|| self.register(key, kind))
    }

    fn register(&self, key: &Key, kind: Kind) -> Series {
        let mut names = self.names.write();
        let new_family = || Family { kind, by_key: BTreeMap::new() };
        let family = names.entry(key.name().into()).or_insert_with(new_family);
        if family.kind != kind {
            return Series::new(family.kind);
        }
        let series = family.by_key.entry(Arc::new(key.clone()));
        series.or_insert_with(|| Series::new(kind)).clone()
    }
}

impl Family {
    fn find(&self, key: &Key) -> Option<Series> {
        self.by_key.get(key).cloned()
    }
}

fn wrong_kind(key: &Key, asked: Kind, is: &Series) -> MetricError {
    MetricError::Kind { metric: crate::text::kept(key), asked, is: is.kind() }
}
