//! `Source`: whatever has numbers to give when a snapshot is taken.

use super::series::SeriesSnapshot;
use super::value::Value;
use crate::metric::Key;

/// Whatever has numbers to give when a snapshot is taken: the machine, a connection pool, another
/// library's statistics.
///
/// Each registry that was given one calls it once for each collection, on a thread of the registry's own.
/// A collection waits for it, but not for ever: see `RegistryBuilder::source_wait`.
///
/// # For implementors
///
/// Give totals as counters, since the beginning and never less than before, and levels as gauges. Give
/// the same names and labels each time. A source may use the registry that it belongs to, but must not
/// keep it alive: one that holds a `Registry` which holds the source is never freed. Hold a
/// `Scope`, which does not.
///
/// ```
/// use flowmeter::{Registry, Sample, Source};
///
/// struct Pool { open: Vec<u32> }
///
/// impl Source for Pool {
///     fn sample(&mut self, sample: &mut Sample) {
///         sample.gauge("open", self.open.len() as f64);
///     }
/// }
///
/// let registry = Registry::new();
/// let guard = registry.source("pool", Pool { open: vec![7, 8] })?;
/// assert_eq!(registry.collect().gauge("pool.open"), Some(2.0));
/// drop(guard);
/// assert_eq!(registry.collect().gauge("pool.open"), None);
/// # Ok::<(), flowmeter::MetricError>(())
/// ```
pub trait Source: Send {
    /// Puts every number as it is now into `sample`.
    fn sample(&mut self, sample: &mut Sample);
}

/// What a source gives at one collection: series whose names begin with the source's own and a dot.
///
/// What can't be a series is left out and counted, as *refused*, among the registry's own metrics: an
/// invalid name or label, a series given twice, a name that is given as two kinds or that exporters would
/// write like another one, and what goes beyond the registry's limit of series per name, which is here the
/// limit of all series of the source.
#[derive(Debug)]
pub struct Sample {
    source: Key,
    limit: usize,
    series: Vec<SeriesSnapshot>,
    refused: u64,
}

impl Sample {
    /// Nothing yet: at most `limit` series, whose names begin with that of `source` and a dot, and which
    /// carry its labels.
    pub(crate) fn new(source: Key, limit: usize) -> Sample {
        Sample { source, limit, series: Vec::new(), refused: 0 }
    }

    /// The total of the counter `name` without labels.
    pub fn counter(&mut self, name: &str, total: u64) {
        self.counter_with(name, &[], total);
    }

    /// The total of the counter `name` with `labels`, in any order.
    pub fn counter_with(&mut self, name: &str, labels: &[(&str, &str)], total: u64) {
        self.give(name, labels, Value::Counter(total));
    }

    /// The level of the gauge `name` without labels.
    pub fn gauge(&mut self, name: &str, level: f64) {
        self.gauge_with(name, &[], level);
    }

    /// The level of the gauge `name` with `labels`, in any order.
    pub fn gauge_with(&mut self, name: &str, labels: &[(&str, &str)], level: f64) {
        self.give(name, labels, Value::Gauge(level));
    }

    /// The series that were given, and how many were refused.
    pub(crate) fn into_series(self) -> (Vec<SeriesSnapshot>, u64) {
        (self.series, self.refused)
    }

    fn give(&mut self, name: &str, labels: &[(&str, &str)], value: Value) {
        match self.key(name, labels) {
            Some(key) => self.series.push(SeriesSnapshot::new(key, value)),
            None => self.refused = self.refused.saturating_add(1),
        }
    }

    /// The key of the series, if it can be one of this sample.
    fn key(&self, name: &str, labels: &[(&str, &str)]) -> Option<Key> {
        if name.is_empty() || self.series.len() >= self.limit {
            return None;
        }
        let name = format!("{}.{name}", self.source.name());
        let own = self.source.labels();
        let labels: Vec<_> = own.chain(labels.iter().copied()).collect();
        Key::new(&name, &labels).ok()
    }
}
