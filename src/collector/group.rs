//! Task groups and tasks, as handles that register and start.

use super::error::JobError;
use super::reader::ReaderSide;
use super::run::Run;
use super::task::{Pens, TaskCore};
use super::writer::WriterSide;
use crate::clock::Stamp;
use crate::communication::State;
use crate::snapshot::{GroupSnapshot, TaskSnapshot};
use crate::text;
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The tasks of a task group.
#[derive(Debug)]
pub(super) struct GroupCore {
    run: Arc<Run>,
    id: u32,
    tasks: RwLock<BTreeMap<u32, Arc<TaskCore>>>,
}

impl GroupCore {
    pub(super) fn new(run: Arc<Run>, id: u32) -> GroupCore {
        GroupCore { run, id, tasks: RwLock::default() }
    }

    /// The task `id`, registered unless the job has ended.
    fn task(&self, id: u32) -> Arc<TaskCore> {
        let mut tasks = self.tasks.write();
        if let Some(task) = tasks.get(&id) {
            return Arc::clone(task);
        }
        let task = Arc::new(TaskCore::new(Arc::clone(&self.run), self.id, id));
        // Looked at under the lock that the end takes later: no task slips in behind it.
        if !self.run.has_ended() {
            tasks.insert(id, Arc::clone(&task));
        }
        task
    }

    /// Kills every task that has not ended.
    pub(super) fn kill(&self, at: Stamp) {
        self.tasks.read().values().for_each(|task| task.attempt.kill(at));
    }

    pub(super) fn snapshot(&self) -> GroupSnapshot {
        self.read(TaskCore::snapshot)
    }

    /// The group as it is if its job ends `at` this moment.
    pub(super) fn last_snapshot(&self, at: Stamp) -> GroupSnapshot {
        self.read(|task| task.last_snapshot(at))
    }

    fn read(&self, read: impl Fn(&TaskCore) -> TaskSnapshot) -> GroupSnapshot {
        // The list is copied first: reading a task may take a while, registering one may not.
        let tasks: Vec<_> = self.tasks.read().values().cloned().collect();
        GroupSnapshot::new(self.id, tasks.iter().map(|task| read(task)).collect())
    }
}

/// A task group of a job: registers tasks. Clones are the same group.
#[derive(Clone)]
pub struct TaskGroup {
    core: Arc<GroupCore>,
}

impl TaskGroup {
    pub(super) fn new(core: Arc<GroupCore>) -> TaskGroup {
        TaskGroup { core }
    }

    /// The group's id.
    pub fn id(&self) -> u32 {
        self.core.id
    }

    /// The task `id`: registered if it was not, and then waiting to be started.
    ///
    /// Once the job has ended nothing is registered, and starting the task is an error.
    pub fn task(&self, id: u32) -> Task {
        Task { core: self.core.task(id) }
    }

    /// The group now.
    pub fn snapshot(&self) -> GroupSnapshot {
        self.core.snapshot()
    }
}

/// A task of a job: starts the attempt at it. Clones are the same task.
#[derive(Clone)]
pub struct Task {
    core: Arc<TaskCore>,
}

impl Task {
    /// The task's id.
    pub fn id(&self) -> u32 {
        self.core.id
    }

    /// Gives the task a name for people, cut after about 1 KiB. The first one stays.
    #[must_use = "the task that now has a name is returned"]
    pub fn named(self, name: impl AsRef<str>) -> Task {
        let _ = self.core.name.set(text::clipped(name.as_ref()).into());
        self
    }

    /// Starts the task: the two sides by which it is counted.
    ///
    /// # Errors
    ///
    /// A side of the task still lives, the task has already ended, or the job has.
    pub fn start(&self) -> Result<(ReaderSide, WriterSide), JobError> {
        let TaskCore { run, attempt, .. } = &*self.core;
        if run.has_ended() {
            return Err(JobError::Ended { job: run.name.to_string() });
        }
        let Some(Pens { reader, writer }) = self.core.take_pens() else {
            return Err(self.why_not_again());
        };
        if !attempt.start(run.clock.stamp()) {
            return Err(JobError::Ended { job: run.name.to_string() });
        }
        let reader = ReaderSide::new(reader, Arc::clone(&self.core));
        Ok((reader, WriterSide::new(writer, Arc::clone(&self.core))))
    }

    /// The task now.
    pub fn snapshot(&self) -> TaskSnapshot {
        self.core.snapshot()
    }

    /// What the task is doing.
    pub fn state(&self) -> State {
        self.core.attempt.view(self.core.run.is_stopping()).state
    }

    fn why_not_again(&self) -> JobError {
        let TaskCore { run, group, id, attempt, .. } = &*self.core;
        let (job, group, task) = (run.name.to_string(), *group, *id);
        match attempt.is_over() {
            true => JobError::TaskEnded { job, group, task, state: self.state() },
            false => JobError::SideLives { job, group, task },
        }
    }
}

impl fmt::Debug for TaskGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task group {} of job `{}`", self.core.id, self.core.run.name)
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TaskCore { run, group, id, .. } = &*self.core;
        write!(f, "task {id} of group {group} of job `{}`", run.name)
    }
}
