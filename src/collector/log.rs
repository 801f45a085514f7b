//! What a task has said so far: messages, and samples of records in error.

use crate::clock::Clock;
use crate::communication::{Message, Messages};
use crate::snapshot::Logged;
use crate::text;
use parking_lot::Mutex;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many messages and samples a run keeps in all of its tasks, beside the limit of each.
const KEPT_OF_RUN: u64 = 1000;

/// The room that all tasks of a run share.
#[derive(Debug, Default)]
pub(super) struct Room {
    taken: AtomicU64,
}

impl Room {
    fn take(&self) -> bool {
        // Relaxed: it only counts.
        self.taken.fetch_add(1, Ordering::Relaxed) < KEPT_OF_RUN
    }
}

/// The messages and samples of one task, said by its two sides.
#[derive(Debug, Default)]
pub(super) struct Log {
    messages: First,
    samples: First,
    numbered: AtomicU64,
}

/// Which of the two something goes to.
#[derive(Clone, Copy)]
pub(super) enum About {
    Message,
    Sample,
}

/// The first of many, which are kept; beyond that it only counts, without a lock.
#[derive(Debug, Default)]
struct First {
    kept: Mutex<Messages>,
    /// How many were said; once it has passed the limit, no more are `kept`.
    total: AtomicU64,
}

impl Log {
    /// Says `what` about `key`, as task `task` of `group`.
    pub(super) fn say(
        &self,
        about: About,
        (clock, room): (&Clock, &Room),
        (group, task): (u32, u32),
        key: &str,
        what: &dyn Display,
    ) {
        let first = match about {
            About::Message => &self.messages,
            About::Sample => &self.samples,
        };
        if !first.count_one() || !room.take() {
            return;
        }
        // Not under the lock: whose `Display` this is may collect.
        let (key, text) = (text::clipped(key), text::clipped(what));
        let mut kept = first.kept.lock();
        // The stamp is taken under the lock, so that who comes first is earlier.
        let (at, number) = (clock.stamp(), self.numbered.fetch_add(1, Ordering::Relaxed));
        kept.record(Message { at, group, task, number, key, text });
    }

    /// Everything said, if anything was; `earlier`, which was read before, if it is still that.
    pub(super) fn read(&self, earlier: Option<&Arc<Logged>>) -> Option<Arc<Logged>> {
        if let Some(earlier) = earlier
            && self.messages.is_still(&earlier.messages)
            && self.samples.is_still(&earlier.samples)
        {
            return Some(Arc::clone(earlier));
        }
        Logged { messages: self.messages.read(), samples: self.samples.read() }.shared()
    }
}

impl First {
    /// Counts one more, and tells whether there is room to keep it.
    fn count_one(&self) -> bool {
        // Relaxed: the count orders nothing else; what is kept is behind the lock.
        self.total.fetch_add(1, Ordering::Relaxed) < Messages::KEPT as u64
    }

    fn read(&self) -> Messages {
        let mut messages = match self.total() {
            0 => Messages::default(),
            _ => self.kept.lock().clone(),
        };
        messages.count_at_least(self.total());
        messages
    }

    /// Whether nothing was said since `earlier` was read: what is kept is only added to.
    fn is_still(&self, earlier: &Messages) -> bool {
        let total = self.total();
        total == earlier.total()
            && (total == 0 || self.kept.lock().iter().len() == earlier.iter().len())
    }

    fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }
}
