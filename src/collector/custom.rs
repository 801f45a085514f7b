//! Custom counters: totals under names that only the job knows.

use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// How many names of custom counters a job may have; what is added under others is counted together.
const NAMES_LIMIT: usize = 100;

/// The longest name, in bytes.
const NAME_BYTES_LIMIT: usize = 200;

/// The names of a job's custom counters.
#[derive(Debug, Default)]
pub(super) struct CustomNames {
    admitted: Mutex<BTreeSet<Arc<str>>>,
    /// All of them, once there is no room for more: from then on nobody takes the lock.
    full: OnceLock<BTreeSet<Arc<str>>>,
}

impl CustomNames {
    /// The job's one copy of `name`, or `None` where it is over a limit.
    fn admit(&self, name: &str) -> Option<Arc<str>> {
        if name.is_empty() || name.len() > NAME_BYTES_LIMIT {
            return None;
        }
        match self.full.get() {
            Some(all) => all.get(name).cloned(),
            None => self.admit_new(name),
        }
    }

    fn admit_new(&self, name: &str) -> Option<Arc<str>> {
        let mut admitted = self.admitted.lock();
        if !admitted.contains(name) && admitted.len() < NAMES_LIMIT {
            admitted.insert(Arc::from(name));
        }
        if admitted.len() == NAMES_LIMIT {
            self.full.get_or_init(|| admitted.clone());
        }
        admitted.get(name).cloned()
    }
}

/// A cell with one writer.
#[derive(Clone, Debug, Default)]
struct Cell(Arc<AtomicU64>);

impl Cell {
    fn add(&self, n: u64) {
        self.0.store(self.get().saturating_add(n), Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A custom counter with its name.
type Named = (Arc<str>, Cell);

/// The custom counters of one side, as its collectors see them.
#[derive(Clone, Debug, Default)]
pub(super) struct CustomView {
    cells: Arc<Mutex<Vec<Named>>>,
    overflow: Cell,
}

/// What a side's custom counters held at one instant.
#[derive(Clone, Debug, Default)]
pub(super) struct CustomCut {
    pub(super) totals: Vec<(Arc<str>, u64)>,
    pub(super) overflow: u64,
}

impl CustomView {
    pub(super) fn read(&self) -> CustomCut {
        let cells = self.cells.lock();
        let totals = cells.iter().map(|(name, cell)| (Arc::clone(name), cell.get())).collect();
        CustomCut { totals, overflow: self.overflow.get() }
    }

    /// The one writer of these counters.
    pub(super) fn pen(&self) -> CustomPen {
        CustomPen { known: BTreeMap::new(), shared: self.clone() }
    }
}

/// The custom counters of one side, as it counts them: no lock but for a name's first time, or while
/// the job's names are filling up.
#[derive(Debug)]
pub(super) struct CustomPen {
    known: BTreeMap<Arc<str>, Cell>,
    shared: CustomView,
}

/// A custom counter that is ready to be added to.
pub(super) struct CustomCell<'a>(&'a Cell);

impl CustomCell<'_> {
    pub(super) fn add(&self, n: u64) {
        self.0.add(n);
    }
}

impl CustomPen {
    /// The counter `name`, or the one of overflows.
    pub(super) fn cell(&mut self, name: &str, names: &CustomNames) -> CustomCell<'_> {
        if !self.known.contains_key(name) {
            self.register(name, names);
        }
        CustomCell(self.known.get(name).unwrap_or(&self.shared.overflow))
    }

    #[cold]
    fn register(&mut self, name: &str, names: &CustomNames) {
        if let Some(name) = names.admit(name) {
            let cell = Cell::default();
            self.shared.cells.lock().push((Arc::clone(&name), cell.clone()));
            self.known.insert(name, cell);
        }
    }
}
