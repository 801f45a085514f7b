//! `KeyRef`: a key as a series is asked for by. It borrows its texts, and its labels are hashed once.

use super::key::{Key, KeyError, Shape, VALUE_BYTES_LIMIT, check};
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// A name and labels as they are given. Whether they are those of a key need not be known: if a [`Key`] has the same
/// ones, they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyRef<'a> {
    name: &'a str,
    /// Sorted.
    labels: &'a [(&'a str, &'a str)],
    hash_of_name: u64,
    hash: u32,
}

impl<'a> KeyRef<'a> {
    /// Of labels that are sorted.
    #[inline]
    pub(crate) fn new(
        hasher: &impl BuildHasher,
        name: &'a str,
        labels: &'a [(&'a str, &'a str)],
    ) -> KeyRef<'a> {
        let mut state = hasher.build_hasher();
        for (label, value) in labels {
            state.write(label.as_bytes());
            state.write(value.as_bytes());
        }
        KeyRef { name, labels, hash_of_name: hasher.hash_one(name), hash: state.finish() as u32 }
    }

    #[inline]
    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    pub(crate) fn labels(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> + use<'a> {
        self.labels.iter().copied()
    }

    /// As a map has it whose keys are names.
    #[inline]
    pub(crate) fn hash_of_name(&self) -> u64 {
        self.hash_of_name
    }

    /// That of its labels: the name is not in it.
    #[inline]
    pub(crate) fn hash(&self) -> u32 {
        self.hash
    }

    /// That a key can have this name and these labels.
    pub(crate) fn check(&self) -> Result<(), KeyError> {
        check(self.name, self.labels)
    }

    /// Whether its labels are those of a key, which has the same name.
    #[inline]
    pub(crate) fn has_labels_of(&self, key: &Key) -> bool {
        self.has_shape(key.shape()) && key.has_values(self.values())
    }

    /// Whether its labels have the names of this shape, which has the same name.
    #[inline]
    pub(crate) fn has_shape(&self, shape: &Shape) -> bool {
        let names = self.labels.iter().enumerate();
        self.labels.len() == shape.labels()
            && names.into_iter().all(|(at, (label, _))| shape.label(at) == *label)
    }

    /// Whether no value is longer than one of a key can be.
    pub(crate) fn has_short_values(&self) -> bool {
        self.labels.iter().all(|(_, value)| value.len() <= VALUE_BYTES_LIMIT)
    }

    /// The shape that it has: what [`check`](KeyRef::check) accepts has one.
    pub(crate) fn shape(&self) -> Arc<Shape> {
        Arc::new(Shape::new(self.name, self.labels.iter().map(|(label, _)| *label)))
    }

    /// The key, of a shape that it has, and with values that are short enough.
    pub(crate) fn key(&self, shape: Arc<Shape>) -> Key {
        Key::of(shape, self.values())
    }

    fn values(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.labels.iter().map(|(_, value)| *value)
    }
}
