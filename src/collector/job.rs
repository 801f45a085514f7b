//! `Job`: one run of a job, from its start to its end.

use super::error::JobError;
use super::group::{GroupCore, TaskGroup};
use super::run::{Look, Run};
use crate::clock::{Clock, Stamp};
use crate::communication::{Failure, State, TaskCounts};
use crate::report::JobReport;
use crate::series::Scope;
use crate::snapshot::JobSnapshot;
use crate::text::{self, OneLine};
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use parking_lot::RwLock;
use std::fmt::{self, Display};
use std::sync::Arc;

/// A run of a job as its owner and its collectors share it.
#[derive(Debug)]
pub(crate) struct JobCore {
    run: Arc<Run>,
    groups: DashMap<u32, Arc<GroupCore>>,
    sorted: RwLock<Sorted>,
}

/// The groups in the order of their ids, until one more is registered.
#[derive(Debug, Default)]
struct Sorted {
    groups: Option<Groups>,
    /// How often they were outdated.
    edition: u64,
}

type Groups = Arc<[Arc<GroupCore>]>;

impl Sorted {
    fn outdate(&mut self) {
        self.groups = None;
        self.edition += 1;
    }

    /// Keeps what was sorted of what there was in that edition.
    fn keep(&mut self, edition: u64, groups: &Groups) {
        if self.edition == edition {
            self.groups = Some(Arc::clone(groups));
        }
    }
}

/// The longest name of a job, in bytes.
const NAME_BYTES_LIMIT: usize = 200;

/// How a run ends.
enum End {
    Finished,
    Failed(Failure),
    Killed(Failure),
}

impl JobCore {
    /// The name that a job may have.
    ///
    /// # Errors
    ///
    /// See [`JobError::Name`].
    pub(crate) fn check_name(name: &str) -> Result<(), JobError> {
        if name.is_empty() || name.len() > NAME_BYTES_LIMIT || name.contains(char::is_control) {
            return Err(JobError::Name { job: text::clipped(&OneLine(name)) });
        }
        Ok(())
    }

    pub(crate) fn new(name: Arc<str>, number: u64, clock: Clock) -> JobCore {
        let run = Arc::new(Run::new(name, number, clock));
        JobCore { run, groups: DashMap::new(), sorted: RwLock::default() }
    }

    fn group(&self, id: u32) -> Arc<GroupCore> {
        match self.groups.entry(id) {
            Entry::Occupied(group) => Arc::clone(group.get()),
            Entry::Vacant(vacant) => {
                let group = Arc::new(GroupCore::new(Arc::clone(&self.run), id));
                let held = vacant.insert(Arc::clone(&group));
                // Before anybody else can find it: who has seen a group finds it there.
                self.sorted.write().outdate();
                drop(held);
                group
            }
        }
    }

    /// The groups, sorted by id: made anew only where one was registered since they last were.
    fn groups(&self) -> Groups {
        let edition = {
            let sorted = self.sorted.read();
            if let Some(groups) = &sorted.groups {
                return Arc::clone(groups);
            }
            sorted.edition
        };
        // Not under the lock, which is taken under those of the map.
        let mut groups: Vec<_> = self.groups.iter().map(|group| Arc::clone(&group)).collect();
        groups.sort_unstable_by_key(|group| group.id());
        let groups = Groups::from(groups);
        self.sorted.write().keep(edition, &groups);
        groups
    }

    /// The run now; `None` once its last value is kept.
    pub(crate) fn live_snapshot(&self) -> Option<JobSnapshot> {
        let job = self.snapshot();
        // Looked at afterwards: what was read before the run was closed is read of a live run.
        (!self.run.is_over()).then_some(job)
    }

    fn snapshot(&self) -> JobSnapshot {
        let (mut job, tasks) = self.read(self.run.look());
        job.own_failure = self.run.stop_reason().cloned();
        job.state = live_state(&tasks, job.own_failure.is_some());
        job
    }

    /// The run as `look` finds it, and how many of its tasks are in each state.
    fn read(&self, look: Look) -> (JobSnapshot, TaskCounts) {
        let Run { name, number, started, .. } = &*self.run;
        let mut job = JobSnapshot::new(Arc::clone(name), *number, *started, look.at);
        let mut counts = TaskCounts::default();
        let read = |group: &Arc<GroupCore>| {
            let (group, tasks) = group.snapshot(look);
            counts.merge(&tasks);
            group
        };
        job.groups = self.groups().iter().map(read).collect();
        (job, counts)
    }

    /// Lets nothing start any more, and reads the run as it ends: what has not ended is killed in it.
    fn last_snapshot(&self, end: End, at: Stamp) -> JobSnapshot {
        self.run.end();
        let (mut job, tasks) = self.read(self.run.last_look(at));
        job.ended = Some(at);
        let (state, failure) = final_state(&tasks, end, at);
        job.state = state;
        job.own_failure = self.run.stop_reason().into_iter().chain(&failure).min().cloned();
        job
    }

