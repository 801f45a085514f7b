//! A total, and how fast it grows.

use super::counter::Counter;
use super::decay::{Decay, Decayed};
use crate::clock::Clock;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// A total that only grows, and its rate over 1, 5 and 15 minutes and over its lifetime. Clones share
/// one meter.
///
/// Marking is adding to a [`Counter`]: it takes no lock, reads no clock, allocates nothing and can't
/// fail. The rates are computed when they are read, by the time that has elapsed since the last read,
/// whoever did that. There is no thread that ticks: nothing has to be stopped, and a meter whose last
/// clone is dropped is gone.
///
/// Marks are taken as spread evenly between two reads. So a rate is exact where they are, and where they
/// are not it depends on when it is read: reads that are far closer than the rate's minutes make it close.
///
/// ```
/// # use flowmeter::{ManualClock, Meter};
/// # use std::time::Duration;
/// let clock = ManualClock::new();
/// let rows = Meter::new(&clock.clock());
/// rows.mark(500);
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(rows.snapshot().rate_mean(), Some(250.0));
/// ```
#[derive(Clone, Debug)]
pub struct Meter {
    marks: Counter,
    // `None`: of a disabled registry.
    decay: Option<Arc<Decay>>,
}

impl Meter {
    /// A meter of its own, which no registry shows. It starts now.
    pub fn new(clock: &Clock) -> Meter {
        Meter { marks: Counter::default(), decay: Some(Arc::new(Decay::new(clock))) }
    }

    /// A meter that counts nothing, and reads no clock.
    pub(crate) const fn disabled() -> Meter {
        Meter { marks: Counter::disabled(), decay: None }
    }

    /// Adds `n`.
    #[inline]
    pub fn mark(&self, n: u64) {
        self.marks.add(n);
    }

    /// The total, and what its rates are derived from, now.
    pub fn snapshot(&self) -> MeterSnapshot {
        let read = |decay: &Arc<Decay>| decay.read(|| self.marks.value(), |total| *total);
        let (total, decayed) = self.decay.as_ref().map(read).unwrap_or_default();
        MeterSnapshot { total, decayed }
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It counts
    /// on, unseen.
    #[inline]
    pub fn is_registered(&self) -> bool {
        self.marks.is_registered()
    }

    /// As [`Counter::cell`].
    pub(crate) fn cell(&self) -> u32 {
        self.marks.cell()
    }

    /// As [`Counter::lacks_cells`].
    pub(crate) fn lacks_cells(&self) -> bool {
        self.marks.lacks_cells()
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.marks.set_registered(registered);
    }
}

/// A meter at one moment: raw numbers, from which its rates are derived when they are asked for.
///
/// A rate is in marks a second, finite and never negative, and `None` where no time has passed since
/// the meter started. The one of *n* minutes is the exponentially decayed average: a mark weighs
/// exp(−a/τ), *a* being how long ago it was and τ *n* minutes, and the weight of all marks is divided
/// by that of all the time since the start, τ·(1 − exp(−age/τ)). So it has no bias at the start: a
/// steady rate is shown as what it is from the first read on. After a silence of d it is exp(−d/τ) of
/// what it was, but for that divisor, which grows meanwhile towards τ.
///
/// Snapshots are equal if they are so bit for bit. What is read of a text is refused where it holds
/// numbers that no meter gives: sums of weights that are not finite, or negative.
///
/// The default is a meter that has not started, and the neutral element of [`merge`](Self::merge).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterSnapshot {
    total: u64,
    decayed: Decayed,
}

impl MeterSnapshot {
    /// Everything marked since the meter started.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The time since the meter started.
    pub fn age(&self) -> Duration {
        self.decayed.age()
    }

    /// Marks a second, over about the last minute.
    pub fn rate_1m(&self) -> Option<f64> {
        self.decayed.rate_1m()
    }

    /// Marks a second, over about the last five minutes.
    pub fn rate_5m(&self) -> Option<f64> {
        self.decayed.rate_5m()
    }

    /// Marks a second, over about the last fifteen minutes.
    pub fn rate_15m(&self) -> Option<f64> {
        self.decayed.rate_15m()
    }

    /// Marks a second, over the whole age.
    pub fn rate_mean(&self) -> Option<f64> {
        self.decayed.rate_mean(self.total)
    }

    /// Adds another meter, of another part of the whole; both are to be of the same moment.
    ///
    /// The merged one has the marks of both and the longer of the two ages: it is the meter of all
    /// marks since the older one started, and before the younger one started there was nothing for
    /// that one to mark. So, of parts of different ages, its rates are no more than the sums of theirs.
    ///
    /// Totals stop at `u64::MAX`. The order of merging makes no difference, the grouping none but for
    /// rounding.
    pub fn merge(&mut self, other: &MeterSnapshot) {
        let MeterSnapshot { total, decayed } = other;
        self.total = self.total.saturating_add(*total);
        self.decayed.merge(decayed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disabled_meter_takes_every_call_and_shows_nothing() {
        let meter = Meter::disabled();
        meter.mark(5);
        meter.set_registered(true);
        assert_eq!((meter.snapshot(), meter.is_registered()), (MeterSnapshot::default(), false));
    }
}
