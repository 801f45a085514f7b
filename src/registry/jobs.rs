//! The runs of a registry: those that live, and the newest of those that have ended.

use crate::clock::Clock;
use crate::collector::{Job, JobCore, JobError};
use crate::delivery::Deliveries;
use crate::series::Scope;
use crate::snapshot::JobSnapshot;
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The runs of a registry.
#[derive(Debug)]
pub(super) struct Jobs {
    live: DashMap<Arc<str>, Arc<JobCore>>,
    ended: Mutex<Ended>,
    runs: AtomicU64,
    deliveries: Arc<Deliveries>,
}

/// The runs that have ended.
#[derive(Debug)]
struct Ended {
    newest: VecDeque<Arc<JobSnapshot>>,
    limit: usize,
    total: u64,
}

impl Ended {
    fn keep(&mut self, run: Arc<JobSnapshot>) {
        self.total += 1;
        self.newest.push_back(run);
        while self.newest.len() > self.limit {
            self.newest.pop_front();
        }
    }
}

impl Jobs {
    /// No runs yet; of those that end, the newest `limit` are kept, and `deliveries` are told of each.
    pub(super) fn new(limit: usize, deliveries: Arc<Deliveries>) -> Jobs {
        let ended = Ended { newest: VecDeque::new(), limit, total: 0 };
        let runs = AtomicU64::new(0);
        Jobs { live: DashMap::new(), ended: Mutex::new(ended), runs, deliveries }
    }

    /// The next run of the job `name`.
    pub(super) fn start(
        self: &Arc<Jobs>,
        name: &str,
        scope: Scope,
        clock: &Clock,
    ) -> Result<Job, JobError> {
        JobCore::check_name(name)?;
        let name: Arc<str> = Arc::from(name);
        let core = match self.live.entry(Arc::clone(&name)) {
            Entry::Occupied(_) => return Err(JobError::Lives { job: name.to_string() }),
            Entry::Vacant(place) => {
                let number = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
                let core = Arc::new(JobCore::new(name, number, clock.clone()));
                Arc::clone(&place.insert(core))
            }
        };
        let jobs = Arc::clone(self);
        Ok(Job::new(core, scope, Box::new(move |run| jobs.keep(run))))
    }

    fn keep(&self, run: Arc<JobSnapshot>) {
        let name = Arc::clone(&run.name);
        // Kept before it leaves the living, so that no collection finds it in neither place.
        self.ended.lock().keep(run);
        self.live.remove(&name);
        self.deliveries.deliver_now();
    }

    /// Every run that lives and those that are kept, and how many have ended in all.
    pub(super) fn snapshot(&self) -> (Vec<Arc<JobSnapshot>>, u64) {
        let live: Vec<Arc<JobCore>> = self.live.iter().map(|run| Arc::clone(&run)).collect();
        let live: Vec<_> =
            live.iter().filter_map(|run| run.live_snapshot()).map(Arc::new).collect();
        let (ended, total) = {
            let ended = self.ended.lock();
            (ended.newest.clone(), ended.total)
        };
        // One that ended in between is there twice: as it ended counts.
        let runs: BTreeMap<u64, _> =
            live.into_iter().chain(ended).map(|run| (run.run, run)).collect();
        (runs.into_values().collect(), total)
    }
}
