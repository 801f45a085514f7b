//! What is registered, in dense slabs that a collection reads from end to end.

use super::held::Held;
use super::slab::Slab;
use crate::cells;
use crate::metric::{Counter, CounterList, Gauge, Key};
use crate::sampler::CallId;
use crate::snapshot::{Columns, Directory, Entries, Entry, Order};

/// Everything that is registered, by slot: while a series is there, its slot is its own.
#[derive(Debug, Default)]
pub(super) struct Slots {
    counters: Slab<CounterList>,
    gauges: Slab<Vec<Gauge>>,
    others: Slab<Vec<Option<Held>>>,
    /// Apart, for they must be asked: a directory shows none.
    calls: Slab<Vec<Option<CallId>>>,
}

/// Where a series is held: in which slab, which the last two bits say, and at which number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot(u32);

/// Where a series is held, by slab.
#[derive(Clone, Copy)]
enum Place {
    Counter(u32),
    Gauge(u32),
    /// A histogram, a meter or a timer.
    Other(u32),
    Call(u32),
}

impl Slot {
    // No slab gets as long as two to the power of 30: a process has fewer cells, and no memory for the rest.
    fn of(place: Place) -> Slot {
        let (at, slab) = match place {
            Place::Counter(at) => (at, 0),
            Place::Gauge(at) => (at, 1),
            Place::Other(at) => (at, 2),
            Place::Call(at) => (at, 3),
        };
        Slot(at << 2 | slab)
    }

    #[inline]
    fn place(self) -> Place {
        let at = self.0 >> 2;
        match self.0 & 3 {
            0 => Place::Counter(at),
            1 => Place::Gauge(at),
            2 => Place::Other(at),
            _ => Place::Call(at),
        }
    }
}

impl Slots {
    pub(super) fn insert(&mut self, entry: Entry, held: Held) -> Slot {
        Slot::of(match held {
            Held::Counter(counter) => Place::Counter(self.counters.insert(entry, counter)),
            Held::Gauge(gauge) => Place::Gauge(self.gauges.insert(entry, gauge)),
            Held::Call(id) => Place::Call(self.calls.insert(entry, Some(id))),
            held => Place::Other(self.others.insert(entry, Some(held))),
        })
    }

    /// Takes a series out: nothing of it is held here any more.
    pub(super) fn remove(&mut self, slot: Slot) -> Option<Held> {
        match slot.place() {
            Place::Counter(at) => self.counters.remove(at, Counter::disabled()).map(Held::Counter),
            Place::Gauge(at) => self.gauges.remove(at, Gauge::disabled()).map(Held::Gauge),
            Place::Other(at) => self.others.remove(at, None).flatten(),
            Place::Call(at) => self.calls.remove(at, None).flatten().map(Held::Call),
        }
    }

    pub(super) fn held(&self, slot: Slot) -> Option<Held> {
        match slot.place() {
            Place::Counter(at) => self.counters.get(at).map(Held::Counter),
            Place::Gauge(at) => self.gauges.get(at).map(Held::Gauge),
            Place::Other(at) => self.others.get(at).flatten(),
            Place::Call(at) => self.calls.get(at).flatten().map(Held::Call),
        }
    }

    pub(super) fn key(&self, slot: Slot) -> Option<&Key> {
        let Slots { counters, gauges, others, calls } = self;
        let entry = match slot.place() {
            Place::Counter(at) => counters.entries.get(at),
            Place::Gauge(at) => gauges.entries.get(at),
            Place::Other(at) => others.entries.get(at),
            Place::Call(at) => calls.entries.get(at),
        };
        entry.map(|entry| &entry.key)
    }

    /// The keys of all series.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        let Slots { counters, gauges, others, calls } = self;
        let all = [&counters.entries, &gauges.entries, &others.entries, &calls.entries];
        all.into_iter().flat_map(Entries::all).map(|(_, entry)| &entry.key)
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
        let counters = self.counters.held.all().filter(Counter::lacks_cells);
        let others = self.others.held.iter().flatten().filter(|held| held.lacks_cells());
        counters.count() + others.count()
    }

    /// The values of all but calls as they are now, at the positions of a directory of this moment.
    pub(super) fn columns(&self) -> Columns {
        let other = |held: &Option<Held>| held.as_ref().and_then(Held::value);
        let others = self.others.held.iter().map(|held| other(held).unwrap_or(Columns::NOTHING));
        Columns {
            counters: self.counters.held.totals(),
            gauges: self.gauges.held.iter().map(Gauge::value).collect(),
            others: others.collect(),
        }
    }

    /// The directory of all but calls after so many registrations.
    pub(super) fn directory(&self, earlier: &Order, registrations: u64) -> Directory {
        let Slots { counters, gauges, others, calls: _ } = self;
        let columns = [&counters.entries, &gauges.entries, &others.entries];
        Directory::new(earlier, columns.map(Clone::clone), registrations)
    }

    /// Lets every handle know that no registry shows it any more.
    pub(super) fn let_go(&self) {
        let Slots { counters, gauges, others, calls: _ } = self;
        counters.held.all().for_each(|counter| counter.set_registered(false));
        gauges.held.iter().for_each(|gauge| gauge.set_registered(false));
        others.held.iter().flatten().for_each(|held| held.set_registered(false));
    }
}
