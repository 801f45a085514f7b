//! What DataX counts with, in its shape: a map by name, under a lock.
//!
//! It is a shape, not DataX: the names are looked up and the totals added up as there, without its boxes,
//! its checks of names and its second, concurrent map.

use crate::subject::Subject;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

const RECORDS: &str = "readSucceedRecords";
const BYTES: &str = "readSucceedBytes";
/// What each task counts that runs without transformers and errors.
const NAMES: [&str; 6] = [
    RECORDS,
    BYTES,
    "writeReceivedRecords",
    "writeReceivedBytes",
    "waitWriterTime",
    "waitReaderTime",
];

/// What one task says. Clones share it.
#[derive(Clone)]
pub(crate) struct Communication(Arc<Mutex<HashMap<String, u64>>>);

impl Communication {
    pub(crate) fn new() -> Communication {
        let counters = NAMES.iter().map(|&name| (name.to_owned(), 0)).collect();
        Communication(Arc::new(Mutex::new(counters)))
    }

    /// As `Communication.increaseCounter`: the lock is taken and the name looked up each time.
    fn increase(&self, name: &str, by: u64) {
        let mut counters = self.0.lock();
        match counters.get_mut(name) {
            Some(counter) => *counter += by,
            None => _ = counters.insert(name.to_owned(), by),
        }
    }

    fn get(&self, name: &str) -> u64 {
        self.0.lock().get(name).copied().unwrap_or(0)
    }

    /// As `Communication.mergeFrom`: the other's counters are added to those of this one.
    fn merge(&self, other: &Communication) {
        let mut counters = self.0.lock();
        for (name, &by) in other.0.lock().iter() {
            match counters.get_mut(name) {
                Some(counter) => *counter += by,
                None => _ = counters.insert(name.clone(), by),
            }
        }
    }
}

impl Subject for Communication {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&*self).increase(black_box(RECORDS), 1);
        }
    }

    fn counted(&self) -> u64 {
        self.get(RECORDS)
    }
}

/// Records and bytes, by two calls, as there: a reader may see one without the other.
pub(crate) struct Task(Communication);

pub(crate) fn task() -> Task {
    Task(Communication::new())
}

impl Subject for Task {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            let counters = black_box(&self.0);
            counters.increase(black_box(RECORDS), 1);
            counters.increase(black_box(BYTES), 7);
        }
    }

    fn counted(&self) -> u64 {
        assert_eq!(self.0.get(BYTES), 7 * self.0.get(RECORDS));
        self.0.get(RECORDS)
    }
}

/// A job's tasks, by task group, each of which has read one record.
pub(crate) fn job([groups, tasks]: [u32; 2]) -> Vec<Vec<Communication>> {
    let task = |_| {
        let mut task = Communication::new();
        task.count(1);
        task
    };
    (0..groups).map(|_| (0..tasks).map(task).collect()).collect()
}

/// As the job's container does for each report: tasks into groups, groups into the job. Gives the records.
pub(crate) fn collect(groups: &[Vec<Communication>]) -> u64 {
    let job = empty();
    for tasks in groups {
        let group = empty();
        tasks.iter().for_each(|task| group.merge(task));
        job.merge(&group);
    }
    job.get(RECORDS)
}

fn empty() -> Communication {
    Communication(Arc::default())
}
