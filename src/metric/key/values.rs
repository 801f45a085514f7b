//! The values of a key's labels, each behind its length; short ones lie in the key itself.

use std::cmp::Ordering;
use std::sync::Arc;

/// How many bytes lie in the key. With the mark of which it is that makes three words.
const INLINE: usize = 23;

/// The lengths from which on two bytes are needed.
const LONG: usize = 128;

/// The values of a key's labels; how many there are is not among it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Values {
    /// What fits, filled up with zeros. What fits is never shared, so that equal ones are alike.
    Inline([u8; INLINE]),
    Shared(Arc<[u8]>),
}

impl Values {
    /// Of values that have been checked: each is shorter than 16 KiB.
    pub(super) fn new<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Values {
        let length: usize = values.clone().map(|value| value.len() + head(value.len()).len()).sum();
        if length > INLINE {
            let mut bytes = vec![0; length];
            write(values, &mut bytes);
            return Values::Shared(bytes.into());
        }
        let mut bytes = [0; INLINE];
        write(values, &mut bytes);
        Values::Inline(bytes)
    }

    /// Whether they are these, of which there are as many.
    #[inline]
    pub(super) fn are<'a>(&self, mut values: impl Iterator<Item = &'a str>) -> bool {
        let mut own = self.bytes();
        values.all(|value| {
            let one;
            (one, own) = first(own);
            one == value.as_bytes()
        })
    }

    /// The bytes that [`first`] takes apart.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Values::Inline(bytes) => bytes,
            Values::Shared(bytes) => bytes,
        }
    }

    /// The order of the first `count` values of each.
    pub(super) fn cmp(&self, other: &Values, count: usize) -> Ordering {
        let (mut own, mut others) = (self.bytes(), other.bytes());
        for _ in 0..count {
            let (one, another);
            ((one, own), (another, others)) = (first(own), first(others));
            if one != another {
                return one.cmp(another);
            }
        }
        Ordering::Equal
    }
}

/// The first value, and what stands behind it.
pub(super) fn first(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes {
        [low, high, rest @ ..] if usize::from(*low) >= LONG => {
            rest.split_at(usize::from(*low) - LONG + usize::from(*high) * LONG)
        }
        [length, rest @ ..] => rest.split_at(usize::from(*length)),
        [] => (bytes, bytes),
    }
}

/// Writes values where there is room for them.
fn write<'a>(values: impl Iterator<Item = &'a str>, mut to: &mut [u8]) {
    for value in values {
        for byte in head(value.len()) {
            to[0] = byte;
            to = &mut to[1..];
        }
        let (here, rest) = to.split_at_mut(value.len());
        here.copy_from_slice(value.as_bytes());
        to = rest;
    }
}

/// A length: in one byte, or the lower part marked and the upper part behind it.
fn head(length: usize) -> impl ExactSizeIterator<Item = u8> {
    let bytes = match length < LONG {
        true => [length as u8, 0],
        false => [(length % LONG + LONG) as u8, (length / LONG) as u8],
    };
    bytes.into_iter().take(if length < LONG { 1 } else { 2 })
}
