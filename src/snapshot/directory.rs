//! Which series there are, sorted, and where the value of each lies: all snapshots share it that are taken
//! while no series comes or goes.

use super::entries::{Entries, Entry};
use crate::metric::Key;
use std::cmp::Ordering;
use std::sync::Arc;

/// In which column the value of a series is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Counters,
    Gauges,
    /// Histograms, meters and timers.
    Others,
}

/// Where the value of a series is: in which column, and at which number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) column: Column,
    pub(super) at: u32,
}

/// Which series there are, sorted by key.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    order: Order,
    /// By column.
    entries: [Entries; 3],
}

/// The positions of all series that there were after some registration, in the order of their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    positions: Arc<[Position]>,
    /// How many registrations there had been.
    registrations: u64,
}

impl Directory {
    /// The directory of `entries` (counters, gauges, others) after so many registrations. What an `earlier` order had
    /// is not sorted again.
    pub(crate) fn new(earlier: &Order, entries: [Entries; 3], registrations: u64) -> Directory {
        let mut directory = Directory { order: Order::default(), entries };
        let positions = directory.sorted(earlier).into();
        directory.order = Order { positions, registrations };
        directory
    }

    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    /// How long each column is.
    pub(super) fn lengths(&self) -> [usize; 3] {
        self.entries.each_ref().map(Entries::len)
    }

    /// How many series there are.
    pub(super) fn len(&self) -> usize {
        self.order.positions.len()
    }

    #[inline]
    pub(super) fn position(&self, at: usize) -> Option<Position> {
        self.order.positions.get(at).copied()
    }

    #[inline]
    pub(super) fn entry(&self, position: Position) -> Option<&Entry> {
        self.entries.get(position.column as usize)?.get(position.at)
    }

    pub(super) fn find(&self, key: &Key) -> Option<Position> {
        let order = |position: &Position| self.key(*position).cmp(&Some(key));
        let at = self.order.positions.binary_search_by(order).ok()?;
        self.position(at)
    }

    /// How many series come before all those whose keys are greater, by this order.
    pub(super) fn before(&self, order: impl Fn(&Key) -> Ordering) -> usize {
        self.order
            .positions
            .partition_point(|position| self.key(*position).is_some_and(|key| order(key).is_lt()))
    }

    fn key(&self, position: Position) -> Option<&Key> {
        self.entry(position).map(|entry| &entry.key)
    }

    /// All positions, sorted: those that are in the earlier order, and among them what is newer.
    fn sorted(&self, earlier: &Order) -> Vec<Position> {
        let is_newer = |entry: &Entry| entry.registration > earlier.registrations;
        // Where a series went, a newer one may be.
        let stays =
            |position: &Position| self.entry(*position).is_some_and(|entry| !is_newer(entry));
        let old: Vec<_> = earlier.positions.iter().copied().filter(stays).collect();
        let columns =
            [Column::Counters, Column::Gauges, Column::Others].into_iter().zip(&self.entries);
        let mut new: Vec<_> = columns
            .flat_map(|(column, entries)| {
                let newer = entries.all().filter(|(_, entry)| is_newer(entry));
                newer.map(move |(at, entry)| (&entry.key, Position { column, at }))
            })
            .collect();
        new.sort_unstable_by_key(|(key, _)| *key);
        self.merged(&old, &new)
    }

    fn merged(&self, mut old: &[Position], new: &[(&Key, Position)]) -> Vec<Position> {
        let mut all = Vec::with_capacity(old.len() + new.len());
        for (key, position) in new {
            let before = old.partition_point(|position| self.key(*position) < Some(*key));
            let (first, rest) = old.split_at(before);
            all.extend_from_slice(first);
            all.push(*position);
            old = rest;
        }
        all.extend_from_slice(old);
        all
    }
}
