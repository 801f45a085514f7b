//! Two sorted lists walked side by side.

use std::cmp::Ordering;
use std::iter;

/// Something of two lists: which of them has it.
pub(super) enum Joined<T> {
    /// Only the one list has it.
    Own(T),
    /// Only the other one has it.
    Other(T),
    /// Both have it.
    Both(T, T),
}

/// What is in two lists, each of which is sorted by `order` and has nothing twice.
pub(super) fn join<T>(
    own: impl IntoIterator<Item = T>,
    other: impl IntoIterator<Item = T>,
    order: impl Fn(&T, &T) -> Ordering,
) -> impl Iterator<Item = Joined<T>> {
    let (mut own, mut other) = (own.into_iter().peekable(), other.into_iter().peekable());
    iter::from_fn(move || {
        let next = match (own.peek(), other.peek()) {
            (Some(one), Some(other)) => order(one, other),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match next {
            Ordering::Less => own.next().map(Joined::Own),
            Ordering::Greater => other.next().map(Joined::Other),
            Ordering::Equal => {
                own.next().zip(other.next()).map(|(own, other)| Joined::Both(own, other))
            }
        }
    })
}

impl<T> Joined<T> {
    /// What the one list has or else the other, of things that are never in both.
    pub(super) fn either(self) -> T {
        match self {
            Joined::Own(it) | Joined::Other(it) | Joined::Both(it, _) => it,
        }
    }
}
