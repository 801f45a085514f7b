//! What delivery says of itself: the figures of each attached reporter.

use crate::clock::Clock;
use crate::metric::{Counter, Key, Timer};
use crate::panics::caught;
use crate::report::{Figure, Reporter};
use crate::snapshot::{SeriesSnapshot, Value};
use std::sync::Arc;

/// The figures of one reporter.
#[derive(Debug)]
pub(super) struct Own {
    /// How long collections take.
    pub(super) collect: Timer,
    /// How long the reporter takes with a report.
    pub(super) encode: Timer,
    /// Reports that it took.
    pub(super) sent: Counter,
    /// Reports with which it failed.
    pub(super) failed: Counter,
    /// Intervals that were skipped, because it was not ready.
    pub(super) late: Counter,
    /// Runs that ended and were not kept until its next report.
    pub(super) missed: Counter,
    /// Whether it panicked, and so is not called any more.
    pub(super) panicked: Counter,
    /// Whether it was left behind with its thread, because it did not end.
    pub(super) left: Counter,
    /// What it keeps itself.
    kept: Vec<(&'static str, Figure)>,
}

impl Own {
    pub(super) fn new(clock: &Clock, kept: Vec<(&'static str, Figure)>) -> Own {
        Own {
            collect: Timer::new(clock),
            encode: Timer::new(clock),
            sent: Counter::default(),
            failed: Counter::default(),
            late: Counter::default(),
            missed: Counter::default(),
            panicked: Counter::default(),
            left: Counter::default(),
            kept,
        }
    }

    /// The series of the reporter called `name`, which was attached as the registration `number`.
    pub(super) fn series(&self, name: &str, number: u64) -> Vec<SeriesSnapshot> {
        let counters = [
            ("sent", &self.sent),
            ("failed", &self.failed),
            ("late", &self.late),
            ("missed", &self.missed),
            ("panicked", &self.panicked),
            ("left", &self.left),
        ];
        let timers = [("collect", &self.collect), ("encode", &self.encode)];
        let counters = counters.map(|(figure, of)| (figure, Value::Counter(of.value())));
        let timers = timers.map(|(figure, of)| (figure, Value::Timer(Arc::new(of.snapshot()))));
        let kept = self.kept.iter().map(|(figure, of)| (*figure, value(of)));
        // Of two of one name the first counts: what a reporter keeps does not hide ours.
        let all = counters.into_iter().chain(timers).chain(kept);
        all.filter_map(|(figure, value)| series(figure, name, number, value)).collect()
    }
}

fn value(figure: &Figure) -> Value {
    match figure {
        Figure::Counter(counter) => Value::Counter(counter.value()),
        Figure::Gauge(gauge) => Value::Gauge(gauge.value()),
    }
}

/// `None` if the reporter gave its figure a name that none can have.
fn series(figure: &str, reporter: &str, number: u64, value: Value) -> Option<SeriesSnapshot> {
    let name = format!("flowmeter.reporter.{figure}");
    let key = Key::new(&name, &[("reporter", reporter)]).ok()?;
    let mut series = SeriesSnapshot::new(key, value);
    series.registration = number;
    Some(series)
}

/// What a reporter keeps itself; nothing if it panics when it is asked, and then why.
pub(super) fn kept(reporter: &dyn Reporter) -> (Vec<(&'static str, Figure)>, Result<(), String>) {
    match caught(|| reporter.figures()) {
        Ok(kept) => (kept, Ok(())),
        Err(panic) => (Vec::new(), Err(panic)),
    }
}
