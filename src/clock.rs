//! Where all time comes from: the system's clock, or one that a test moves.

mod manual;
mod moment;
mod patience;
mod schedule;
mod ticks;

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use manual::ManualWaiter;
use std::time::{Duration, Instant, SystemTime};

pub use manual::ManualClock;
pub use moment::{Moment, Stamp};
pub(crate) use patience::Patience;
pub(crate) use schedule::Schedule;

/// A source of time: monotonic for rates, ages and deadlines, the wall for display.
///
/// Clones are the same clock. The default is the system's.
#[derive(Clone, Debug)]
pub struct Clock {
    kind: Kind,
}

// The system's has its origin.
#[derive(Clone, Debug)]
enum Kind {
    System(Instant),
    Manual(ManualClock),
}

/// When something started.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// By the processor's counter.
    Ticks(u64),
    /// By a clock that a test moves.
    At(Moment),
}

impl Clock {
    /// The system's clock, with this call as its origin.
    pub fn system() -> Self {
        Clock { kind: Kind::System(Instant::now()) }
    }

    /// The monotonic time: it never goes back, and takes no lock.
    pub fn now(&self) -> Moment {
        match &self.kind {
            Kind::System(origin) => Moment::default() + origin.elapsed(),
            Kind::Manual(manual) => manual.now(),
        }
    }

    /// What the time until something ends is counted from. It costs less than [`now`](Clock::now): a counter of the
    /// processor is read instead of the system's clock.
    #[inline]
    pub(crate) fn start(&self) -> Start {
        match &self.kind {
            Kind::System(_) => Start::Ticks(ticks::now()),
            Kind::Manual(manual) => Start::At(manual.now()),
        }
    }

    /// The nanoseconds since this clock's `start`.
    #[inline]
    pub(crate) fn nanos_since(&self, start: Start) -> u64 {
        match start {
            Start::Ticks(ticks) => ticks::nanos_since(ticks),
            Start::At(moment) => self.now().as_nanos().saturating_sub(moment.as_nanos()),
        }
    }

    /// The wall time, which may step, also backwards.
    pub fn wall(&self) -> SystemTime {
        match &self.kind {
            Kind::System(_) => SystemTime::now(),
            Kind::Manual(manual) => manual.wall(),
        }
    }

    /// Both times of this instant.
    pub fn stamp(&self) -> Stamp {
        match &self.kind {
            Kind::System(_) => Stamp::of(self.now(), self.wall()),
            Kind::Manual(manual) => manual.stamp(),
        }
    }

    /// What one thread waits with, until a deadline of this clock.
    ///
    /// On a manual clock it counts as awake until it first waits: create it before the thread that
    /// takes it, and no advance can pass that thread by.
    pub fn waiter(&self) -> Waiter {
        let wait = match &self.kind {
            Kind::System(origin) => Wait::System(*origin),
            Kind::Manual(manual) => Wait::Manual(manual.waiter()),
        };
        Waiter { wait }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

// Here, so that the manual clock need not know the type that is made from it.
impl ManualClock {
    /// The clock to hand to what is tested: it shows this time, and can't move it.
    pub fn clock(&self) -> Clock {
        Clock { kind: Kind::Manual(self.clone()) }
    }
}

/// Waits for messages, and for moments of its clock; it belongs to one thread of work.
///
/// A manual clock stands still while a waiter of it is awake, that is, from its creation to its
/// drop, except while it waits. So keep it only where it is waited with, and wait for nothing else
/// that depends on the time of that clock.
#[derive(Debug)]
pub struct Waiter {
    wait: Wait,
}

#[derive(Debug)]
enum Wait {
    System(Instant),
    Manual(ManualWaiter),
}

impl Waiter {
    /// Waits for a message until the deadline.
    ///
    /// A message that is already there wins over a deadline that has passed, as does the end of
    /// all senders. A deadline beyond what the clock can show, such as the end of a saturated sum,
    /// never comes. On a manual clock, a `try_send` to a channel without capacity does not find
    /// this waiter, a `send` does.
    ///
    /// # Errors
    ///
    /// `Disconnected` if the channel is empty and has no sender; `Timeout` if the deadline came
    /// first.
    pub fn recv_deadline<T: Send + 'static>(
        &mut self,
        channel: &Receiver<T>,
        deadline: Moment,
    ) -> Result<T, RecvTimeoutError> {
        match &mut self.wait {
            Wait::Manual(waiter) => waiter.recv_deadline(channel, deadline),
            Wait::System(origin) => recv_by(*origin, channel, deadline),
        }
    }
}

/// Waits on the system's clock. Where there is nothing to wait for, it does not: the channel itself would
/// give up the core several times before it looks at the deadline.
fn recv_by<T>(
    origin: Instant,
    channel: &Receiver<T>,
    deadline: Moment,
) -> Result<T, RecvTimeoutError> {
    match (channel.try_recv(), instant(origin, deadline)) {
        (Ok(message), _) => Ok(message),
        (Err(TryRecvError::Disconnected), _) => Err(RecvTimeoutError::Disconnected),
        (Err(TryRecvError::Empty), None) => {
            channel.recv().map_err(|_| RecvTimeoutError::Disconnected)
        }
        (Err(TryRecvError::Empty), Some(instant)) if instant <= Instant::now() => {
            Err(RecvTimeoutError::Timeout)
        }
        (Err(TryRecvError::Empty), Some(instant)) => channel.recv_deadline(instant),
    }
}

// `None`: never.
fn instant(origin: Instant, moment: Moment) -> Option<Instant> {
    if moment == Moment::LAST {
        return None;
    }
    origin.checked_add(Duration::from_nanos(moment.as_nanos()))
}
