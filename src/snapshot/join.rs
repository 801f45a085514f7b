//! Two sorted lists walked side by side.

use std::cmp::Ordering;
use std::iter;

/// What stands at one place of two lists.
pub(super) enum Place<T> {
    /// Only the one list has it.
    Own(T),
    /// Only the other one has it.
    Other(T),
    /// Both have it.
    Both(T, T),
}

/// The places of two lists, each of which is sorted by `order` and has nothing twice.
pub(super) fn join<T>(
    own: impl IntoIterator<Item = T>,
    other: impl IntoIterator<Item = T>,
    order: impl Fn(&T, &T) -> Ordering,
) -> impl Iterator<Item = Place<T>> {
    let (mut own, mut other) = (own.into_iter().peekable(), other.into_iter().peekable());
    iter::from_fn(move || {
        let next = match (own.peek(), other.peek()) {
            (Some(one), Some(other)) => order(one, other),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match next {
            Ordering::Less => own.next().map(Place::Own),
            Ordering::Greater => other.next().map(Place::Other),
            Ordering::Equal => {
                own.next().zip(other.next()).map(|(own, other)| Place::Both(own, other))
            }
        }
    })
}

impl<T> Place<T> {
    /// What the one list has or else the other, of things that are never in both.
    pub(super) fn either(self) -> T {
        match self {
            Place::Own(it) | Place::Other(it) | Place::Both(it, _) => it,
        }
    }
}
