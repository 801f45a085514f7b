//! A run of a job as it was at one moment, with its task groups and their tasks.

use super::group::GroupSnapshot;
use super::task::TaskSnapshot;
use crate::clock::{Moment, Stamp};
use crate::communication::{Communication, Counters, Failure, State, TaskCounts};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A run of a job at one moment. Task groups are sorted by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobSnapshot {
    /// The job's name.
    pub name: Arc<str>,
    /// The number of the registry that it is a run of, in a merged snapshot; `None` where that is known
    /// without it, because the snapshot is of one registry only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<u64>,
    /// The number of the run in its registry, from 1: no two runs of one registry share one.
    pub run: u64,
    /// What the job is doing. While it lives this is never [`State::Succeeded`].
    pub state: State,
    /// When the run began.
    pub started: Stamp,
    /// When it ended, if it has.
    pub ended: Option<Stamp>,
    /// When this was read.
    pub at: Stamp,
    /// What the job as a whole, and not a task, was stopped, failed or killed for, and when.
    pub own_failure: Option<Failure>,
    /// Its task groups.
    pub groups: Vec<GroupSnapshot>,
}

impl JobSnapshot {
    /// The job with its tasks left out: what is known before they are read.
    pub fn new(name: Arc<str>, run: u64, started: Stamp, at: Stamp) -> JobSnapshot {
        let (registry, state, ended, own_failure) = (None, State::Submitting, None, None);
        let groups = Vec::new();
        JobSnapshot { name, registry, run, state, started, ended, at, own_failure, groups }
    }

    /// What no two runs of a snapshot share: the numbers of its registry and in it.
    pub(crate) fn id(&self) -> (Option<u64>, u64) {
        (self.registry, self.run)
    }

    /// By what runs are sorted.
    pub(super) fn order(&self) -> (&str, Option<u64>, u64) {
        (&self.name, self.registry, self.run)
    }

    /// The task group `id`, if it is registered.
    pub fn group(&self, id: u32) -> Option<&GroupSnapshot> {
        let at = self.groups.binary_search_by_key(&id, |group| group.id).ok()?;
        self.groups.get(at)
    }

    /// What the whole job says: the merge of all its tasks, and so of its task groups.
    pub fn communication(&self) -> Communication {
        let mut communication = Communication::default();
        self.tasks().for_each(|task| task.add_to(&mut communication));
        communication
    }

    /// Every task of every group.
    pub fn tasks(&self) -> impl Iterator<Item = &TaskSnapshot> {
        self.groups.iter().flat_map(GroupSnapshot::tasks)
    }

    /// How many tasks are in each state.
    pub fn task_counts(&self) -> TaskCounts {
        let mut counts = TaskCounts::default();
        self.tasks().for_each(|task| task.count_in(&mut counts));
        counts
    }

    /// What the sides of all tasks have counted.
    pub fn counters(&self) -> Counters {
        let mut counters = Counters::default();
        self.tasks().for_each(|task| counters.merge(&task.counters));
        counters
    }

    /// Why the job is failed or killed, or about to be: the first cause by time, of the tasks and of
    /// the job as a whole. `None` for a job that succeeded.
    pub fn error(&self) -> Option<&Failure> {
        let of_tasks = self.tasks().filter_map(TaskSnapshot::error);
        of_tasks.chain(&self.own_failure).min().filter(|_| self.state != State::Succeeded)
    }

    /// The part of the registered tasks that succeeded, from 0 to 1: what DataX calls percentage.
    ///
    /// At most 0.9999 until the job succeeded, and then 1, whatever the number of its tasks.
    pub fn completion(&self) -> f64 {
        let counts = self.task_counts();
        match (self.state, counts.total()) {
            (State::Succeeded, _) => 1.0,
            (_, 0) => 0.0,
            (_, total) => (counts.succeeded as f64 / total as f64).min(0.9999),
        }
    }

    /// Sorts what may have been given in any order; of what is there twice the first stays.
    pub(super) fn sort(this: &mut Arc<JobSnapshot>) {
        if !this.groups.is_sorted_by(|one, next| one.id < next.id) {
            let groups = &mut Arc::make_mut(this).groups;
            groups.sort_by_key(|group| group.id);
            groups.dedup_by_key(|group| group.id);
        }
    }

    /// The moment up to which the job has been measured: its end, or when it was read.
    pub fn until(&self) -> Moment {
        self.ended.unwrap_or(self.at).at
    }
}

/// The newest of the runs of one job, which are sorted by registry and run: in each registry the one with
/// the highest number, and of those the one that started last by wall time.
pub(crate) fn newest<'a, T>(
    runs: impl Iterator<Item = &'a T>,
    run: impl Fn(&'a T) -> &'a JobSnapshot,
) -> Option<&'a T> {
    let runs: Vec<&T> = runs.collect();
    let by_registry = runs.chunk_by(|one, next| run(one).registry == run(next).registry);
    let newest = by_registry.filter_map(|runs| runs.last().copied());
    newest.max_by_key(|newest| (run(newest).started.unix_ms, run(newest).registry))
}
