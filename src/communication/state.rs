//! The seven states of DataX, the edges between them, and how many parts are in each.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a task, a task group or a job is doing, with the names and codes of DataX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It exists and has no tasks yet.
    Submitting,
    /// It is in the queue: no task has started.
    Waiting,
    /// Something has started and not everything has ended.
    Running,
    /// It was asked to stop and has not ended.
    Killing,
    /// It ended because it was told to.
    Killed,
    /// It ended, or is bound to end, without having done its work.
    Failed,
    /// It did all of its work.
    Succeeded,
}

use State::{Failed, Killed, Killing, Running, Submitting, Succeeded, Waiting};

impl State {
    /// Every state, in the order of the codes.
    pub const ALL: [State; 7] = [Submitting, Waiting, Running, Killing, Killed, Failed, Succeeded];

    /// DataX's number for the state: 10, 20 … 70. A code, not a rank.
    pub fn code(self) -> u32 {
        match self {
            Submitting => 10,
            Waiting => 20,
            Running => 30,
            Killing => 40,
            Killed => 50,
            Failed => 60,
            Succeeded => 70,
        }
    }

    /// Whether nothing follows: killed, failed or succeeded.
    pub fn is_finished(self) -> bool {
        matches!(self, Killed | Failed | Succeeded)
    }

    /// Whether `next` may follow directly. A state never follows itself, and nothing follows an end.
    ///
    /// ```
    /// # use flowmeter::State;
    /// assert!(State::Waiting.may_become(State::Running));
    /// assert!(!State::Failed.may_become(State::Succeeded));
    /// ```
    pub fn may_become(self, next: State) -> bool {
        match self {
            Submitting => next != Submitting,
            Waiting => matches!(next, Running | Killing | Killed | Failed),
            Running => matches!(next, Killing) || next.is_finished(),
            Killing => next.is_finished(),
            Killed | Failed | Succeeded => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Submitting => "submitting",
            Waiting => "waiting",
            Running => "running",
            Killing => "killing",
            Killed => "killed",
            Failed => "failed",
            Succeeded => "succeeded",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many tasks are in each state: what an aggregate's state follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TaskCounts {
    /// Tasks that are [`State::Submitting`]: none of this library's, whose tasks wait at once.
    pub submitting: u64,
    /// Tasks that wait to be started.
    pub waiting: u64,
    /// Tasks that run.
    pub running: u64,
    /// Tasks that were asked to stop and have not ended.
    pub killing: u64,
    /// Tasks that ended because they were told to.
    pub killed: u64,
    /// Tasks that failed.
    pub failed: u64,
    /// Tasks that succeeded: DataX's `stage`.
    pub succeeded: u64,
}

impl TaskCounts {
    /// One task, in `state`.
    pub fn one(state: State) -> TaskCounts {
        let mut counts = TaskCounts::default();
        *counts.slot(state) = 1;
        counts
    }

    /// Counts one more task, in `state`.
    pub(crate) fn count(&mut self, state: State) {
        let slot = self.slot(state);
        *slot = slot.saturating_add(1);
    }

    /// How many tasks are in `state`.
    pub fn of(&self, state: State) -> u64 {
        *{ *self }.slot(state)
    }

    /// How many tasks there are.
    pub fn total(&self) -> u64 {
        State::ALL.into_iter().fold(0, |sum, state| sum.saturating_add(self.of(state)))
    }

    /// The state that follows from the tasks, or `None` where there are none.
    ///
    /// Any failed task makes it failed; else any killed one killed; else any killing one killing;
    /// else it is succeeded if all are, waiting if none has started, and running otherwise.
    pub fn state(&self) -> Option<State> {
        let has = |state| self.of(state) > 0;
        if let Some(state) = [Failed, Killed, Killing].into_iter().find(|&state| has(state)) {
            return Some(state);
        }
        let started = has(Running) || has(Succeeded);
        let queued = has(Waiting) || has(Submitting);
        match (started, queued) {
            (false, false) => None,
            (false, true) => Some(if has(Waiting) { Waiting } else { Submitting }),
            (true, false) if !has(Running) => Some(Succeeded),
            (true, _) => Some(Running),
        }
    }

    /// The fold of DataX, which knows three results: any failed or killed task makes it failed, any
    /// unfinished one running, and everything else, an empty set too, is succeeded.
    pub fn datax_state(&self) -> State {
        match self.state() {
            Some(Failed | Killed) => Failed,
            Some(Succeeded) | None => Succeeded,
            Some(Submitting | Waiting | Running | Killing) => Running,
        }
    }

    /// Adds the tasks of a disjoint part.
    pub fn merge(&mut self, other: &TaskCounts) {
        for state in State::ALL {
            let slot = self.slot(state);
            *slot = slot.saturating_add(other.of(state));
        }
    }

    fn slot(&mut self, state: State) -> &mut u64 {
        let TaskCounts { submitting, waiting, running, killing, killed, failed, succeeded } = self;
        match state {
            Submitting => submitting,
            Waiting => waiting,
            Running => running,
            Killing => killing,
            Killed => killed,
            Failed => failed,
            Succeeded => succeeded,
        }
    }
}
