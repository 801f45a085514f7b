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
            let mut bytes = Vec::with_capacity(length);
            values.for_each(|value| {
                bytes.extend(head(value.len()));
                bytes.extend(value.bytes());
            });
            return Values::Shared(bytes.into());
        }
        let mut bytes = [0; INLINE];
        let all = values.flat_map(|value| head(value.len()).chain(value.bytes()));
        bytes.iter_mut().zip(all).for_each(|(to, byte)| *to = byte);
        Values::Inline(bytes)
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

/// A length: in one byte, or the lower part marked and the upper part behind it.
fn head(length: usize) -> impl ExactSizeIterator<Item = u8> {
    let bytes = match length < LONG {
        true => [length as u8, 0],
        false => [(length % LONG + LONG) as u8, (length / LONG) as u8],
    };
    bytes.into_iter().take(if length < LONG { 1 } else { 2 })
}
