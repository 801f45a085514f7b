//! `Communication`: what a task, a task group or a job says of itself, as a value that merges.

mod counters;
mod datax;
mod failure;
mod ledger;
mod message;
mod state;

pub use counters::{Amount, Counters, ReaderCounters, WriterCounters};
pub use datax::DataxCounters;
pub use failure::{Failure, Place, Side};
pub use ledger::{Ledger, Leftover};
pub use message::{Message, Messages};
pub use state::{State, TaskCounts};

use crate::clock::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a part of a job says of itself at one moment: DataX's `Communication`, as a lawful value.
///
/// It holds raw numbers only, so that it can be merged; the [ledger](Communication::ledger), the
/// [state](Communication::state) and [DataX's keys](Communication::datax) are derived when asked for.
/// The default is the communication of no task at all, and the neutral element of
/// [`merge`](Communication::merge).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Communication {
    /// Of how many tasks it is made, by state.
    pub tasks: TaskCounts,
    /// What their sides have counted.
    pub counters: Counters,
    /// What only the job gives a meaning: totals under names of its own.
    pub custom: BTreeMap<Arc<str>, u64>,
    /// What was added under names beyond the job's limit of custom counters.
    pub custom_overflow: u64,
    /// What is known of the ledger task by task.
    pub leftover: Leftover,
    /// The first cause of a failure by time; what only followed from one comes after all causes.
    pub error: Option<Failure>,
    /// What the tasks said to the job.
    pub messages: Messages,
    /// The first records in error: under the keys `unreadable`, `refused` and `failed`.
    pub samples: Messages,
    /// The moment of its oldest part: nothing in it is older.
    pub oldest: Option<Stamp>,
    /// Tasks that could not be read at that moment, and stand as they were when last read.
    pub stale: u64,
}

impl Communication {
    /// What one task says that is in `state` and has counted `counters`.
    ///
    /// What it leaves over follows from the two: see [`Ledger`].
    pub fn of_task(state: State, counters: Counters) -> Communication {
        Communication {
            tasks: TaskCounts::one(state),
            counters,
            leftover: Leftover::of_task(state, &counters),
            ..Communication::default()
        }
    }

    /// The state that follows from the tasks' states; `None` for no tasks at all.
    pub fn state(&self) -> Option<State> {
        self.tasks.state()
    }

    /// Where the records are that were read and have not come to an end.
    pub fn ledger(&self) -> Ledger {
        Ledger::of(&self.counters, &self.leftover)
    }

    /// The counters under DataX's keys.
    pub fn datax(&self) -> DataxCounters {
        DataxCounters::of(&self.counters, self.tasks.succeeded)
    }

    /// Adds a disjoint part: a task to its group, a group to its job.
    ///
    /// Associative and commutative, with [`Communication::default`] as neutral element; sums stop at
    /// the largest number. Merging a part twice counts it twice. The moments in both must be of one
    /// clock, for the first cause and the first messages are found by them.
    pub fn merge(&mut self, other: &Communication) {
        let Communication {
            tasks,
            counters,
            custom,
            custom_overflow,
            leftover,
            error,
            messages,
            samples,
            oldest,
            stale,
        } = other;
        self.tasks.merge(tasks);
        self.counters.merge(counters);
        self.merge_custom(custom);
        self.custom_overflow = self.custom_overflow.saturating_add(*custom_overflow);
        self.leftover.merge(leftover);
        self.error = least(self.error.take(), error.clone());
        self.messages.merge(messages);
        self.samples.merge(samples);
        self.oldest = least(self.oldest, *oldest);
        self.stale = self.stale.saturating_add(*stale);
    }

    pub(crate) fn merge_custom(&mut self, other: &BTreeMap<Arc<str>, u64>) {
        for (name, value) in other {
            let total = self.custom.entry(Arc::clone(name)).or_default();
            *total = total.saturating_add(*value);
        }
    }
}

/// The lesser of those that are there.
pub(crate) fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The merge of any number of disjoint parts.
impl<'a> FromIterator<&'a Communication> for Communication {
    fn from_iter<I: IntoIterator<Item = &'a Communication>>(parts: I) -> Communication {
        let mut whole = Communication::default();
        for part in parts {
            whole.merge(part);
        }
        whole
    }
}
