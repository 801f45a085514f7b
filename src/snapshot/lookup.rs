//! Finding a series or a run in a snapshot, without inserting it.

use super::content::Snapshot;
use super::description::Description;
use super::health::Health;
use super::job::{JobSnapshot, newest};
use super::series::SeriesRef;
use super::value::Value;
use crate::metric::{HistogramSnapshot, Key, MeterSnapshot, TimerSnapshot};
use std::sync::Arc;

/// Each gives `None` if there is no such series, or if it is of another kind.
impl Snapshot {
    /// The total of the counter `name` without labels.
    pub fn counter(&self, name: &str) -> Option<u64> {
        self.counter_with(name, &[])
    }

    /// The total of the counter `name` with `labels`, in any order.
    pub fn counter_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<u64> {
        match self.value_with(name, labels)? {
            Value::Counter(total) => Some(total),
            _ => None,
        }
    }

    /// The level of the gauge `name` without labels.
    pub fn gauge(&self, name: &str) -> Option<f64> {
        self.gauge_with(name, &[])
    }

    /// The level of the gauge `name` with `labels`, in any order.
    pub fn gauge_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        match self.value_with(name, labels)? {
            Value::Gauge(level) => Some(level),
            _ => None,
        }
    }

    /// The distribution of the histogram `name` without labels.
    pub fn histogram(&self, name: &str) -> Option<&HistogramSnapshot> {
        self.histogram_with(name, &[])
    }

    /// The distribution of the histogram `name` with `labels`, in any order.
    pub fn histogram_with(
        &self,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Option<&HistogramSnapshot> {
        match self.stored(name, labels)? {
            Value::Histogram(histogram) => Some(histogram),
            _ => None,
        }
    }

    /// The meter `name` without labels.
    pub fn meter(&self, name: &str) -> Option<&MeterSnapshot> {
        self.meter_with(name, &[])
    }

    /// The meter `name` with `labels`, in any order.
    pub fn meter_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<&MeterSnapshot> {
        match self.stored(name, labels)? {
            Value::Meter(meter) => Some(meter),
            _ => None,
        }
    }

    /// The timer `name` without labels.
    pub fn timer(&self, name: &str) -> Option<&TimerSnapshot> {
        self.timer_with(name, &[])
    }

    /// The timer `name` with `labels`, in any order.
    pub fn timer_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<&TimerSnapshot> {
        match self.stored(name, labels)? {
            Value::Timer(timer) => Some(timer),
            _ => None,
        }
    }

    /// What the health check `name` without labels said.
    pub fn health(&self, name: &str) -> Option<&Health> {
        self.health_with(name, &[])
    }

    /// What the health check `name` with `labels`, in any order, said.
    pub fn health_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Health> {
        match self.stored(name, labels)? {
            Value::Health(health) => Some(health),
            _ => None,
        }
    }

    /// The value of the series `name` with `labels`, of any kind.
    pub fn value_with(&self, name: &str, labels: &[(&str, &str)]) -> Option<Value> {
        let key = Key::new(name, labels).ok()?;
        self.find(&key).map(|series| series.value)
    }

    pub(super) fn find(&self, key: &Key) -> Option<SeriesRef<'_>> {
        let all = &self.content.series;
        all.get(all.find(key)?)
    }

    /// The same of a kind that is no single number.
    fn stored(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Value> {
        let (all, key) = (&self.content.series, Key::new(name, labels).ok()?);
        all.stored(all.find(&key)?)
    }

    /// What `name` was described by when it was registered; `None` if by nothing.
    pub fn description(&self, name: &str) -> Option<&Description> {
        let all = self.descriptions();
        let at = all.binary_search_by(|description| (*description.name).cmp(name)).ok()?;
        all.get(at)
    }
}

/// Runs of jobs.
impl Snapshot {
    /// The newest run of the job `name`: in each registry the one with the highest number, and of those
    /// the one that started last by wall time.
    pub fn job(&self, name: &str) -> Option<&Arc<JobSnapshot>> {
        newest(self.jobs().filter(|job| &*job.name == name), |job| job)
    }

    /// The run with the number `run`. Where several registries have one, that of the registry with the
    /// lowest number.
    pub fn run(&self, run: u64) -> Option<&Arc<JobSnapshot>> {
        self.jobs().filter(|job| job.run == run).min_by_key(|job| job.registry)
    }

    /// The run with the number `run` of the registry with the number `registry`.
    pub fn run_of(&self, registry: u64, run: u64) -> Option<&Arc<JobSnapshot>> {
        let is_of_it = |job: &JobSnapshot| match self.parts() {
            [only] => only.registry == registry,
            _ => job.registry == Some(registry),
        };
        self.jobs().find(|job| job.run == run && is_of_it(job))
    }
}
