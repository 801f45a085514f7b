//! `CounterList`: counters by number, of which all totals are read at once.

use super::counter::{Core, Counter, counted};
use super::list::List;
use crate::cells::{self, Arc};
use std::mem;

/// Counters, taken apart so that what a collection reads of them lies close together.
#[derive(Debug, Default)]
pub(crate) struct CounterList {
    cells: Vec<u32>,
    cores: Vec<Option<Arc<Core>>>,
}

impl CounterList {
    pub(crate) fn all(&self) -> impl Iterator<Item = Counter> {
        (0..self.len()).filter_map(|at| self.nth(at))
    }

    /// The total of each as it is now: added up sheet by sheet, so that memory is read in its order.
    pub(crate) fn totals(&self) -> Vec<u64> {
        let mut totals = self.totals_without_cells();
        for sheet in cells::sheets().iter() {
            for (total, cell) in totals.iter_mut().zip(&self.cells) {
                *total = total.wrapping_add(counted(sheet, *cell));
            }
        }
        totals
    }

    /// Of each what was counted though it has no cell.
    fn totals_without_cells(&self) -> Vec<u64> {
        // As a rule each has one.
        match cells::have_run_out() {
            true => self.all().map(|counter| counter.total_without_cell()).collect(),
            false => vec![0; self.len()],
        }
    }
}

impl List for CounterList {
    type Item = Counter;

    fn len(&self) -> usize {
        self.cells.len()
    }

    #[inline]
    fn nth(&self, at: usize) -> Option<Counter> {
        Some(Counter { cell: *self.cells.get(at)?, core: self.cores.get(at)?.clone() })
    }

    fn push(&mut self, Counter { cell, core }: Counter) {
        self.cells.push(cell);
        self.cores.push(core);
    }

    fn replace(&mut self, at: usize, new: Counter) -> Option<Counter> {
        let (cell, core) = (self.cells.get_mut(at)?, self.cores.get_mut(at)?);
        let (cell, core) = (mem::replace(cell, new.cell), mem::replace(core, new.core));
        Some(Counter { cell, core })
    }

    fn truncate(&mut self, len: usize) {
        self.cells.truncate(len);
        self.cores.truncate(len);
    }

    fn capacity(&self) -> usize {
        self.cells.capacity()
    }

    fn shrink_to(&mut self, capacity: usize) {
        self.cells.shrink_to(capacity);
        self.cores.shrink_to(capacity);
    }
}
