//! `Expect`: assertions about a snapshot, which show the nearest series when one is missing.

mod figure;
mod nearest;

use crate::metric::Key;
use crate::snapshot::{Health, SeriesRef, Snapshot};
use figure::Figure;
use nearest::nearest;
use std::fmt::{Display, Write};

/// Assertions about a snapshot, for tests: each panics, at the line of its caller, if the snapshot is
/// otherwise than expected.
///
/// The message tells what is there instead; of a series that is missing it shows the nearest ones, with
/// their values: those of the same name first, then those of similar names, at most five.
///
/// ```
/// use flowmeter::{Expect, Registry};
///
/// let registry = Registry::new();
/// registry.counter_with("rows", &[("table", "flights")])?.add(3);
/// registry.gauge("depth")?.set(2.0);
///
/// let snapshot = registry.collect();
/// Expect::of(&snapshot)
///     .counter_with("rows", &[("table", "flights")], 3)
///     .gauge("depth", 2.0)
///     .none("errors");
/// # Ok::<(), flowmeter::MetricError>(())
/// ```
///
/// ```should_panic
/// # let registry = flowmeter::Registry::new();
/// # registry.counter_with("rows", &[("table", "flights")]).unwrap().add(3);
/// // expected `rows` to be a counter of 3, but there is no such series; the nearest:
/// //   `rows{table="flights"}` is a counter of 3
/// flowmeter::Expect::of(&registry.collect()).counter("rows", 3);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Expect<'s> {
    snapshot: &'s Snapshot,
}

/// Each returns the same again, to expect more of it; `labels` are in any order.
impl<'s> Expect<'s> {
    /// Assertions about `snapshot`, which stays as it is.
    pub fn of(snapshot: &'s Snapshot) -> Expect<'s> {
        Expect { snapshot }
    }

    /// There is a counter `name` without labels, and its total is `total`.
    #[track_caller]
    pub fn counter(self, name: &str, total: u64) -> Expect<'s> {
        self.counter_with(name, &[], total)
    }

    /// There is a counter `name` with `labels`, and its total is `total`.
    #[track_caller]
    pub fn counter_with(self, name: &str, labels: &[(&str, &str)], total: u64) -> Expect<'s> {
        self.figure(name, labels, &Figure::Counter(total))
    }

    /// There is a gauge `name` without labels, and its level is `level`, exactly; NaN is as good as NaN.
    #[track_caller]
    pub fn gauge(self, name: &str, level: f64) -> Expect<'s> {
        self.gauge_with(name, &[], level)
    }

    /// There is a gauge `name` with `labels`, and its level is `level`, exactly; NaN is as good as NaN.
    #[track_caller]
    pub fn gauge_with(self, name: &str, labels: &[(&str, &str)], level: f64) -> Expect<'s> {
        self.figure(name, labels, &Figure::Gauge(level))
    }

    /// There is a histogram `name` without labels, and it has recorded `count` values.
    #[track_caller]
    pub fn histogram_count(self, name: &str, count: u64) -> Expect<'s> {
        self.histogram_count_with(name, &[], count)
    }

    /// There is a histogram `name` with `labels`, and it has recorded `count` values.
    #[track_caller]
    pub fn histogram_count_with(
        self,
        name: &str,
        labels: &[(&str, &str)],
        count: u64,
    ) -> Expect<'s> {
        self.figure(name, labels, &Figure::Histogram(count))
    }

    /// There is a meter `name` without labels, and its total is `total`.
    #[track_caller]
    pub fn meter_total(self, name: &str, total: u64) -> Expect<'s> {
        self.meter_total_with(name, &[], total)
    }

    /// There is a meter `name` with `labels`, and its total is `total`.
    #[track_caller]
    pub fn meter_total_with(self, name: &str, labels: &[(&str, &str)], total: u64) -> Expect<'s> {
        self.figure(name, labels, &Figure::Meter(total))
    }

    /// There is a timer `name` without labels, and it has recorded `count` durations.
    #[track_caller]
    pub fn timer_count(self, name: &str, count: u64) -> Expect<'s> {
        self.timer_count_with(name, &[], count)
    }

    /// There is a timer `name` with `labels`, and it has recorded `count` durations.
    #[track_caller]
    pub fn timer_count_with(self, name: &str, labels: &[(&str, &str)], count: u64) -> Expect<'s> {
        self.figure(name, labels, &Figure::Timer(count))
    }

    /// There is a health check `name` without labels, and it found nothing wrong.
    #[track_caller]
    pub fn healthy(self, name: &str) -> Expect<'s> {
        self.healthy_with(name, &[])
    }

    /// There is a health check `name` with `labels`, and it found nothing wrong.
    #[track_caller]
    pub fn healthy_with(self, name: &str, labels: &[(&str, &str)]) -> Expect<'s> {
        self.figure(name, labels, &Figure::Health(Health::Healthy))
    }

    /// There is a health check `name` without labels, and it found something wrong: `reason`, exactly.
    #[track_caller]
    pub fn unhealthy(self, name: &str, reason: &str) -> Expect<'s> {
        self.unhealthy_with(name, &[], reason)
    }

    /// There is a health check `name` with `labels`, and it found something wrong: `reason`, exactly.
    #[track_caller]
    pub fn unhealthy_with(self, name: &str, labels: &[(&str, &str)], reason: &str) -> Expect<'s> {
        let health = Health::Unhealthy { reason: reason.into() };
        self.figure(name, labels, &Figure::Health(health))
    }

    /// There is no series `name`, whatever its labels and its kind.
    #[track_caller]
    pub fn none(self, name: &str) -> Expect<'s> {
        let there = self.snapshot.series().filter(|series| series.key.name() == name);
        let lines = lines(there);
        if !lines.is_empty() {
            fail(&format_args!("expected no series `{name}`, but there is:{lines}"));
        }
        self
    }

    #[track_caller]
    fn figure(self, name: &str, labels: &[(&str, &str)], expected: &Figure) -> Expect<'s> {
        let key = match Key::new(name, labels) {
            Ok(key) => key,
            Err(error) => fail(&format_args!("no snapshot has what is expected: {error}")),
        };
        match self.snapshot.value_with(name, labels).map(|value| Figure::of(&value)) {
            Some(is) if is == *expected => self,
            Some(is) => fail(&format_args!("expected `{key}` to be {expected}, but it is {is}")),
            None => fail(&self.missing(&key, expected)),
        }
    }

    fn missing(self, key: &Key, expected: &Figure) -> String {
        let begin = format!("expected `{key}` to be {expected}, but there is no");
        let nearest = nearest(self.snapshot.series(), key);
        let lines = lines(nearest.into_iter());
        match lines.is_empty() {
            true => format!("{begin} series at all"),
            false => format!("{begin} such series; the nearest:{lines}"),
        }
    }
}

/// Each series on a line of its own.
fn lines<'a>(series: impl Iterator<Item = SeriesRef<'a>>) -> String {
    series.fold(String::new(), |mut lines, SeriesRef { key, value, .. }| {
        // A `String` takes everything.
        let _ = write!(lines, "\n  `{key}` is {}", Figure::of(&value));
        lines
    })
}

#[track_caller]
fn fail(why: &dyn Display) -> ! {
    panic!("{why}")
}
