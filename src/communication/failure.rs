//! Why something failed: when, where, and whether it only followed from another failure.

use crate::clock::Stamp;
use crate::text::{self, OneLine};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// One of the two ends of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Reads from the source, transforms, hands on.
    Reader,
    /// Receives, writes, commits.
    Writer,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Reader => "reader side",
            Side::Writer => "writer side",
        })
    }
}

/// Where in a job something happened: `group 1, task 3 (orders), writer side`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Place {
    /// The task group's id.
    pub group: u32,
    /// The task's id.
    pub task: u32,
    /// The task's name, if it has one.
    #[serde(default)]
    pub name: Option<Arc<str>>,
    /// The side of the task.
    pub side: Side,
}

impl Place {
    /// One side of task `task` in group `group`, which has no name.
    pub fn new(group: u32, task: u32, side: Side) -> Place {
        Place { group, task, name: None, side }
    }
}

impl Place {
    /// How people are told of a task: `group 1, task 3 (orders)`.
    pub(crate) fn of_task(group: u32, task: u32, name: Option<&str>) -> String {
        match name {
            Some(name) => format!("group {group}, task {task} ({})", OneLine(name)),
            None => format!("group {group}, task {task}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { group, task, name, side } = self;
        write!(f, "{}, {side}", Place::of_task(*group, *task, name.as_deref()))
    }
}

/// Why a part failed or was stopped.
///
/// The order is that of blame: a cause before what only followed from one, then the earlier one. The
/// first of several failures is therefore the least of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// Whether it only followed from another failure: the other side was gone.
    pub consequence: bool,
    /// When it happened.
    pub at: Stamp,
    /// Where it happened, or `None` for the job as a whole.
    pub place: Option<Place>,
    /// Why, in the words of whoever failed, cut after about 1 KiB.
    pub reason: String,
}

impl Failure {
    /// A cause: something that went wrong by itself.
    pub fn cause(at: Stamp, place: Option<Place>, reason: impl fmt::Display) -> Failure {
        Failure { consequence: false, at, place, reason: text::clipped(&reason) }
    }

    /// The same failure, as one that followed from another.
    pub fn as_consequence(self) -> Failure {
        Failure { consequence: true, ..self }
    }
}

/// Where and why, on one line: `group 1, task 3, writer side: disk full`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", OneLine(&self.reason)),
            None => OneLine(&self.reason).fmt(f),
        }
    }
}
