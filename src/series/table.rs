//! The slots of the series that share a name, found by their labels.

use super::held::Held;
use super::slots::{Slot, Slots};
use crate::metric::{Key, KeyRef};
use hashbrown::HashTable;

/// Slots by hashes. The keys lie where the slots say, and are compared in full.
#[derive(Debug, Default)]
pub(super) struct Table {
    hashed: HashTable<Hashed>,
}

/// Where a series is held, with the hash of its labels: so no key is looked at when the table grows.
#[derive(Debug)]
struct Hashed {
    hash: u32,
    slot: Slot,
}

impl Hashed {
    fn is_of(&self, key: &KeyRef<'_>, slots: &Slots) -> bool {
        self.hash == key.hash()
            && slots.key(self.slot).is_some_and(|stored| key.has_labels_of(stored))
    }

    fn spread(&self) -> u64 {
        spread(self.hash)
    }
}

/// What the table takes the place from in its lower bits, and seven more bits in its upper ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Table {
    #[inline]
    pub(super) fn find(&self, key: &KeyRef<'_>, slots: &Slots) -> Option<Slot> {
        let found = self.hashed.find(spread(key.hash()), |one| one.is_of(key, slots));
        found.map(|one| one.slot)
    }

    /// Adds the slot of a series whose labels have this hash, and which is not there.
    pub(super) fn insert(&mut self, hash: u32, slot: Slot) {
        self.hashed.insert_unique(spread(hash), Hashed { hash, slot }, Hashed::spread);
    }

    pub(super) fn remove(&mut self, key: &KeyRef<'_>, slots: &mut Slots) -> Option<Held> {
        let is_it = |one: &Hashed| one.is_of(key, slots);
        let found = self.hashed.find_entry(spread(key.hash()), is_it).ok()?;
        let held = slots.remove(found.remove().0.slot);
        self.shrink();
        held
    }

    /// Takes out those that are `wanted`, and hands over what was held of each.
    pub(super) fn remove_all(
        &mut self,
        slots: &mut Slots,
        wanted: impl Fn(&Key) -> bool,
        mut taken: impl FnMut(Held),
    ) {
        self.hashed.retain(|one| {
            let goes = slots.key(one.slot).is_some_and(&wanted);
            if goes {
                slots.remove(one.slot).into_iter().for_each(&mut taken);
            }
            !goes
        });
        self.shrink();
    }

    /// Gives memory back once most of it is unused.
    fn shrink(&mut self) {
        if self.hashed.len() < self.hashed.capacity() / 4 {
            self.hashed.shrink_to(self.hashed.len() * 2, Hashed::spread);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.hashed.len()
    }
}
