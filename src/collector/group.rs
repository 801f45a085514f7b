//! Task groups: their tasks, the walk that collects them, and the handles by which tasks are registered and started.

use super::error::JobError;
use super::reader::ReaderSide;
use super::run::{Look, Run};
use super::task::{Pens, TaskCore};
use super::writer::WriterSide;
use crate::clock::Stamp;
use crate::communication::{State, TaskCounts};
use crate::snapshot::{GroupSnapshot, TaskSnapshot};
use crate::text;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::sync::Arc;

/// The tasks of a task group.
#[derive(Debug)]
pub(super) struct GroupCore {
    run: Arc<Run>,
    id: u32,
    tasks: RwLock<Tasks>,
    /// Held by whoever reads the group, so that of two that read at once the later one sees no less.
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Tasks {
    by_id: BTreeMap<u32, Arc<TaskCore>>,
    /// All of them in that order, until one more is registered.
    sorted: Option<Arc<[Arc<TaskCore>]>>,
}

/// The tasks as they were when they were last read.
#[derive(Debug, Default)]
struct Last {
    tasks: Arc<[TaskSnapshot]>,
    /// Those that were read since then, one by one.
    since: BTreeMap<u32, TaskSnapshot>,
}

impl Last {
    fn task(&self, id: u32) -> Option<&TaskSnapshot> {
        let by_id = || self.tasks.binary_search_by_key(&id, |task| task.id).ok();
        self.since.get(&id).or_else(|| self.tasks.get(by_id()?))
    }
}

impl GroupCore {
    pub(super) fn new(run: Arc<Run>, id: u32) -> GroupCore {
        GroupCore { run, id, tasks: RwLock::default(), last: Mutex::default() }
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// The task `id`, registered unless the job has ended.
    fn task(&self, id: u32) -> Arc<TaskCore> {
        let mut tasks = self.tasks.write();
        if let Some(task) = tasks.by_id.get(&id) {
            return Arc::clone(task);
        }
        let task = Arc::new(TaskCore::new(Arc::clone(&self.run), self.id, id));
        // Looked at under the lock that the end takes later: no task slips in behind it.
        if !self.run.has_ended() {
            tasks.by_id.insert(id, Arc::clone(&task));
            tasks.sorted = None;
        }
        task
    }

    /// The tasks, sorted by id: made anew only where one was registered since they last were.
    fn sorted(&self) -> Arc<[Arc<TaskCore>]> {
        if let Some(sorted) = &self.tasks.read().sorted {
            return Arc::clone(sorted);
        }
        let Tasks { by_id, sorted } = &mut *self.tasks.write();
        Arc::clone(sorted.get_or_insert_with(|| by_id.values().cloned().collect()))
    }

    /// Kills every task that has not ended.
    pub(super) fn kill(&self, at: Stamp) {
        self.sorted().iter().for_each(|task| task.attempt.kill(at));
    }

    /// The group as `look` finds it, and how many of its tasks are in each state.
    pub(super) fn snapshot(&self, look: Look) -> (GroupSnapshot, TaskCounts) {
        let mut last = self.last.lock();
        let (tasks, counts) = self.read(look, &last);
        let new = Last { tasks: Arc::clone(&tasks), ..Last::default() };
        let before = mem::replace(&mut *last, new);
        // Unlocked first: there may be very many to drop.
        drop(last);
        drop(before);
        (GroupSnapshot::of_sorted(self.id, tasks), counts)
    }

    /// The tasks as `look` finds them: those that are read at once first.
    fn read(&self, look: Look, last: &Last) -> (Arc<[TaskSnapshot]>, TaskCounts) {
        // Not under the lock: reading a task may take a while, registering one may not.
        let sorted = self.sorted();
        let (mut counts, mut unread) = (TaskCounts::default(), 0);
        let read = |task: &Arc<TaskCore>| {
            let task = task.plain_snapshot(look);
            match task.is_unread() {
                false => counts.count(task.state()),
                true => unread += 1,
            }
            task
        };
        let mut tasks: Arc<[TaskSnapshot]> = sorted.iter().map(read).collect();
        if unread > 0 {
            // Nobody else has them yet, so nothing is copied.
            for (now, task) in Arc::make_mut(&mut tasks).iter_mut().zip(&*sorted) {
                if now.is_unread() {
                    *now = task.whole_snapshot(look, last.task(now.id));
                    counts.count(now.state());
                }
            }
        }
        (tasks, counts)
    }

    /// One task as `look` finds it.
    fn snapshot_of(&self, task: &Arc<TaskCore>, look: Look) -> TaskSnapshot {
        let mut last = self.last.lock();
        let now = task.whole_snapshot(look, last.task(task.id));
        if self.tasks.read().by_id.get(&task.id).is_some_and(|known| Arc::ptr_eq(known, task)) {
            last.since.insert(task.id, now.clone());
        }
        now
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
        Task { core: self.core.task(id), group: Arc::clone(&self.core) }
    }

    /// The group now.
    pub fn snapshot(&self) -> GroupSnapshot {
        self.core.snapshot(self.core.run.look()).0
    }
}

/// A task of a job: starts the attempt at it. Clones are the same task.
#[derive(Clone)]
pub struct Task {
    core: Arc<TaskCore>,
    group: Arc<GroupCore>,
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
        Ok((ReaderSide::new(reader), WriterSide::new(writer)))
    }

