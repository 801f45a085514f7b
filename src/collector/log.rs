//! What a task has said so far: messages, and samples of records in error.

use crate::clock::Clock;
use crate::communication::{Message, Messages};
use crate::text;
use parking_lot::Mutex;
use std::fmt::Display;

/// The messages and samples of one task, said by its two sides.
#[derive(Debug, Default)]
pub(super) struct Log {
    said: Mutex<Said>,
}

/// Everything said, at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) messages: Messages,
    pub(super) samples: Messages,
    next_number: u64,
}

/// Which of the two lists something goes to.
#[derive(Clone, Copy)]
pub(super) enum About {
    Message,
    Sample,
}

impl Said {
    fn list(&mut self, about: About) -> &mut Messages {
        match about {
            About::Message => &mut self.messages,
            About::Sample => &mut self.samples,
        }
    }
}

impl Log {
    /// Says `what` about `key`, as task `task` of `group`.
    pub(super) fn say(
        &self,
        about: About,
        clock: &Clock,
        (group, task): (u32, u32),
        key: &str,
        what: &dyn Display,
    ) {
        if self.only_count(about) {
            return;
        }
        // Not under the lock: whose `Display` this is may collect.
        let (key, what) = (text::kept(key), text::kept(what));
        let said = &mut *self.said.lock();
        // The stamp is taken under the lock, so that who comes first is earlier.
        let (at, number) = (clock.stamp(), said.next_number);
        said.next_number += 1;
        let message = Message { at, group, task, number, key, text: what };
        said.list(about).record(message);
    }

    /// Counts something that comes too late to be kept; false if there is still room.
    fn only_count(&self, about: About) -> bool {
        let mut said = self.said.lock();
        let list = said.list(about);
        let full = list.is_full();
        if full {
            list.count_one();
        }
        full
    }

    pub(super) fn read(&self) -> Said {
        self.said.lock().clone()
    }
}
