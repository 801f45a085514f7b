//! What a registry says of itself: its own metrics.

use super::calls::Failures;
use super::error::MetricError;
use crate::cells;
use crate::metric::{GaugeMerge, Key};
use crate::snapshot::{Description, SeriesSnapshot, Value};
use crate::text;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a registry counts of itself.
#[derive(Debug)]
pub(super) struct Own {
    overflow: AtomicU64,
    refused: AtomicU64,
    /// Why, each reason once: of the first ones.
    reasons: Mutex<Vec<String>>,
    /// The keys of what there always is.
    keys: [Key; 6],
}

/// How many reasons are kept.
const REASONS: usize = 10;

const ALWAYS: [&str; 6] = [
    "flowmeter.overflow",
    "flowmeter.refused",
    "flowmeter.series",
    "flowmeter.stuck",
    "flowmeter.threads_without_cells",
    "flowmeter.without_cells",
];

/// The levels of a registry at this moment.
pub(super) struct Levels {
    /// How many series it holds for others.
    pub(super) series: usize,
    /// How many of its calls hang.
    pub(super) stuck: usize,
    /// How many of its series lack cells.
    pub(super) without_cells: usize,
}

impl Default for Own {
    fn default() -> Own {
        let (overflow, refused, reasons) = <_>::default();
        Own { overflow, refused, reasons, keys: ALWAYS.map(|name| key(name, &[])) }
    }
}

// Relaxed: a total orders nothing else in memory.
impl Own {
    /// A series was asked for beyond the limit of its name.
    pub(super) fn note_overflow(&self) {
        self.overflow.fetch_add(1, Ordering::Relaxed);
    }

    /// A metric was refused.
    pub(super) fn note_refused(&self, why: &MetricError) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        let mut reasons = self.reasons.lock();
        if reasons.len() < REASONS {
            let why = text::sentence(why);
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
    }

    pub(super) fn reasons(&self) -> Vec<String> {
        self.reasons.lock().clone()
    }

    /// The registry's own series, given its levels and how its calls did.
    pub(super) fn series(
        &self,
        levels: Levels,
        failures: &[(Box<str>, Failures)],
    ) -> impl Iterator<Item = SeriesSnapshot> {
        let total = |of: &AtomicU64| Value::Counter(of.load(Ordering::Relaxed));
        let Levels { series, stuck, without_cells } = levels;
        let [series, stuck, without_cells] =
            [series, stuck, without_cells].map(|level| Value::Gauge(level as f64));
        let threads = Value::Counter(cells::threads_without());
        let [overflow, refused] = [&self.overflow, &self.refused].map(total);
        let values = [overflow, refused, series, stuck, threads, without_cells];
        let own = self.keys.iter().cloned().zip(values);
        let own = own.map(|(key, value)| SeriesSnapshot::new(key, value));
        let of_calls = failures.iter().flat_map(|(name, failures)| failures.series(name));
        own.chain(of_calls)
    }
}

impl Failures {
    fn series(&self, name: &str) -> [SeriesSnapshot; 3] {
        let Failures { number, late, panicked, refused, .. } = *self;
        let all = [
            ("flowmeter.late", late),
            ("flowmeter.panicked", panicked),
            ("flowmeter.source.refused", refused),
        ];
        all.map(|(figure, total)| {
            let key = key(figure, &[("source", name)]);
            let mut series = SeriesSnapshot::new(key, Value::Counter(total));
            series.registration = number;
            series
        })
    }
}

/// The descriptions of the own levels: those of several registries add up.
pub(super) fn descriptions() -> [Description; 3] {
    [
        ("flowmeter.series", "Series that the registry holds"),
        ("flowmeter.stuck", "Calls that hang"),
        ("flowmeter.without_cells", "Series that found no cells, and count more slowly"),
    ]
    .map(|(name, help)| {
        let mut description = Description::new(name.into());
        description.help = Some(help.into());
        description.merge = GaugeMerge::Sum;
        description
    })
}

fn key(name: &str, labels: &[(&str, &str)]) -> Key {
    // Cannot fail: the names are ours, and that of a source is short enough for a label.
    Key::new(name, labels).expect("an own key is a key")
}
