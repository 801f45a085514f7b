//! Messages: a bounded list of what was said first, and a count of the rest.

use crate::clock::Stamp;
use serde::{Deserialize, Serialize};

/// Something a task has said: a message to the job, or the sample of a record in error.
///
/// The order is by time, group, task and number; key and text only make it total.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// When it was said.
    pub at: Stamp,
    /// The task group that said it.
    pub group: u32,
    /// The task that said it.
    pub task: u32,
    /// Its place among what this task said, from 0.
    pub number: u64,
    /// What it is about: chosen by the task, or `unreadable`, `refused`, `failed` for a sample.
    pub key: String,
    /// What was said, cut after about 1 KiB.
    pub text: String,
}

impl Message {
    /// A message of the task `task` in `group`, its `number`th.
    pub fn new(at: Stamp, group: u32, task: u32, number: u64, key: &str, text: &str) -> Message {
        let (key, text) = (crate::text::clipped(key), crate::text::clipped(text));
        Message { at, group, task, number, key, text }
    }
}

/// The first [`Messages::KEPT`] messages, in order, and how many there were in all.
///
/// All tasks of a run together keep 1,000: beyond that a task's first ones, too, are only counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Given")]
pub struct Messages {
    kept: Vec<Message>,
    total: u64,
}

/// Messages as a text gives them: in any order, and any number.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    kept: Vec<Message>,
    total: u64,
}

impl From<Given> for Messages {
    fn from(Given { kept, total }: Given) -> Messages {
        let total = total.max(kept.len() as u64);
        let mut messages = Messages { kept, total };
        messages.keep_first();
        messages
    }
}

impl Messages {
    /// How many are kept; the others are only counted.
    pub const KEPT: usize = 50;

    /// The first ones, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Message> {
        self.kept.iter()
    }

    /// How many there were, those left out included.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many are counted and not kept.
    pub fn left_out(&self) -> u64 {
        self.total.saturating_sub(self.kept.len() as u64)
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Takes one more message.
    pub fn record(&mut self, message: Message) {
        let at = self.kept.partition_point(|kept| *kept <= message);
        self.kept.insert(at, message);
        self.kept.truncate(Messages::KEPT);
        self.total = self.total.saturating_add(1);
    }

    /// Counts those that were said and not recorded: there were `total` in all.
    pub(crate) fn count_at_least(&mut self, total: u64) {
        self.total = self.total.max(total);
    }

    /// Adds the messages of a disjoint part; the first of both are kept.
    pub fn merge(&mut self, other: &Messages) {
        let Messages { kept, total } = other;
        self.total = self.total.saturating_add(*total);
        if !kept.is_empty() {
            self.kept.extend_from_slice(kept);
            self.keep_first();
        }
    }

    fn keep_first(&mut self) {
        self.kept.sort();
        self.kept.truncate(Messages::KEPT);
    }
}

impl<'a> IntoIterator for &'a Messages {
    type Item = &'a Message;
    type IntoIter = std::slice::Iter<'a, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
