//! A dense slab of series, which a collection reads from end to end.

use crate::metric::List;
use crate::snapshot::{Entries, Entry};
use std::collections::BTreeSet;

/// Series of one sort. The number of one that is gone holds nothing, and is given to the next; the last number always
/// holds one. So a slab is as long as the number of its last series says, and no longer.
#[derive(Debug, Default)]
pub(super) struct Slab<L> {
    pub(super) entries: Entries,
    pub(super) held: L,
    /// The lowest is given out first, so that the end of the slab gets free.
    free: BTreeSet<u32>,
}

impl<L: List> Slab<L> {
    #[inline]
    pub(super) fn get(&self, at: u32) -> Option<L::Item> {
        self.held.nth(at as usize)
    }

    pub(super) fn insert(&mut self, entry: Entry, held: L::Item) -> u32 {
        let free = self.free.pop_first();
        let at = free.unwrap_or(self.held.len() as u32);
        self.entries.put(at, entry);
        match free {
            Some(at) => drop(self.held.replace(at as usize, held)),
            None => self.held.push(held),
        }
        at
    }

    pub(super) fn remove(&mut self, at: u32, nothing: L::Item) -> Option<L::Item> {
        self.entries.remove(at);
        let held = self.held.replace(at as usize, nothing)?;
        self.free.insert(at);
        self.cut();
        Some(held)
    }

    /// Cuts off the numbers behind the last series.
    fn cut(&mut self) {
        let mut len = self.held.len();
        while self.free.last().is_some_and(|last| *last as usize + 1 == len) {
            self.free.pop_last();
            len -= 1;
        }
        self.held.truncate(len);
        self.entries.truncate(len);
        // At a quarter, so that where series come and go not each of them moves the slab.
        if len < self.held.capacity() / 4 {
            self.held.shrink_to(len * 2);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.held.len() - self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Key;

    #[test]
    fn the_lowest_free_number_is_given_out_first() {
        let mut slab: Slab<Vec<u32>> = Slab::default();
        let entry = || Entry { key: Key::new("rows", &[]).unwrap(), registration: 1 };
        (0..5).for_each(|held| assert_eq!(slab.insert(entry(), held), held));
        assert_eq!([1, 3, 2].map(|number| slab.remove(number, 0)), [1, 3, 2].map(Some));
        assert_eq!([1, 2, 3, 5].map(|held| slab.insert(entry(), held)), [1, 2, 3, 5]);
    }
}
