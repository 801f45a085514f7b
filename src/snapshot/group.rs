//! A task group as it was at one moment.

use super::task::TaskSnapshot;
use crate::communication::{Communication, State, TaskCounts};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A task group at one moment. Its clones share its tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupSnapshot {
    /// The group's id in its job.
    pub id: u32,
    /// Sorted by id, always.
    #[serde(deserialize_with = "sorted")]
    tasks: Arc<[TaskSnapshot]>,
}

impl GroupSnapshot {
    /// The group `id` with `tasks`, given in any order; of a task that is given twice the first counts.
    pub fn new(id: u32, mut tasks: Vec<TaskSnapshot>) -> GroupSnapshot {
        tasks.sort_by_key(|task| task.id);
        tasks.dedup_by_key(|task| task.id);
        GroupSnapshot { id, tasks: tasks.into() }
    }

    /// The group `id` with `tasks`, each of which is there once, in their order.
    pub(crate) fn of_sorted(id: u32, tasks: Arc<[TaskSnapshot]>) -> GroupSnapshot {
        GroupSnapshot { id, tasks }
    }

    /// Its tasks, sorted by id.
    pub fn tasks(&self) -> &[TaskSnapshot] {
        &self.tasks
    }

    /// The task `id`, if it is registered.
    pub fn task(&self, id: u32) -> Option<&TaskSnapshot> {
        let at = self.tasks.binary_search_by_key(&id, |task| task.id).ok()?;
        self.tasks.get(at)
    }

    /// What the whole group says: the merge of its tasks.
    pub fn communication(&self) -> Communication {
        let mut communication = Communication::default();
        self.tasks.iter().for_each(|task| task.add_to(&mut communication));
        communication
    }

    /// What the group is doing, which follows from its tasks; `None` if it has none.
    pub fn state(&self) -> Option<State> {
        let mut counts = TaskCounts::default();
        self.tasks.iter().for_each(|task| task.count_in(&mut counts));
        counts.state()
    }
}

/// Tasks as a text gives them: in any order. One that is there twice stays so, to be found.
fn sorted<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Arc<[TaskSnapshot]>, D::Error> {
    let mut tasks = Vec::<TaskSnapshot>::deserialize(from)?;
    tasks.sort_by_key(|task| task.id);
    Ok(tasks.into())
}
