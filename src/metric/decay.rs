//! Rates that fade: what was marked counts the less the longer ago it was, exactly by elapsed time.
//!
//! It is the exponentially decayed average in continuous time. A mark of age *a* weighs exp(−a/τ), and
//! the rate is the weight of all marks by the weight of all the time since the start:
//!
//! ```text
//! S = Σ exp(−a/τ)        the integral of exp(−a/τ) from 0 to `age` = τ·(1 − exp(−age/τ))
//! rate = S / (τ·(1 − exp(−age/τ)))
//! ```
//!
//! The divisor is what removes the bias of the start: a steady rate is shown at once as what it is,
//! where the plain S/τ takes some τ to get there. Between two reads, d apart, the n new marks are taken
//! as even, so that in the later one they weigh n/d times the integral over d:
//!
//! ```text
//! S ← S·exp(−d/τ) + n·(τ/d)·(1 − exp(−d/τ))
//! ```
//!
//! Nothing ticks. The load averages of Unix are this average in steps of 5 s, without that divisor, and
//! go-metrics and Dropwizard took over those steps: whence a first step that is shorter than 5 s but
//! divided by 5 s, rates that stand still until somebody ticks, and, in go-metrics, a global ticker that
//! keeps every meter alive.

use crate::clock::{Clock, Moment};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The τ of the three rates, in seconds: 1, 5 and 15 minutes.
const WINDOWS: [f64; 3] = [60.0, 300.0, 900.0];

/// What turns a total into rates, one step a read. It starts no thread and holds no marks.
#[derive(Debug)]
pub(super) struct Decay {
    clock: Clock,
    start: Moment,
    last: Mutex<Last>,
}

/// The last read that found time elapsed; at first the start.
#[derive(Debug)]
struct Last {
    at: Moment,
    total: u64,
    sums: [f64; 3],
}

impl Decay {
    pub(super) fn new(clock: &Clock) -> Decay {
        let start = clock.now();
        let last = Mutex::new(Last { at: start, total: 0, sums: [0.0; 3] });
        Decay { clock: clock.clone(), start, last }
    }

    #[inline]
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Takes what is counted, of which `total` is the total, and the rates with it.
    ///
    /// Under the lock, so that of two readers the later one has the later moment and the larger total.
    pub(super) fn read<T>(
        &self,
        take: impl FnOnce() -> T,
        total: impl FnOnce(&T) -> u64,
    ) -> (T, Decayed) {
        let mut last = self.last.lock();
        let now = self.clock.now();
        let taken = take();
        last.advance(now, total(&taken));
        let age_ns = last.at.as_nanos() - self.start.as_nanos();
        (taken, Decayed { age_ns, sums: last.sums })
    }
}

impl Last {
    // While time stands still, or where it went back, nothing is taken: no mark is lost, for the next
    // read still finds them all.
    fn advance(&mut self, now: Moment, total: u64) {
        if now <= self.at {
            return;
        }
        let elapsed = seconds(now.as_nanos() - self.at.as_nanos());
        // A total that went over `u64::MAX` has started over: what was added in between is exact.
        let marks = total.wrapping_sub(self.total) as f64;
        for (sum, window) in self.sums.iter_mut().zip(WINDOWS) {
            let kept = (-elapsed / window).exp();
            *sum = *sum * kept + marks * weight(elapsed, window) / elapsed;
        }
        (self.at, self.total) = (now, total);
    }
}

/// The raw numbers of three rates at one moment: they merge, and the rates are derived from them.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Given")]
pub(super) struct Decayed {
    /// The time since the start.
    age_ns: u64,
    /// Of each window: all marks, each weighed by its age.
    sums: [f64; 3],
}

/// The numbers as somebody gives them.
#[derive(Deserialize)]
struct Given {
    age_ns: u64,
    sums: [f64; 3],
}

impl TryFrom<Given> for Decayed {
    type Error = String;

    // Nor −0: it would not read back as what a merge with nothing gives.
    fn try_from(Given { age_ns, sums }: Given) -> Result<Decayed, String> {
        match sums.iter().find(|sum| !sum.is_finite() || sum.is_sign_negative()) {
            Some(sum) => Err(format!("{sum:?} is not a sum of weights: finite, and 0 or more")),
            None => Ok(Decayed { age_ns, sums }),
        }
    }
}

/// Sums are compared bit for bit, so that what was written and read back is equal.
impl PartialEq for Decayed {
    fn eq(&self, other: &Decayed) -> bool {
        self.age_ns == other.age_ns && self.sums.map(f64::to_bits) == other.sums.map(f64::to_bits)
    }
}

impl Eq for Decayed {}

impl Decayed {
    pub(super) fn age(&self) -> Duration {
        Duration::from_nanos(self.age_ns)
    }

    /// Adds a disjoint part: the marks of both, since the older one started. Sums stop at `f64::MAX`.
    pub(super) fn merge(&mut self, other: &Decayed) {
        let Decayed { age_ns, sums } = other;
        self.age_ns = self.age_ns.max(*age_ns);
        for (sum, other) in self.sums.iter_mut().zip(sums) {
            *sum = finite(*sum + other);
        }
    }

    pub(super) fn rate_1m(&self) -> Option<f64> {
        self.rate(0)
    }

    pub(super) fn rate_5m(&self) -> Option<f64> {
        self.rate(1)
    }

    pub(super) fn rate_15m(&self) -> Option<f64> {
        self.rate(2)
    }

    /// The rate over the whole age of what counted `total`.
    pub(super) fn rate_mean(&self, total: u64) -> Option<f64> {
        self.elapsed().map(|age| total as f64 / age)
    }

    fn rate(&self, window: usize) -> Option<f64> {
        self.elapsed().map(|age| finite(self.sums[window] / weight(age, WINDOWS[window])))
    }

    // At the start there is no time to divide by.
    fn elapsed(&self) -> Option<f64> {
        (self.age_ns > 0).then(|| seconds(self.age_ns))
    }
}

/// The integral of exp(−a/`window`) from 0 to `elapsed`, in seconds.
// `exp_m1`: of a nanosecond in 15 minutes, 1 − exp(−d/τ) would keep four digits.
fn weight(elapsed: f64, window: f64) -> f64 {
    -window * (-elapsed / window).exp_m1()
}

fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

// Two large sums that were read, or one by a short age, would give infinity.
fn finite(number: f64) -> f64 {
    number.min(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_goes_back_takes_nothing_and_the_next_read_finds_it_all() {
        let second = |n: u64| Moment::from_nanos(n * 1_000_000_000);
        let mut last = Last { at: second(0), total: 0, sums: [0.0; 3] };
        last.advance(second(10), 1_000);
        let before = last.sums;
        last.advance(second(5), 1_500);
        assert_eq!((last.at, last.total, last.sums), (second(10), 1_000, before));
        last.advance(second(20), 2_000);
        for rate in
            (0..3).map(|window| Decayed { age_ns: 20_000_000_000, sums: last.sums }.rate(window))
        {
            assert!((rate.unwrap() - 100.0).abs() < 1e-9, "{rate:?}");
        }
    }

    // Else a reader could bring an older total to a later moment, which would look like one that has
    // started over.
    #[test]
    fn what_is_counted_is_taken_under_the_lock() {
        let decay = Decay::new(&Clock::system());
        let (is_locked, _) = decay.read(|| decay.last.is_locked(), |_| 0);
        assert!(is_locked);
    }
}
