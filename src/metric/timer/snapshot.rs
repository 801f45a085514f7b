//! A timer at one moment: raw numbers that merge, and what is derived from them.

use crate::metric::decay::Decayed;
use crate::metric::histogram::{Buckets, BucketsMismatch, HistogramSnapshot};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A timer at one moment: raw numbers, from which rates and quantiles are derived when they are asked
/// for.
///
/// Rates are in durations a second, computed as those of a [`MeterSnapshot`](crate::MeterSnapshot);
/// they are `None` where no time has passed since the timer started. What is said of the durations is
/// `None` where there are none.
///
/// Snapshots are equal if they are so bit for bit. What is read of a text is refused where it holds
/// numbers that no timer gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerSnapshot {
    durations: HistogramSnapshot,
    decayed: Decayed,
}

impl TimerSnapshot {
    pub(super) fn new(durations: HistogramSnapshot, decayed: Decayed) -> TimerSnapshot {
        TimerSnapshot { durations, decayed }
    }

    /// The one of a timer that has not started: merged with another of these buckets, it changes nothing.
    pub fn empty(buckets: Buckets) -> TimerSnapshot {
        TimerSnapshot::new(HistogramSnapshot::empty(buckets), Decayed::default())
    }

    /// The distribution of the durations, in nanoseconds.
    pub fn durations(&self) -> &HistogramSnapshot {
        &self.durations
    }

    /// The number of durations.
    pub fn count(&self) -> u64 {
        self.durations.count()
    }

    /// The shortest duration, exactly.
    pub fn min(&self) -> Option<Duration> {
        self.durations.min().map(Duration::from_nanos)
    }

    /// The longest duration, exactly.
    pub fn max(&self) -> Option<Duration> {
        self.durations.max().map(Duration::from_nanos)
    }

    /// The mean of the durations, to the nanosecond below; in a [cut](crate::Timer::snapshot) while
    /// others record, to the width of the buckets. It is a lower bound where their sum is more than 584
    /// years.
    pub fn mean(&self) -> Option<Duration> {
        let all = &self.durations;
        let (min, max) = (all.min()?, all.max()?);
        // Where the sum has stopped, or was read: no mean is beyond the durations.
        let mean = all.sum().checked_div(all.count())?.clamp(min, max);
        Some(Duration::from_nanos(mean))
    }

    /// The duration that a part `q` of all, 0 to 1, do not exceed; as exact as the histogram's
    /// [`quantile`](HistogramSnapshot::quantile).
    pub fn quantile(&self, q: f64) -> Option<Duration> {
        self.durations.quantile(q).map(Duration::from_nanos)
    }

    /// The time since the timer started.
    pub fn age(&self) -> Duration {
        self.decayed.age()
    }

    /// Durations a second, over about the last minute.
    pub fn rate_1m(&self) -> Option<f64> {
        self.decayed.rate_1m()
    }

    /// Durations a second, over about the last five minutes.
    pub fn rate_5m(&self) -> Option<f64> {
        self.decayed.rate_5m()
    }

    /// Durations a second, over about the last fifteen minutes.
    pub fn rate_15m(&self) -> Option<f64> {
        self.decayed.rate_15m()
    }

    /// Durations a second, over the whole age.
    pub fn rate_mean(&self) -> Option<f64> {
        self.decayed.rate_mean(self.count())
    }

    /// Adds another timer, of another part of the whole; both are to be of the same moment. The
    /// distributions merge without loss, the rates as those of
    /// [meters](crate::MeterSnapshot::merge).
    ///
    /// # Errors
    ///
    /// The two have other buckets; then nothing is added.
    pub fn merge(&mut self, other: &TimerSnapshot) -> Result<(), BucketsMismatch> {
        let TimerSnapshot { durations, decayed } = other;
        self.durations.merge(durations)?;
        self.decayed.merge(decayed);
        Ok(())
    }
}
