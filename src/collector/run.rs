//! What all tasks of a run share: its clock, its end, and the request to stop.

use super::custom::CustomNames;
use crate::clock::{Clock, Stamp};
use crate::communication::Failure;
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// One run of a job, as its tasks know it.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) name: Arc<str>,
    pub(super) number: u64,
    pub(super) clock: Clock,
    pub(super) started: Stamp,
    pub(super) custom_names: CustomNames,
    stopping: AtomicBool,
    stop: OnceLock<Failure>,
    ended: AtomicBool,
}

impl Run {
    pub(super) fn new(name: Arc<str>, number: u64, clock: Clock) -> Run {
        Run {
            name,
            number,
            started: clock.stamp(),
            clock,
            custom_names: CustomNames::default(),
            stopping: AtomicBool::new(false),
            stop: OnceLock::new(),
            ended: AtomicBool::new(false),
        }
    }

    /// Asks the sides to end; the first reason stays.
    pub(super) fn stop(&self, reason: impl Display) {
        let _ = self.stop.set(Failure::cause(self.clock.stamp(), None, reason));
        self.stopping.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn is_stopping(&self) -> bool {
        // Relaxed: a side that sees it a moment later stops a moment later.
        self.stopping.load(Ordering::Relaxed)
    }

    /// Why the sides were asked to end, if they were.
    pub(super) fn stop_reason(&self) -> Option<&Failure> {
        self.stop.get()
    }

    /// Lets no task be added or started any more.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Asks what still runs after the end to end as well.
    pub(super) fn release(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}
