//! The series that share a name: all of one kind, within a limit.

use super::details::Known;
use super::held::Held;
use super::rules::OVERFLOW;
use super::slots::{Slot, Slots};
use crate::metric::{Key, MetricKind, Shape};
use crate::snapshot::Entry;
use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// How many shapes of keys are kept to be shared.
const SHAPES: usize = 8;

/// The series that share a name.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) kind: MetricKind,
    pub(super) known: Known,
    /// Those that were asked for, up to the limit.
    pub(super) series: Table,
    /// Those that take what goes beyond.
    overflow: Table,
    /// The newest shapes of keys.
    shapes: Vec<Arc<Shape>>,
}

/// The slots of series, found by their whole keys.
#[derive(Debug, Default)]
pub(super) struct Table {
    // Numbers only: the keys lie where the slots say.
    table: HashTable<Slot>,
    hasher: RandomState,
}

impl Family {
    pub(super) fn new(kind: MetricKind, known: Known) -> Family {
        let (series, overflow, shapes) = <_>::default();
        Family { kind, known, series, overflow, shapes }
    }

    /// Adds the series of `key`, which is not there: the number of its registration, and what is held of it.
    pub(super) fn insert(&mut self, key: &Key, slots: &mut Slots, new: (u64, Held)) -> Held {
        let entry = Entry { key: self.shared(key), registration: new.0 };
        self.series.insert(entry, slots, new.1)
    }

    /// The series that takes the place of one beyond the limit, or where it belongs: that of the scope, as
    /// long as there are not too many of these, or that of the name.
    pub(super) fn overflow(
        &mut self,
        name: &str,
        scope: &[(&str, &str)],
        limit: usize,
        slots: &mut Slots,
        new: impl FnOnce() -> (u64, Held),
    ) -> Held {
        let has = |key: &Key| self.overflow.find(key, slots).is_some();
        let of_scope =
            overflow_key(name, scope).filter(|key| self.overflow.len() < limit || has(key));
        // Cannot fail: the name was checked, and the label is well-formed.
        let key = of_scope.or_else(|| overflow_key(name, &[])).expect("the overflow key is a key");
        match self.overflow.find(&key, slots).and_then(|slot| slots.held(slot)) {
            Some(held) => held,
            None => {
                let (registration, held) = new();
                self.overflow.insert(Entry { key, registration }, slots, held)
            }
        }
    }

    /// Takes out the series that are `wanted`, and hands over what was held of each.
    pub(super) fn remove(
        &mut self,
        slots: &mut Slots,
        wanted: impl Fn(&Key) -> bool,
        mut taken: impl FnMut(Held),
    ) {
        for table in [&mut self.series, &mut self.overflow] {
            table.table.retain(|slot| {
                let goes = slots.key(*slot).is_some_and(&wanted);
                if goes {
                    slots.remove(*slot).into_iter().for_each(&mut taken);
                }
                !goes
            });
            table.shrink(slots);
        }
    }

    /// Takes out the series of this key, and hands over what was held of it.
    pub(super) fn remove_key(&mut self, slots: &mut Slots, key: &Key) -> Option<Held> {
        let tables = [&mut self.series, &mut self.overflow];
        tables.into_iter().find_map(|table| table.remove(key, slots))
    }

    /// The key, with a shape that it has in common with others.
    fn shared(&mut self, key: &Key) -> Key {
        if let Some(shape) = self.shapes.iter().find(|shape| *shape == key.shape()) {
            return key.sharing(shape);
        }
        self.shapes.truncate(SHAPES - 1);
        self.shapes.insert(0, Arc::clone(key.shape()));
        key.clone()
    }

    pub(super) fn len(&self) -> usize {
        self.series.len() + self.overflow.len()
    }
}

impl Table {
    pub(super) fn find(&self, key: &Key, slots: &Slots) -> Option<Slot> {
        let is_it = |slot: &Slot| slots.key(*slot) == Some(key);
        self.table.find(hash(&self.hasher, Some(key)), is_it).copied()
    }

    fn insert(&mut self, entry: Entry, slots: &mut Slots, held: Held) -> Held {
        let slot = slots.insert(entry, held.clone());
        let Table { table, hasher } = self;
        let hash = |slot: &Slot| hash(hasher, slots.key(*slot));
        table.insert_unique(hash(&slot), slot, hash);
        held
    }

    pub(super) fn remove(&mut self, key: &Key, slots: &mut Slots) -> Option<Held> {
        let is_it = |slot: &Slot| slots.key(*slot) == Some(key);
        let found = self.table.find_entry(hash(&self.hasher, Some(key)), is_it).ok()?;
        let held = slots.remove(found.remove().0);
        self.shrink(slots);
        held
    }

    /// Gives memory back once most of it is unused.
    fn shrink(&mut self, slots: &Slots) {
        let Table { table, hasher } = self;
        if table.len() < table.capacity() / 4 {
            table.shrink_to(table.len() * 2, |slot| hash(hasher, slots.key(*slot)));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }
}

fn hash(hasher: &RandomState, key: Option<&Key>) -> u64 {
    hasher.hash_one(key)
}

/// The key of a series that takes what goes beyond the limit of a name, of a scope with these labels.
fn overflow_key(name: &str, scope: &[(&str, &str)]) -> Option<Key> {
    Key::new(name, &[scope, &[OVERFLOW]].concat()).ok()
}
