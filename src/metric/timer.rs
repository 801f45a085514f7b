//! How long something takes, and how often it is done.

mod snapshot;

use super::decay::{Decay, Decayed};
use super::found::Found;
use super::histogram::{Buckets, Histogram, HistogramSnapshot};
use crate::clock::{Clock, Moment, Start};
use std::sync::Arc;
use std::time::Duration;

pub use snapshot::TimerSnapshot;

/// Durations: their distribution, in nanoseconds, and the rate at which they come. Clones share one
/// timer.
///
/// A duration takes two readings of a clock and a record: some 30 ns in all. So what takes less than a microsecond is
/// better timed by batches: a thousand rows at a time. The clock is a counter of the processor, where that counts
/// evenly (and else the system's): durations are exact to some millionths, and to its resolution of some nanoseconds.
/// To find out how long a tick is takes the first timer of a process a millisecond, and 200 at the most.
///
/// Recording is recording in a [`Histogram`], whose count is the total of the rates: it takes no lock
/// and can't fail. The rates are those of a [`Meter`](crate::Meter), computed when they are read,
/// without a thread that ticks.
///
/// ```
/// # use flowmeter::{ManualClock, Timer};
/// # use std::time::Duration;
/// let clock = ManualClock::new();
/// let parsing = Timer::new(&clock.clock());
///
/// let rows = parsing.time(|| {
///     clock.advance(Duration::from_millis(5));
///     "a,b,c".split(',').count()
/// });
/// assert_eq!(rows, 3);
///
/// let waiting = parsing.start();
/// clock.advance(Duration::from_millis(15));
/// assert_eq!(waiting.stop(), Duration::from_millis(15));
///
/// let durations = parsing.snapshot();
/// assert_eq!(durations.mean(), Some(Duration::from_millis(10)));
/// assert_eq!(durations.rate_mean(), Some(100.0));
/// ```
#[derive(Clone, Debug)]
pub struct Timer {
    durations: Histogram,
    // `None`: of a disabled registry.
    decay: Option<Arc<Decay>>,
}

impl Timer {
    /// A timer of its own, which no registry shows, with the buckets that a histogram has by default.
    /// Its rates start now.
    pub fn new(clock: &Clock) -> Timer {
        Timer::of(clock, Buckets::default())
    }

    /// A timer of its own with those buckets, over nanoseconds.
    pub fn of(clock: &Clock, buckets: Buckets) -> Timer {
        // The first one takes its time, which is not that of what is timed.
        let _ = clock.start();
        let decay = Some(Arc::new(Decay::new(clock)));
        Timer { durations: Histogram::of(buckets), decay }
    }

    /// A timer that records nothing, and reads no clock.
    pub(crate) const fn disabled() -> Timer {
        Timer { durations: Histogram::disabled(), decay: None }
    }

    /// Starts to time what is done until the guard is dropped, whichever way: also by an early return,
    /// and by a panic that unwinds. What is not to be recorded is [cancelled](TimerGuard::cancel).
    #[inline]
    pub fn start(&self) -> TimerGuard<'_> {
        TimerGuard::of(Found::kept(self))
    }

    /// Does `work` and records how long it took, also where it panics.
    pub fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        let _recorded = self.start();
        work()
    }

    /// Records a duration; one of more than `u64::MAX` nanoseconds, 584 years, as that many.
    #[inline]
    pub fn record(&self, duration: Duration) {
        self.durations.record(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Records the time since a moment of this timer's clock; zero if that is yet to come.
    pub fn record_since(&self, moment: Moment) {
        if let Some(decay) = &self.decay {
            self.record(decay.clock().now().since(moment));
        }
    }

    /// The durations, and what their rates are derived from, now. While others record, the durations
    /// are those of a [histogram's cut](Histogram::snapshot): the mean is exact to the width of the
    /// buckets.
    pub fn snapshot(&self) -> TimerSnapshot {
        let durations = || self.durations.snapshot();
        let (durations, decayed) = match &self.decay {
            Some(decay) => decay.read(durations, HistogramSnapshot::count),
            None => (durations(), Decayed::default()),
        };
        TimerSnapshot::new(durations, decayed)
    }

    /// Whether a registry shows it: false once it was unregistered or the registry is gone. It records
    /// on, unseen.
    #[inline]
    pub fn is_registered(&self) -> bool {
        self.durations.is_registered()
    }

    /// As [`Histogram::lacks_cells`].
    pub(crate) fn lacks_cells(&self) -> bool {
        self.durations.lacks_cells()
    }

    pub(crate) fn set_registered(&self, registered: bool) {
        self.durations.set_registered(registered);
    }

    #[inline]
    fn finish(&self, start: Start) -> u64 {
        let took = self.nanos_since(start);
        self.durations.record(took);
        took
    }

    #[inline]
    fn nanos_since(&self, start: Start) -> u64 {
        self.decay.as_ref().map_or(0, |decay| decay.clock().nanos_since(start))
    }
}

impl<'a> Found<'a, Timer> {
    /// As [`Timer::start`]; the guard may outlive what was found.
    #[inline]
    pub fn start(self) -> TimerGuard<'a> {
        TimerGuard::of(self)
    }
}

/// Something that is being timed: its drop records the time since its start.
///
/// It reads the clock when it starts and when it ends, and at no other time unless it is asked. A
/// guard that is leaked records nothing. Of a disabled registry's timer all its durations are zero.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once records no time: bind it to a name, not to `_`"]
pub struct TimerGuard<'t> {
    timer: Found<'t, Timer>,
    // `None`: nothing is to be recorded, or no longer.
    started: Option<Start>,
}

impl<'t> TimerGuard<'t> {
    /// One that starts now.
    #[inline]
    pub(super) fn of(timer: Found<'t, Timer>) -> TimerGuard<'t> {
        let started = timer.decay.as_ref().map(|decay| decay.clock().start());
        TimerGuard { timer, started }
    }
}

impl TimerGuard<'_> {
    /// The time since the start. It records nothing yet.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.started.map_or(0, |started| self.timer.nanos_since(started)))
    }

    /// Records the time since the start, and says what was recorded.
    #[inline]
    pub fn stop(mut self) -> Duration {
        Duration::from_nanos(self.finish())
    }

    /// Records nothing.
    pub fn cancel(mut self) {
        self.started = None;
    }

    #[inline]
    fn finish(&mut self) -> u64 {
        self.started.take().map_or(0, |started| self.timer.finish(started))
    }
}

/// Records, unless it was stopped or cancelled.
impl Drop for TimerGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disabled_timer_takes_every_call_and_shows_nothing() {
        let timer = Timer::disabled();
        timer.record(Duration::from_secs(1));
        timer.record_since(Moment::default());
        timer.set_registered(true);
        drop(timer.start());
        let guard = timer.start();
        assert_eq!(
            (guard.elapsed(), guard.stop(), timer.time(|| 5)),
            (Duration::ZERO, Duration::ZERO, 5)
        );
        assert_eq!(timer.snapshot(), TimerSnapshot::empty(Buckets::default()));
        assert!(!timer.is_registered());
    }
}
