//! `List`: what is held of series, by number.

use std::mem;

/// A `Vec`, or, for counters, two in parallel.
pub(crate) trait List {
    type Item;

    fn len(&self) -> usize;

    fn nth(&self, at: usize) -> Option<Self::Item>;

    fn push(&mut self, item: Self::Item);

    /// Puts something in the place of what is there, and hands that over.
    fn replace(&mut self, at: usize, item: Self::Item) -> Option<Self::Item>;

    fn truncate(&mut self, len: usize);

    fn capacity(&self) -> usize;

    fn shrink_to(&mut self, capacity: usize);
}

impl<T: Clone> List for Vec<T> {
    type Item = T;

    fn len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn nth(&self, at: usize) -> Option<T> {
        self.get(at).cloned()
    }

    fn push(&mut self, item: T) {
        self.push(item);
    }

    fn replace(&mut self, at: usize, item: T) -> Option<T> {
        Some(mem::replace(self.get_mut(at)?, item))
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }

    fn capacity(&self) -> usize {
        self.capacity()
    }

    fn shrink_to(&mut self, capacity: usize) {
        self.shrink_to(capacity);
    }
}
