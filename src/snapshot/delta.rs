//! What changed between two snapshots.

use super::content::Snapshot;
use super::health::Health;
use super::pairs::Pairs;
use super::past::Past;
use super::series::SeriesRef;
use super::value::Value;
use crate::metric::{HistogramSnapshot, Key, MeterSnapshot, TimerSnapshot};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What changed in the series between an earlier and a later snapshot. It holds the two, and subtracts
/// when it is read.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delta {
    /// The time between the two; zero if they are not of the same registries, or in the wrong order.
    pub interval: Duration,
    /// Whether the two are not of the same registries: then nothing can be subtracted, and every counter
    /// is given as one that restarted.
    pub other_registry: bool,
    earlier: Snapshot,
    now: Snapshot,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesChange<'a> {
    /// Its name and labels.
    pub key: &'a Key,
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
        /// Whether the two can't be compared, and what was counted in between is not known in full. If it
        /// began anew since then, `increase` is all that it has counted since. If it was registered by
        /// then but not in the earlier snapshot (a source that was late, or one process of several), it is 0.
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
        /// Whether the two can't be compared, as of a counter.
        restarted: bool,
    },
    /// A meter was marked.
    #[non_exhaustive]
    Meter {
        /// Its total and its rates in the later snapshot.
        meter: Arc<MeterSnapshot>,
        /// How many marks were added since the earlier one.
        increase: u64,
        /// Whether the two can't be compared, as of a counter.
        restarted: bool,
    },
    /// A timer recorded more.
    #[non_exhaustive]
    Timer {
        /// Everything that it has recorded, and its rates in the later snapshot.
        timer: Arc<TimerSnapshot>,
        /// The durations that it recorded since the earlier one, in nanoseconds.
        increase: Arc<HistogramSnapshot>,
        /// Whether the two can't be compared, as of a counter.
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
        Delta { interval, other_registry, earlier: earlier.clone(), now: self.clone() }
    }
}

impl Delta {
    /// What became of each series of the later snapshot, sorted by key.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = SeriesChange<'_>> {
        let pairs = Pairs::new(&self.earlier.content.series, &self.now.content.series);
        pairs.map(|(before, now)| SeriesChange { key: now.key, change: self.change(&now, before) })
    }

    /// What became of the series `name` without labels.
    pub fn get(&self, name: &str) -> Option<Change> {
        self.get_with(name, &[])
    }

    /// What became of the series `name` with `labels`, in any order.
    pub fn get_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<Change> {
        let key = Key::new(name, labels).ok()?;
        let [before, now] = [&self.earlier, &self.now].map(|snapshot| snapshot.find(&key));
        now.map(|now| self.change(&now, before))
    }

    fn change(&self, now: &SeriesRef<'_>, before: Option<SeriesRef<'_>>) -> Change {
        let past = match self.other_registry {
            true => Past::Anew,
            false => Past::of(now, before, &self.earlier, self.now.parts()),
        };
        Change::of(&now.value, past)
    }
}

impl PartialEq for Delta {
    fn eq(&self, other: &Delta) -> bool {
        let Delta { interval, other_registry, earlier: _, now: _ } = self;
        (interval, other_registry) == (&other.interval, &other.other_registry)
            && self.changes().eq(other.changes())
    }
}

impl Eq for Delta {}

impl fmt::Debug for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Delta { interval, other_registry, earlier: _, now: _ } = self;
        f.debug_struct("Delta")
            .field("interval", interval)
            .field("other_registry", other_registry)
            .field("changes", &self.changes().collect::<Vec<_>>())
            .finish()
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

    /// Whether it began anew, or could not be compared, since the earlier snapshot; `None` if its kind does
    /// not add up.
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

    fn of(now: &Value, past: Past) -> Change {
        match now {
            Value::Counter(total) => Change::counter(*total, past),
            Value::Gauge(level) => Change::Gauge { level: *level },
            Value::Histogram(total) => Change::histogram(total, past),
            Value::Meter(meter) => Change::meter(meter, past),
            Value::Timer(timer) => Change::timer(timer, past),
            Value::Health(health) => Change::Health { health: health.clone() },
        }
    }

    fn counter(total: u64, past: Past) -> Change {
        let since = |earlier: &Value| match earlier {
            Value::Counter(earlier) => total.checked_sub(*earlier),
            _ => None,
        };
        let (increase, restarted) = past.increase(since, total, 0);
        Change::Counter { total, increase, restarted }
    }

    fn histogram(total: &Arc<HistogramSnapshot>, past: Past) -> Change {
        let since = |earlier: &Value| match earlier {
            Value::Histogram(earlier) => total.since(earlier).map(Arc::new),
            _ => None,
        };
        let nothing = Arc::new(HistogramSnapshot::empty(total.buckets()));
        let (increase, restarted) = past.increase(since, Arc::clone(total), nothing);
        Change::Histogram { total: Arc::clone(total), increase, restarted }
    }

    fn meter(meter: &Arc<MeterSnapshot>, past: Past) -> Change {
        let since = |earlier: &Value| match earlier {
            Value::Meter(earlier) => meter.total().checked_sub(earlier.total()),
            _ => None,
        };
        let (increase, restarted) = past.increase(since, meter.total(), 0);
        Change::Meter { meter: Arc::clone(meter), increase, restarted }
    }

    fn timer(timer: &Arc<TimerSnapshot>, past: Past) -> Change {
        let since = |earlier: &Value| match earlier {
            Value::Timer(earlier) => timer.durations().since(earlier.durations()),
            _ => None,
        };
        let nothing = HistogramSnapshot::empty(timer.durations().buckets());
        let (increase, restarted) = past.increase(since, timer.durations().clone(), nothing);
        Change::Timer { timer: Arc::clone(timer), increase: Arc::new(increase), restarted }
    }
}
