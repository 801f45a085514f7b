//! A task as it was at one moment: small, for there may be very many.

use super::form::Form;
use super::rest::Rest;
use crate::clock::Stamp;
use crate::communication::{
    Communication, Counters, Failure, Ledger, Leftover, State, TaskCounts, least,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A task at one moment.
///
/// What every task has lies here; the rest of what it [says](TaskSnapshot::communication) is shared by
/// the snapshots between which it did not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
#[non_exhaustive]
pub struct TaskSnapshot {
    /// The task's id in its group.
    pub id: u32,
    /// What people call it, if it was told.
    pub name: Option<Arc<str>>,
    /// When it started, if it has.
    pub started: Option<Stamp>,
    /// When its last side ended or it was killed, if that has happened.
    pub ended: Option<Stamp>,
    /// What its sides have counted.
    pub counters: Counters,
    state: State,
    oldest: Option<Stamp>,
    /// `None` where there is nothing in it, so that equal tasks are equal.
    rest: Option<Arc<Rest>>,
}

impl TaskSnapshot {
    /// A task that says `communication`, of which no times are known.
    pub fn new(id: u32, name: Option<Arc<str>>, communication: Communication) -> TaskSnapshot {
        let state = communication.state().unwrap_or(State::Waiting);
        let (counters, oldest) = (communication.counters, communication.oldest);
        let rest = Rest::of(communication, state).shared(None);
        TaskSnapshot { id, name, started: None, ended: None, counters, state, oldest, rest }
    }

    /// A task in `state` that has started and ended `when`, and said nothing but what it has counted.
    #[inline]
    pub(crate) fn counted(
        (id, name): (u32, Option<Arc<str>>),
        state: State,
        when: [Option<Stamp>; 2],
        counters: Counters,
        at: Stamp,
    ) -> TaskSnapshot {
        let [started, ended] = when;
        TaskSnapshot { id, name, started, ended, counters, state, oldest: Some(at), rest: None }
    }

    /// What is left to be thrown away, of a task that was not read as it should.
    #[inline]
    pub(crate) fn unread(self) -> TaskSnapshot {
        TaskSnapshot { oldest: None, ..self }
    }

    /// Whether it is to be thrown away: it is of no moment, which only one from a text may be else.
    #[inline]
    pub(crate) fn is_unread(&self) -> bool {
        self.oldest.is_none()
    }

    /// The task with `rest`, which is that of `earlier` if that is equal.
    pub(crate) fn with_rest(self, rest: Rest, earlier: Option<&TaskSnapshot>) -> TaskSnapshot {
        TaskSnapshot { rest: rest.shared(earlier.and_then(TaskSnapshot::rest)), ..self }
    }

    /// What few tasks have, if it has any of it.
    pub(crate) fn rest(&self) -> Option<&Arc<Rest>> {
        self.rest.as_ref()
    }

    /// What the task is doing.
    pub fn state(&self) -> State {
        self.state
    }

    /// Why it failed, if it has.
    pub fn error(&self) -> Option<&Failure> {
        self.rest.as_ref()?.error.as_deref()
    }

    /// When it was read; if it was stale then, when it had last been read.
    pub fn oldest(&self) -> Option<Stamp> {
        self.oldest
    }

    /// Where its records are, and whether the sums agree.
    pub fn ledger(&self) -> Ledger {
        Ledger::of(&self.counters, &self.leftover())
    }

    /// What it says, with everything that follows from it.
    pub fn communication(&self) -> Communication {
        let mut communication = Communication::default();
        self.add_to(&mut communication);
        communication
    }

    /// Merges what it says into what a whole says.
    pub(in crate::snapshot) fn add_to(&self, whole: &mut Communication) {
        self.count_in(&mut whole.tasks);
        whole.counters.merge(&self.counters);
        whole.leftover.merge(&self.leftover());
        whole.oldest = least(whole.oldest, self.oldest);
        if let Some(rest) = &self.rest {
            rest.add_to(whole);
        }
    }

    /// Counts it by its state.
    pub(in crate::snapshot) fn count_in(&self, counts: &mut TaskCounts) {
        match self.foreign() {
            Some((tasks, _)) => counts.merge(tasks),
            None => counts.count(self.state),
        }
    }

    fn leftover(&self) -> Leftover {
        match self.foreign() {
            Some((_, leftover)) => *leftover,
            None => Leftover::of_task(self.state, &self.counters),
        }
    }

    fn foreign(&self) -> Option<&(TaskCounts, Leftover)> {
        self.rest.as_ref()?.foreign.as_ref()
    }
}

impl From<Form> for TaskSnapshot {
    fn from(Form { id, name, started, ended, communication }: Form) -> TaskSnapshot {
        TaskSnapshot { started, ended, ..TaskSnapshot::new(id, name, communication) }
    }
}

impl From<TaskSnapshot> for Form {
    fn from(task: TaskSnapshot) -> Form {
        let communication = task.communication();
        let TaskSnapshot { id, name, started, ended, .. } = task;
        Form { id, name, started, ended, communication }
    }
}
