//! A counter of the processor, for durations: it costs less than half of what the system's clock does.

use super::Moment;
use std::sync::LazyLock;

/// When something started.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// By the counter.
    Ticks(u64),
    /// By a clock that a test moves.
    At(Moment),
}

/// The counter, and how long a tick is. Where the processor's does not count evenly it is the system's clock.
///
/// To find how long a tick is takes it half a millisecond, at the first use, and 200 ms at the most; it is off by some
/// millionths.
static COUNTER: LazyLock<quanta::Clock> = LazyLock::new(quanta::Clock::new);

/// The ticks by now.
#[inline]
pub(super) fn now() -> u64 {
    COUNTER.raw()
}

/// The nanoseconds since then: none if that is yet to come, as on another processor it may seem.
#[inline]
pub(super) fn nanos_since(ticks: u64) -> u64 {
    COUNTER.delta_as_nanos(ticks, COUNTER.raw())
}
