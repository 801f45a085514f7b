//! What is registered, in dense lists that a collection reads from end to end.

use super::held::Held;
use crate::cells;
use crate::metric::{Counter, Gauge, Key, totals};
use crate::sampler::CallId;
use crate::snapshot::{Columns, Directory, Entries, Entry, List, Order, Place};
use std::collections::BTreeSet;
use std::mem;

/// Everything that is registered, by place: while a series is there, its place is its own.
#[derive(Debug, Default)]
pub(super) struct Slots {
    counters: Slab<Counter>,
    gauges: Slab<Gauge>,
    others: Slab<Option<Held>>,
    calls: Slab<Option<CallId>>,
}

/// The series of one list. The place of one that is gone holds nothing, and is given to the next; the last place
/// always holds one. So a list is as long as the place of its last series says, and no longer.
#[derive(Debug)]
struct Slab<T> {
    entries: Entries,
    held: Vec<T>,
    /// The lowest is given out first, so that the end of the list gets free.
    free: BTreeSet<u32>,
}

impl Slots {
    pub(super) fn insert(&mut self, entry: Entry, held: Held) -> Place {
        let (list, at) = match held {
            Held::Counter(counter) => (List::Counters, self.counters.insert(entry, counter)),
            Held::Gauge(gauge) => (List::Gauges, self.gauges.insert(entry, gauge)),
            Held::Call(id) => (List::Calls, self.calls.insert(entry, Some(id))),
            held => (List::Others, self.others.insert(entry, Some(held))),
        };
        Place { list, at }
    }

    /// Takes a series out: nothing of it is held here any more.
    pub(super) fn remove(&mut self, Place { list, at }: Place) -> Option<Held> {
        match list {
            List::Counters => self.counters.remove(at, Counter::disabled()).map(Held::Counter),
            List::Gauges => self.gauges.remove(at, Gauge::disabled()).map(Held::Gauge),
            List::Others => self.others.remove(at, None).flatten(),
            List::Calls => self.calls.remove(at, None).flatten().map(Held::Call),
        }
    }

    pub(super) fn held(&self, place: Place) -> Option<Held> {
        let at = place.at as usize;
        match place.list {
            List::Counters => self.counters.held.get(at).cloned().map(Held::Counter),
            List::Gauges => self.gauges.held.get(at).cloned().map(Held::Gauge),
            List::Others => self.others.held.get(at)?.clone(),
            List::Calls => (*self.calls.held.get(at)?).map(Held::Call),
        }
    }

    pub(super) fn key(&self, place: Place) -> Option<&Key> {
        let entry = self.entries(place.list).get(place.at);
        entry.map(|entry| &entry.key)
    }

    /// The keys of all series.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        let lists = [List::Counters, List::Gauges, List::Others, List::Calls].into_iter();
        lists.flat_map(|list| self.entries(list).all()).map(|(_, entry)| &entry.key)
    }

    pub(super) fn len(&self) -> usize {
        let Slots { counters, gauges, others, calls } = self;
        counters.len() + gauges.len() + others.len() + calls.len()
    }

    /// How many of them lack cells.
    pub(super) fn without_cells(&self) -> usize {
        // As a rule there is nothing to be looked for.
        if !cells::have_run_out() {
            return 0;
        }
        let counters = self.counters.held.iter().filter(|counter| counter.lacks_cells());
        let others = self.others.held.iter().flatten().filter(|held| held.lacks_cells());
        counters.count() + others.count()
    }

    /// The values of all but calls as they are now, by place.
    pub(super) fn columns(&self) -> Columns {
        Columns {
            counters: totals(&self.counters.held),
            gauges: self.gauges.held.iter().map(Gauge::value).collect(),
            others: self.others.held.iter().map(|held| held.as_ref()?.value()).collect(),
        }
    }

    /// The directory of all series after so many registrations.
    pub(super) fn directory(&self, earlier: &Order, registrations: u64) -> Directory {
        let Slots { counters, gauges, others, calls: _ } = self;
        let [counters, gauges, others] = [&counters.entries, &gauges.entries, &others.entries];
        let lists = [counters.clone(), gauges.clone(), others.clone()];
        Directory::new(earlier, lists, registrations)
    }

    /// Lets every handle know that no registry shows it any more.
    pub(super) fn let_go(&self) {
        let Slots { counters, gauges, others, calls: _ } = self;
        counters.held.iter().for_each(|counter| counter.set_registered(false));
        gauges.held.iter().for_each(|gauge| gauge.set_registered(false));
        others.held.iter().flatten().for_each(|held| held.set_registered(false));
    }

    fn entries(&self, list: List) -> &Entries {
        match list {
            List::Counters => &self.counters.entries,
            List::Gauges => &self.gauges.entries,
            List::Others => &self.others.entries,
            List::Calls => &self.calls.entries,
        }
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { entries: Entries::default(), held: Vec::new(), free: BTreeSet::new() }
    }
}

impl<T> Slab<T> {
    fn insert(&mut self, entry: Entry, held: T) -> u32 {
        let at = self.free.pop_first().unwrap_or(self.held.len() as u32);
        self.entries.put(at, entry);
        match self.held.get_mut(at as usize) {
            Some(free) => *free = held,
            None => self.held.push(held),
        }
        at
    }

    fn remove(&mut self, at: u32, nothing: T) -> Option<T> {
        self.entries.remove(at);
        let held = mem::replace(self.held.get_mut(at as usize)?, nothing);
        self.free.insert(at);
        self.cut();
        Some(held)
    }

    /// Cuts off the places behind the last series.
    fn cut(&mut self) {
        while self.free.last().is_some_and(|last| *last as usize + 1 == self.held.len()) {
            self.free.pop_last();
            self.held.pop();
        }
        self.entries.truncate(self.held.len());
        // At a quarter, so that where series come and go not each of them moves the list.
        if self.held.len() < self.held.capacity() / 4 {
            self.held.shrink_to(self.held.len() * 2);
        }
    }

    fn len(&self) -> usize {
        self.held.len() - self.free.len()
    }
}
