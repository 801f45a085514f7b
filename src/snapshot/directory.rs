//! Which series there are, sorted, and where the value of each lies: all snapshots share it that are taken
//! while no series comes or goes.

use super::entries::{Entries, Entry};
use crate::metric::Key;
use std::cmp::Ordering;
use std::sync::Arc;

/// In which list a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Counters,
    Gauges,
    /// Histograms, meters and timers.
    Others,
    /// What must be asked for; a directory does not show it.
    Calls,
}

/// Where a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) list: List,
    pub(crate) at: u32,
}

/// Which series there are, sorted by key.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    order: Order,
    entries: [Entries; 3],
}

/// The places of all series that there were after some registration, in the order of their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    places: Arc<[Place]>,
    /// How many registrations there had been.
    registrations: u64,
}

impl Directory {
    /// The directory of `entries`, those of each list, after so many registrations. What an `earlier` order had is not
    /// sorted again.
    pub(crate) fn new(earlier: &Order, entries: [Entries; 3], registrations: u64) -> Directory {
        let mut directory = Directory { order: Order::default(), entries };
        let places = directory.sorted(earlier).into();
        directory.order = Order { places, registrations };
        directory
    }

    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    pub(super) fn len(&self) -> usize {
        self.order.places.len()
    }

    #[inline]
    pub(super) fn place(&self, at: usize) -> Option<Place> {
        self.order.places.get(at).copied()
    }

    #[inline]
    pub(super) fn entry(&self, place: Place) -> Option<&Entry> {
        self.entries.get(place.list as usize)?.get(place.at)
    }

    pub(super) fn find(&self, key: &Key) -> Option<Place> {
        let order = |place: &Place| self.key(*place).cmp(&Some(key));
        let at = self.order.places.binary_search_by(order).ok()?;
        self.place(at)
    }

    /// How many series come before all those whose keys are greater, by this order.
    pub(super) fn before(&self, order: impl Fn(&Key) -> Ordering) -> usize {
        self.order
            .places
            .partition_point(|place| self.key(*place).is_some_and(|key| order(key).is_lt()))
    }

    fn key(&self, place: Place) -> Option<&Key> {
        self.entry(place).map(|entry| &entry.key)
    }

    /// All places, sorted: those that are in the earlier order, and among them what is newer.
    fn sorted(&self, earlier: &Order) -> Vec<Place> {
        let is_newer = |entry: &Entry| entry.registration > earlier.registrations;
        // Where a series went, a newer one may be.
        let stays = |place: &Place| self.entry(*place).is_some_and(|entry| !is_newer(entry));
        let old: Vec<_> = earlier.places.iter().copied().filter(stays).collect();
        let lists = [List::Counters, List::Gauges, List::Others].into_iter().zip(&self.entries);
        let mut new: Vec<_> = lists
            .flat_map(|(list, entries)| {
                let newer = entries.all().filter(|(_, entry)| is_newer(entry));
                newer.map(move |(at, entry)| (&entry.key, Place { list, at }))
            })
            .collect();
        new.sort_unstable_by_key(|(key, _)| *key);
        self.merged(&old, &new)
    }

    fn merged(&self, mut old: &[Place], new: &[(&Key, Place)]) -> Vec<Place> {
        let mut all = Vec::with_capacity(old.len() + new.len());
        for (key, place) in new {
            let before = old.partition_point(|place| self.key(*place) < Some(*key));
            let (first, rest) = old.split_at(before);
            all.extend_from_slice(first);
            all.push(*place);
            old = rest;
        }
        all.extend_from_slice(old);
        all
    }
}
