//! What a registry says of itself: its own metrics.

use super::calls::Failures;
use crate::metric::{GaugeMerge, Key};
use crate::snapshot::{Description, SeriesSnapshot, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a registry counts of itself.
#[derive(Debug, Default)]
pub(super) struct Own {
    overflow: AtomicU64,
    refused: AtomicU64,
}

// Relaxed: a total orders nothing else in memory.
impl Own {
    /// A series was asked for beyond the limit of its name.
    pub(super) fn note_overflow(&self) {
        self.overflow.fetch_add(1, Ordering::Relaxed);
    }

    /// A metric was refused.
    pub(super) fn note_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// The registry's own series, given the number of those that it holds for others and its calls.
    pub(super) fn series(
        &self,
        series: usize,
        stuck: usize,
        failures: &[(Box<str>, Failures)],
    ) -> Vec<SeriesSnapshot> {
        let total = |of: &AtomicU64| Value::Counter(of.load(Ordering::Relaxed));
        let mut own = vec![
            of("flowmeter.overflow", &[], total(&self.overflow)),
            of("flowmeter.refused", &[], total(&self.refused)),
            of("flowmeter.series", &[], Value::Gauge(series as f64)),
            of("flowmeter.stuck", &[], Value::Gauge(stuck as f64)),
        ];
        for (name, failures) in failures {
            own.extend(failures.series(name));
        }
        own
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
            let mut series = of(figure, &[("source", name)], Value::Counter(total));
            series.registration = number;
            series
        })
    }
}

/// What is said of the own levels: those of several registries add up.
pub(super) fn descriptions() -> [Description; 2] {
    [("flowmeter.series", "Series that the registry holds"), ("flowmeter.stuck", "Calls that hang")]
        .map(|(name, help)| {
            let mut description = Description::new(name.into());
            description.help = Some(help.into());
            description.merge = GaugeMerge::Sum;
            description
        })
}

fn of(name: &str, labels: &[(&str, &str)], value: Value) -> SeriesSnapshot {
    // Cannot fail: the names are ours, and that of a source is short enough for a label.
    let key = Key::new(name, labels).expect("an own key is a key");
    SeriesSnapshot::new(Arc::new(key), value)
}
