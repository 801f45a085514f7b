//! What changed between two snapshots.

use super::content::Snapshot;
use super::health::Health;
use super::lookup::find;
use super::series::SeriesSnapshot;
use super::value::Value;
use crate::metric::{HistogramSnapshot, Key, MeterSnapshot, TimerSnapshot};
use std::sync::Arc;
use std::time::Duration;

/// What changed in the series between an earlier and a later snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delta {
    /// The time between the two; zero if they are not of the same registries, or in the wrong order.
    pub interval: Duration,
    /// Whether the two are not of the same registries: then nothing can be subtracted, and every counter
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
    /// A histogram recorded more.
    #[non_exhaustive]
    Histogram {
        /// Everything that it has recorded.
        total: Arc<HistogramSnapshot>,
        /// What it recorded since the earlier snapshot.
        increase: Arc<HistogramSnapshot>,
        /// Whether it began anew since then, as of a counter.
        restarted: bool,
    },
    /// A meter was marked.
    #[non_exhaustive]
    Meter {
        /// Its total and its rates in the later snapshot.
        meter: Arc<MeterSnapshot>,
        /// How many marks were added since the earlier one.
        increase: u64,
        /// Whether it began anew since then, as of a counter.
        restarted: bool,
    },
    /// A timer recorded more.
    #[non_exhaustive]
    Timer {
        /// Everything that it has recorded, and its rates in the later snapshot.
        timer: Arc<TimerSnapshot>,
        /// The durations that it recorded since the earlier one, in nanoseconds.
        increase: Arc<HistogramSnapshot>,
        /// Whether it began anew since then, as of a counter.
        restarted: bool,
    },
    /// A health check was asked.
    #[non_exhaustive]
    Health {
        /// What it said in the later snapshot.
        health: Health,
    },
}

/// Levels are compared bit for bit.
impl PartialEq for Change {
    fn eq(&self, other: &Change) -> bool {
        let alike = self.now() == other.now() && self.restarted() == other.restarted();
        alike && self.increase() == other.increase()
    }
}

impl Eq for Change {}

/// How much was added to a value.
#[derive(PartialEq, Eq)]
enum Increase<'a> {
    None,
    Total(u64),
    Distribution(&'a HistogramSnapshot),
}

impl Snapshot {
    /// What changed in the series since `earlier`; a counter that began anew is marked.
    pub fn delta(&self, earlier: &Snapshot) -> Delta {
        let other_registry = !self.is_of_same_registries(earlier);
        let since = if other_registry { self.taken() } else { earlier.taken() };
        let interval = self.taken().at.since(since.at);
        Delta::between(interval, other_registry, earlier.series(), self.series())
    }
}

impl Delta {
    fn between(
        interval: Duration,
        other_registry: bool,
        earlier: &[SeriesSnapshot],
        now: &[SeriesSnapshot],
    ) -> Delta {
        let earlier = if other_registry { &[] } else { earlier };
        let change = |now: &SeriesSnapshot| SeriesChange {
            key: Arc::clone(&now.key),
            change: Change::of(now, find(earlier, &now.key), other_registry),
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
    /// The value in the later snapshot.
    pub fn now(&self) -> Value {
        match self {
            Change::Counter { total, .. } => Value::Counter(*total),
            Change::Gauge { level } => Value::Gauge(*level),
            Change::Histogram { total, .. } => Value::Histogram(Arc::clone(total)),
            Change::Meter { meter, .. } => Value::Meter(Arc::clone(meter)),
            Change::Timer { timer, .. } => Value::Timer(Arc::clone(timer)),
            Change::Health { health } => Value::Health(health.clone()),
        }
    }

    /// Whether it began anew since the earlier snapshot; `None` if its kind does not add up.
    pub fn restarted(&self) -> Option<bool> {
        match *self {
            Change::Counter { restarted, .. }
            | Change::Histogram { restarted, .. }
            | Change::Meter { restarted, .. }
            | Change::Timer { restarted, .. } => Some(restarted),
            Change::Gauge { .. } | Change::Health { .. } => None,
        }
    }

    fn increase(&self) -> Increase<'_> {
        match self {
            Change::Counter { increase, .. } | Change::Meter { increase, .. } => {
                Increase::Total(*increase)
            }
            Change::Histogram { increase, .. } | Change::Timer { increase, .. } => {
                Increase::Distribution(increase)
            }
            Change::Gauge { .. } | Change::Health { .. } => Increase::None,
        }
    }

    fn of(now: &SeriesSnapshot, earlier: Option<&SeriesSnapshot>, other_registry: bool) -> Change {
        // What is registered anew is another one, whatever it has counted by now.
        let same = earlier.filter(|earlier| now.continues(earlier));
        let same = same.map(|earlier| &earlier.value);
        let was_there = other_registry || earlier.is_some();
        match &now.value {
            Value::Counter(total) => Change::counter(*total, same, was_there),
            Value::Gauge(level) => Change::Gauge { level: *level },
            Value::Histogram(total) => Change::histogram(total, same, was_there),
            Value::Meter(meter) => Change::meter(meter, same, was_there),
            Value::Timer(timer) => Change::timer(timer, same, was_there),
            Value::Health(health) => Change::Health { health: health.clone() },
        }
    }

    fn counter(total: u64, earlier: Option<&Value>, was_there: bool) -> Change {
        let increase = match earlier {
            Some(Value::Counter(earlier)) => total.checked_sub(*earlier),
            _ => None,
        };
        let restarted = increase.is_none() && was_there;
        Change::Counter { total, increase: increase.unwrap_or(total), restarted }
    }

    fn histogram(
        total: &Arc<HistogramSnapshot>,
        earlier: Option<&Value>,
        was_there: bool,
    ) -> Change {
        let increase = match earlier {
            Some(Value::Histogram(earlier)) => total.since(earlier).map(Arc::new),
            _ => None,
        };
        let restarted = increase.is_none() && was_there;
        let increase = increase.unwrap_or_else(|| Arc::clone(total));
        Change::Histogram { total: Arc::clone(total), increase, restarted }
    }

    fn meter(meter: &Arc<MeterSnapshot>, earlier: Option<&Value>, was_there: bool) -> Change {
        let increase = match earlier {
            Some(Value::Meter(earlier)) => meter.total().checked_sub(earlier.total()),
            _ => None,
        };
        let restarted = increase.is_none() && was_there;
        let increase = increase.unwrap_or(meter.total());
        Change::Meter { meter: Arc::clone(meter), increase, restarted }
    }

    fn timer(timer: &Arc<TimerSnapshot>, earlier: Option<&Value>, was_there: bool) -> Change {
        let increase = match earlier {
            Some(Value::Timer(earlier)) => timer.durations().since(earlier.durations()),
            _ => None,
        };
        let restarted = increase.is_none() && was_there;
        let increase = Arc::new(increase.unwrap_or_else(|| timer.durations().clone()));
        Change::Timer { timer: Arc::clone(timer), increase, restarted }
    }
}
