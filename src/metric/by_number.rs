//! `ByNumber`: what is held of series, by number.

use std::mem;

/// What is held of series, by number.
pub(crate) trait ByNumber {
    type Held;

    fn len(&self) -> usize;

    fn nth(&self, at: usize) -> Option<Self::Held>;

    fn push(&mut self, held: Self::Held);

    /// Puts something in the place of what is there, and hands that over.
    fn replace(&mut self, at: usize, held: Self::Held) -> Option<Self::Held>;

    fn truncate(&mut self, len: usize);

    fn capacity(&self) -> usize;

    fn shrink_to(&mut self, capacity: usize);
}

impl<T: Clone> ByNumber for Vec<T> {
    type Held = T;

    fn len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn nth(&self, at: usize) -> Option<T> {
        self.get(at).cloned()
    }

    fn push(&mut self, held: T) {
        self.push(held);
    }

    fn replace(&mut self, at: usize, held: T) -> Option<T> {
        Some(mem::replace(self.get_mut(at)?, held))
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
