//! What few tasks have: errors, messages, custom counters; shared while it does not change.

use crate::communication::{Communication, Failure, Leftover, Messages, State, TaskCounts, least};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What few tasks have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) custom: BTreeMap<Arc<str>, u64>,
    pub(crate) custom_overflow: u64,
    pub(crate) error: Option<Arc<Failure>>,
    /// `None` if nothing was said.
    pub(crate) logged: Option<Arc<Logged>>,
    pub(crate) stale: u64,
    /// Where they do not follow from its state and its counters, as in texts from elsewhere.
    pub(crate) foreign: Option<(TaskCounts, Leftover)>,
}

/// The messages of a task, and its samples of records in error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) messages: Messages,
    pub(crate) samples: Messages,
}

impl Rest {
    /// The rest of what a task in `state` says.
    pub(super) fn of(communication: Communication, state: State) -> Rest {
        let Communication {
            tasks,
            counters,
            custom,
            custom_overflow,
            leftover,
            error,
            messages,
            samples,
            oldest: _,
            stale,
        } = communication;
        let follows = (TaskCounts::one(state), Leftover::of_task(state, &counters));
        let foreign = Some((tasks, leftover)).filter(|given| *given != follows);
        let logged = Logged { messages, samples }.shared();
        let error = error.map(Arc::new);
        Rest { custom, custom_overflow, error, logged, stale, foreign }
    }

    /// `None` if there is nothing in it, and `earlier` if it is equal.
    pub(super) fn shared(self, earlier: Option<&Arc<Rest>>) -> Option<Arc<Rest>> {
        match earlier.filter(|earlier| self == ***earlier) {
            Some(earlier) => Some(Arc::clone(earlier)),
            None => (self != Rest::default()).then(|| Arc::new(self)),
        }
    }

    /// Merges all but foreign tasks and leftovers into what a whole says.
    pub(super) fn add_to(&self, whole: &mut Communication) {
        let Rest { custom, custom_overflow, error, logged, stale, foreign: _ } = self;
        whole.merge_custom(custom);
        whole.custom_overflow = whole.custom_overflow.saturating_add(*custom_overflow);
        whole.error = least(whole.error.take(), error.as_deref().cloned());
        whole.stale = whole.stale.saturating_add(*stale);
        if let Some(logged) = logged {
            whole.messages.merge(&logged.messages);
            whole.samples.merge(&logged.samples);
        }
    }
}

impl Logged {
    /// `None` if nothing was said.
    pub(crate) fn shared(self) -> Option<Arc<Logged>> {
        (self != Logged::default()).then(|| Arc::new(self))
    }
}