    /// The task now.
    pub fn snapshot(&self) -> TaskSnapshot {
        self.group.snapshot_of(&self.core, self.core.run.look())
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

#[cfg(test)]
mod tests {
    use super::super::layout::READ;
    use super::*;
    use crate::clock::Clock;
    use crate::communication::Amount;

    fn group() -> GroupCore {
        GroupCore::new(Arc::new(Run::new("copy".into(), 1, Clock::system())), 0)
    }

    fn ids(group: &GroupCore) -> Vec<u32> {
        let (now, _) = group.snapshot(group.run.look());
        now.tasks().iter().map(|task| task.id).collect()
    }

    #[test]
    fn tasks_are_sorted_and_there_as_soon_as_they_are_registered() {
        let group = group();
        for (id, all) in [(7, &[7][..]), (3, &[3, 7]), (9, &[3, 7, 9]), (3, &[3, 7, 9])] {
            group.task(id);
            assert_eq!(ids(&group), all);
        }
    }

    #[test]
    fn a_task_that_is_stale_is_never_behind_what_was_seen_of_it_whoever_looked() {
        let group = group();
        let [first, second, _] = [3, 5, 9].map(|id| group.task(id));
        let mut pen = second.take_pens().unwrap().reader;
        let mut seen = Vec::new();
        for records in 1..=3 {
            pen.update(|_, cells| READ.add(&cells, 1, 10));
            // By a collection, or by the handle of the task.
            match records {
                2 => drop(group.snapshot_of(&second, group.run.look())),
                _ => drop(group.snapshot(group.run.look())),
            }
            // Its place among the tasks changes meanwhile, but for the second time.
            if records != 2 {
                group.task(records - 1);
            }
            pen.update(|_, _| {
                let (stale, _) = group.snapshot(group.run.look());
                let stale = stale.task(5).unwrap();
                assert_eq!(stale.communication().stale, 1);
                seen.push(stale.counters.reader.read);
            });
        }
        assert_eq!(seen, [1, 2, 3].map(|n| Amount::new(n, 10 * n)));
        assert_eq!(
            group.snapshot_of(&first, group.run.look()).counters.reader.read,
            Amount::new(0, 0)
        );
    }

    #[test]
    fn states_are_counted_of_all_tasks() {
        let group = group();
        let tasks = [0, 1, 2].map(|id| group.task(id));
        assert!(tasks[1].attempt.start(Stamp::default()));
        tasks[2].rare();
        let (now, counts) = group.snapshot(group.run.look());
        assert_eq!((counts.waiting, counts.running, counts.total()), (2, 1, 3));
        assert_eq!(now.communication().tasks, counts);
        let (last, counts) = group.snapshot(group.run.last_look(Stamp::default()));
        assert_eq!((counts.killed, last.communication().tasks), (3, counts));
    }
}