    /// Closes the run, whose last value is kept by now, and kills what has not ended.
    fn close(&self, at: Stamp) {
        self.run.close();
        self.groups().iter().for_each(|group| group.kill(at));
    }
}

/// What a run that lives is doing: what its tasks do, but it has neither succeeded nor been killed
/// before its owner says so.
fn live_state(tasks: &TaskCounts, stopping: bool) -> State {
    match tasks.state() {
        Some(State::Failed) => State::Failed,
        Some(State::Killed) => State::Killing,
        _ if stopping => State::Killing,
        Some(State::Succeeded) => State::Running,
        Some(state) => state,
        None => State::Submitting,
    }
}

/// The state a run ends in, and what its end adds to the causes. A task that failed makes the job
/// failed, however it ends.
fn final_state(tasks: &TaskCounts, end: End, at: Stamp) -> (State, Option<Failure>) {
    let total = tasks.total();
    match end {
        End::Finished if tasks.succeeded == total => (State::Succeeded, None),
        End::Finished => {
            let short = total - tasks.succeeded;
            let reason = format_args!("{short} of {total} tasks did not succeed").to_string();
            // It follows from what the tasks failed of.
            (State::Failed, Some(Failure::cause(at, None, reason).as_consequence()))
        }
        End::Failed(failure) => (State::Failed, Some(failure)),
        End::Killed(failure) if tasks.failed > 0 => (State::Failed, Some(failure)),
        End::Killed(failure) => (State::Killed, Some(failure)),
    }
}

/// What is done with the value of a run that has ended.
pub(crate) type OnEnd = Box<dyn FnOnce(Arc<JobSnapshot>) + Send + Sync>;

/// A run of a job. Its owner ends it: [`finish`](Job::finish), [`fail`](Job::fail) or
/// [`kill`](Job::kill); dropping it is `kill("dropped")`.
///
/// The end freezes the job's value, whatever sides still live: tasks that have not ended are killed,
/// and what is counted afterwards is in no snapshot and no report of the registry. (The handles of a
/// task and of its group still show what its sides do.)
#[must_use = "a job that is dropped is killed"]
pub struct Job {
    core: Arc<JobCore>,
    scope: Scope,
    on_end: Option<OnEnd>,
}

impl Job {
    pub(crate) fn new(core: Arc<JobCore>, scope: Scope, on_end: OnEnd) -> Job {
        Job { core, scope, on_end: Some(on_end) }
    }

    /// The job's name.
    pub fn name(&self) -> &str {
        &self.core.run.name
    }

    /// The number of this run in its registry, from 1.
    pub fn run(&self) -> u64 {
        self.core.run.number
    }

    /// The task group `id`: registered if it was not.
    pub fn task_group(&self, id: u32) -> TaskGroup {
        TaskGroup::new(self.core.group(id))
    }

    /// The part of the registry whose series carry the label `job` with this job's name.
    ///
    /// They outlive the run, as totals that the next run of the job goes on with;
    /// [`unregister_all`](Scope::unregister_all) takes them out.
    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// Asks all sides to end: they see it in `stopping()`. The first reason becomes the job's error,
    /// unless something failed before.
    ///
    /// A side that never asks goes on, and has succeeded if it is done: whoever stops at a limit asks
    /// after the last record too.
    pub fn stop(&self, reason: impl Display) {
        self.core.run.stop(reason);
    }

    /// Whether the sides were asked to end.
    pub fn is_stopping(&self) -> bool {
        self.core.run.is_stopping()
    }

    /// The job now.
    pub fn snapshot(&self) -> JobSnapshot {
        self.core.snapshot()
    }

    /// Ends the job: succeeded if every registered task is, failed if not. Like the other ends it gives
    /// the report of the whole run, which every cursor of the registry will give once more.
    pub fn finish(mut self) -> JobReport {
        self.end(|_| End::Finished)
    }

    /// Ends the job as failed, with `error` as its cause, unless something failed before.
    pub fn fail(mut self, error: impl Display) -> JobReport {
        self.end(|at| End::Failed(Failure::cause(at, None, error)))
    }

    /// Ends the job because it was told to: killed, or failed if a task has failed.
    pub fn kill(mut self, reason: impl Display) -> JobReport {
        self.end(|at| End::Killed(Failure::cause(at, None, reason)))
    }

    fn end(&mut self, how: impl FnOnce(Stamp) -> End) -> JobReport {
        let at = self.core.run.clock.stamp();
        let job = Arc::new(self.core.last_snapshot(how(at), at));
        // Kept before anything is killed: whoever reads meanwhile sees the run as it lives, or as it
        // ended, and nothing in between.
        if let Some(keep) = self.on_end.take() {
            keep(Arc::clone(&job));
        }
        self.core.close(at);
        JobReport::of_run(job)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if self.on_end.is_some() {
            let by_panic = if std::thread::panicking() { " by a panic" } else { "" };
            let reason = format!("dropped{by_panic}");
            self.end(|at| End::Killed(Failure::cause(at, None, reason)));
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {} of job `{}`", self.run(), self.name())
    }
}
