//! The labels of a key, one after the other.

use super::shape::Shape;
use super::values::{Values, first};
use std::str;

/// Walks through the labels of a key.
pub(super) struct Labels<'a> {
    shape: &'a Shape,
    next: usize,
    values: &'a [u8],
}

impl<'a> Labels<'a> {
    pub(super) fn new(shape: &'a Shape, values: &'a Values) -> Labels<'a> {
        Labels { shape, next: 0, values: values.bytes() }
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        if self.next == self.shape.labels() {
            return None;
        }
        let (value, rest) = first(self.values);
        let label = self.shape.label(self.next);
        (self.next, self.values) = (self.next + 1, rest);
        // Cannot fail: it was a text when it was put there.
        Some((label, str::from_utf8(value).expect("a value is a text")))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.shape.labels() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Labels<'_> {}
