//! `ByHash`: numbers found by a hash, from any thread without a lock.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Numbers by the hashes of what they stand for. Whoever looks writes nothing that others read; one at a time adds.
///
/// A table is a power of two of slots, of which at most three quarters are taken. One that gets too small is kept, for
/// somebody may be reading it, and the next one is twice as large: so all together are less than twice the last one.
pub(super) struct ByHash {
    tables: [OnceLock<Box<[Slot]>>; TABLES],
    /// Which of them is the last.
    last: AtomicU32,
    /// How many slots of that are taken.
    taken: AtomicU32,
}

/// 0, or the upper half of the hash and, in the lower half, the number and one.
type Slot = AtomicU64;

/// How many slots the first table has.
const FIRST: usize = 16;
const TABLES: usize = 26;

impl ByHash {
    pub(super) fn new() -> ByHash {
        let tables = [const { OnceLock::new() }; TABLES];
        ByHash { tables, last: AtomicU32::new(0), taken: AtomicU32::new(0) }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.taken.load(Ordering::Relaxed) as usize
    }

    /// What `look` finds at one of the numbers with this hash.
    #[inline]
    pub(super) fn find<T>(&self, hash: u64, look: impl Fn(u32) -> Option<T>) -> Option<T> {
        let table = self.table()?;
        let mut at = first(table, hash);
        loop {
            // Acquire: who finds a number finds what it stands for.
            let word = table.get(at)?.load(Ordering::Acquire);
            // There always is such a slot.
            if word == 0 {
                return None;
            }
            let number = (word as u32).wrapping_sub(1);
            if word >> 32 == hash >> 32
                && let Some(found) = look(number)
            {
                return Some(found);
            }
            at = next(table, at);
        }
    }

    /// Adds a number that is not there, or puts it in the place of `old`, which has the same hash. One at a time.
    /// False if there is no room.
    pub(super) fn put(&self, hash: u64, number: u32, old: Option<u32>) -> bool {
        let is_old = |word: u64| old.is_some_and(|old| word == word_of(hash, old));
        if self.table().is_none_or(|table| self.len() >= most(table)) && !self.grow() {
            return false;
        }
        let Some(table) = self.table() else { return false };
        let Some(slot) = seek(table, hash, |word| word == 0 || is_old(word)) else { return false };
        if slot.load(Ordering::Relaxed) == 0 {
            self.taken.fetch_add(1, Ordering::Relaxed);
        }
        slot.store(word_of(hash, number), Ordering::Release);
        true
    }

    #[inline]
    fn table(&self) -> Option<&[Slot]> {
        self.tables.get(self.last.load(Ordering::Acquire) as usize)?.get().map(|table| &**table)
    }

    /// Makes the next table, with all that is in the last one. False if there are no more.
    fn grow(&self) -> bool {
        let Some(last) = self.table() else {
            return self.tables[0].set(empty(FIRST)).is_ok();
        };
        let next = self.last.load(Ordering::Relaxed) + 1;
        let Some(place) = self.tables.get(next as usize) else { return false };
        let table = empty(2 * last.len());
        for word in last.iter().map(|slot| slot.load(Ordering::Relaxed)).filter(|word| *word != 0) {
            let free = seek(&table, word, |word| word == 0);
            free.into_iter().for_each(|slot| slot.store(word, Ordering::Relaxed));
        }
        let is_new = place.set(table).is_ok();
        self.last.store(next, Ordering::Release);
        is_new
    }
}

fn word_of(hash: u64, number: u32) -> u64 {
    hash >> 32 << 32 | (u64::from(number) + 1)
}

/// How many slots of a table are taken at most.
fn most(table: &[Slot]) -> usize {
    table.len() / 4 * 3
}

fn empty(slots: usize) -> Box<[Slot]> {
    (0..slots).map(|_| Slot::new(0)).collect()
}

/// Where something with this hash is, if nothing else is there. Only the upper half of the hash says it, since only that
/// is kept.
#[inline]
fn first(table: &[Slot], hash: u64) -> usize {
    (hash >> 32) as usize & (table.len() - 1)
}

/// Where it is if something else is here.
#[inline]
fn next(table: &[Slot], at: usize) -> usize {
    (at + 1) & (table.len() - 1)
}

/// The first slot, from where something with this hash may be, of whose word `is_it` holds: there must be one.
fn seek(table: &[Slot], hash: u64, is_it: impl Fn(u64) -> bool) -> Option<&Slot> {
    let mut at = first(table, hash);
    while !is_it(table.get(at)?.load(Ordering::Relaxed)) {
        at = next(table, at);
    }
    table.get(at)
}

impl fmt::Debug for ByHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByHash").field("taken", &self.taken).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    /// A hash whose upper half is spread, or, every eighth, the same as another's.
    fn hash(n: u32) -> u64 {
        u64::from(n / 8).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn find(by_hash: &ByHash, n: u32) -> Option<u32> {
        by_hash.find(hash(n), |number| (number == n).then_some(n))
    }

    #[test]
    fn what_was_put_is_found_and_nothing_else() {
        let by_hash = ByHash::new();
        assert_eq!(find(&by_hash, 0), None);
        for n in 0..5_000 {
            assert!(by_hash.put(hash(n), n, None));
            assert_eq!((find(&by_hash, n), find(&by_hash, n + 1)), (Some(n), None));
        }
        assert!((0..5_000).all(|n| find(&by_hash, n) == Some(n)));
        assert_eq!(by_hash.len(), 5_000);
    }

    #[test]
    fn what_takes_the_place_of_another_takes_no_more_room() {
        let by_hash = ByHash::new();
        (0..100).for_each(|n| assert!(by_hash.put(hash(n), n, None)));
        assert!(by_hash.put(hash(50), 1_000, Some(50)));
        assert_eq!((find(&by_hash, 50), find(&by_hash, 51)), (None, Some(51)));
        assert_eq!(
            by_hash.find(hash(50), |number| (number == 1_000).then_some(number)),
            Some(1_000)
        );
        assert_eq!(by_hash.len(), 100);
    }

    #[test]
    fn who_looks_while_another_one_adds_finds_whatever_was_added_before() {
        let (by_hash, added) = (ByHash::new(), AtomicU32::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0..20_000 {
                    by_hash.put(hash(n), n, None);
                    added.store(n + 1, Ordering::Release);
                }
            });
            loop {
                let there = added.load(Ordering::Acquire);
                let some = (there.saturating_sub(50)..there).chain(0..there.min(50));
                some.for_each(|n| assert_eq!(find(&by_hash, n), Some(n)));
                if there == 20_000 {
                    break;
                }
            }
        });
    }
}
