//! What changed between two snapshots.

use super::series::{SeriesSnapshot, Value};
use crate::metric::Key;
use std::sync::Arc;
use std::time::Duration;

/// What changed in the series between an earlier and a later snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delta {
    /// The time between the two; zero if they are not of one registry, or in the wrong order.
    pub interval: Duration,
    /// Whether the two are not of one registry: then nothing can be subtracted, and every counter
    /// is given as one that restarted.
    pub other_registry: bool,
    /// The series of the later snapshot, sorted by key.
    pub changes: Vec<SeriesChange>,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesChange {
    /// Its name and labels.
    pub key: Arc<Key>,
    /// What became of it.
    pub change: Change,
}

/// What became of a value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// A counter grew.
    #[non_exhaustive]
    Counter {
        /// Its total in the later snapshot.
        total: u64,
        /// How much of it was added since the earlier one.
        increase: u64,
        /// Whether it began anew since then: `increase` is all that it has counted since, and what it
        /// counted in between and lost is unknown.
        restarted: bool,
    },
    /// A gauge has a new level, or the same.
    #[non_exhaustive]
    Gauge {
        /// Its level in the later snapshot.
        level: f64,
    },
}

/// Levels are compared bit for bit.
impl PartialEq for Change {
    fn eq(&self, other: &Change) -> bool {
        use Change::{Counter, Gauge};
        match (self, other) {
            (
                Counter { total, increase, restarted },
                Counter {
                    total: other_total,
                    increase: other_increase,
                    restarted: other_restarted,
                },
            ) => (total, increase, restarted) == (other_total, other_increase, other_restarted),
            (Gauge { level }, Gauge { level: other }) => level.to_bits() == other.to_bits(),
            (Counter { .. } | Gauge { .. }, _) => false,
        }
    }
}

impl Eq for Change {}

impl Delta {
    pub(super) fn between(
        interval: Duration,
        other_registry: bool,
        earlier: &[SeriesSnapshot],
        now: &[SeriesSnapshot],
    ) -> Delta {
        let earlier = if other_registry { &[] } else { earlier };
        let change = |now: &SeriesSnapshot| SeriesChange {
            key: Arc::clone(&now.key),
            change: Change::of(&now.value, find(earlier, &now.key), other_registry),
        };
        Delta { interval, other_registry, changes: now.iter().map(change).collect() }
    }

    /// What became of the series `name` without labels.
    pub fn get(&self, name: &str) -> Option<&Change> {
        self.get_with(name, &[])
    }

    /// What became of the series `name` with `labels`, in any order.
    pub fn get_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Change> {
        let key = Key::new(name, labels).ok()?;
        let at = self.changes.binary_search_by(|change| (*change.key).cmp(&key)).ok()?;
        self.changes.get(at).map(|series| &series.change)
    }
}

impl Change {
    fn of(now: &Value, earlier: Option<&Value>, other_registry: bool) -> Change {
        match (now, earlier) {
            (&Value::Counter(total), Some(&Value::Counter(earlier))) if total >= earlier => {
                Change::Counter { total, increase: total - earlier, restarted: false }
            }
            (&Value::Counter(total), earlier) => {
                let restarted = other_registry || earlier.is_some();
                Change::Counter { total, increase: total, restarted }
            }
            (&Value::Gauge(level), _) => Change::Gauge { level },
        }
    }
}

/// The value of `key` in series that are sorted by key.
pub(super) fn find<'a>(series: &'a [SeriesSnapshot], key: &Key) -> Option<&'a Value> {
    let at = series.binary_search_by(|series| (*series.key).cmp(key)).ok()?;
    series.get(at).map(|series| &series.value)
}
