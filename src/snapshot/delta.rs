//! What changed between two snapshots.

use super::series::{Sample, Value};
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
    /// is given as one that began anew.
    pub restarted: bool,
    /// The series of the later snapshot, sorted by key.
    pub changes: Vec<Change>,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Its name and labels.
    pub key: Arc<Key>,
    /// Its value in the later snapshot.
    pub value: Value,
    /// How much a counter grew; 0 for other kinds.
    pub increase: u64,
    /// Whether a counter began anew since the earlier snapshot: then `increase` is all it has
    /// counted since, and what it counted in between and lost is unknown.
    pub restarted: bool,
}

impl Delta {
    pub(super) fn between(
        interval: Duration,
        restarted: bool,
        earlier: &[Sample],
        now: &[Sample],
    ) -> Delta {
        let earlier = if restarted { &[] } else { earlier };
        let change = |sample: &Sample| Change::of(sample, find(earlier, &sample.key), restarted);
        Delta { interval, restarted, changes: now.iter().map(change).collect() }
    }

    /// What became of the series `name` without labels.
    pub fn get(&self, name: &str) -> Option<&Change> {
        self.get_with(name, &[])
    }

    /// What became of the series `name` with `labels`, in any order.
    pub fn get_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Change> {
        let key = Key::new(name, labels).ok()?;
        let at = self.changes.binary_search_by(|change| (*change.key).cmp(&key)).ok()?;
        self.changes.get(at)
    }
}

impl Change {
    fn of(now: &Sample, earlier: Option<Value>, new_registry: bool) -> Change {
        let (increase, restarted) = match (now.value, earlier) {
            (Value::Counter(now), Some(Value::Counter(earlier))) if now >= earlier => {
                (now - earlier, false)
            }
            (Value::Counter(now), Some(_)) => (now, true),
            (Value::Counter(now), None) => (now, new_registry),
            (Value::Gauge(_), _) => (0, false),
        };
        Change { key: Arc::clone(&now.key), value: now.value, increase, restarted }
    }
}

/// The value of `key` in samples that are sorted by key.
pub(super) fn find(samples: &[Sample], key: &Key) -> Option<Value> {
    let at = samples.binary_search_by(|sample| (*sample.key).cmp(key)).ok()?;
    samples.get(at).map(|sample| sample.value)
}
