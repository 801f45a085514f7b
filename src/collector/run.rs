//! What all tasks of a run share: its clock, its end, and the request to stop.

use super::custom::CustomNames;
use super::log::Room;
use crate::clock::{Clock, Stamp};
use crate::communication::Failure;
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, OnceLock};

/// One look at a run, whose tasks are read one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// When it began: the stamp of every cut.
    pub(super) at: Stamp,
    /// Whether the sides were asked to end.
    pub(super) stopping: bool,
    /// When the run ended, if this is the last look: what has not ended by then is killed.
    pub(super) run_ended: Option<Stamp>,
}

/// One run of a job, as its tasks know it.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) name: Arc<str>,
    pub(super) number: u64,
    pub(super) clock: Clock,
    pub(super) started: Stamp,
    pub(super) custom_names: CustomNames,
    pub(super) room: Room,
    stopping: AtomicBool,
    stop: OnceLock<Failure>,
    ended: AtomicBool,
    over: AtomicBool,
}

impl Run {
    pub(super) fn new(name: Arc<str>, number: u64, clock: Clock) -> Run {
        Run {
            name,
            number,
            started: clock.stamp(),
            clock,
            custom_names: CustomNames::default(),
            room: Room::default(),
            stopping: AtomicBool::new(false),
            stop: OnceLock::new(),
            ended: AtomicBool::new(false),
            over: AtomicBool::new(false),
        }
    }

    /// Asks the sides to end; the first reason stays.
    pub(super) fn stop(&self, reason: impl Display) {
        let _ = self.stop.set(Failure::cause(self.clock.stamp(), None, reason));
        // Release: who sees the request sees its reason.
        self.stopping.store(true, Ordering::Release);
    }

    #[inline]
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Why the sides were asked to end, if they were.
    pub(super) fn stop_reason(&self) -> Option<&Failure> {
        self.stop.get()
    }

    /// Lets no task be added or started any more.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Says that the run's last value is kept, and asks what still runs to end as well.
    pub(super) fn close(&self) {
        self.over.store(true, Ordering::Release);
        self.stopping.store(true, Ordering::Release);
    }

    /// A look that begins now.
    pub(super) fn look(&self) -> Look {
        let at = self.clock.stamp();
        // A wait that ends takes its time after making its sequence odd, with a fence between: a cut
        // that sees it going on is then of a stamp before that time. So it can't be credited with more
        // than will be booked, and waited time never goes down.
        fence(Ordering::SeqCst);
        Look { at, stopping: self.is_stopping(), run_ended: None }
    }

    /// The last look at the run, which ended `at` that moment.
    pub(super) fn last_look(&self, at: Stamp) -> Look {
        Look { stopping: false, run_ended: Some(at), ..self.look() }
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}
