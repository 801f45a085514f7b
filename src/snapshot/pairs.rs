//! The series of a snapshot, each with what it was in an earlier one.

use super::all_series::{AllSeries, Iter};
use super::series::SeriesRef;
use super::walk::{At, Walk};
use crate::metric::Key;
use std::iter::Peekable;

/// Walks through the series of a snapshot, each with what it was in an earlier one, if it was there.
pub(super) struct Pairs<'a> {
    earlier: &'a AllSeries,
    now: &'a AllSeries,
    walk: Walk<'a>,
    /// What of the earlier ones is not behind, where they are not at the same positions.
    rest: Peekable<Iter<'a>>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(earlier: &'a AllSeries, now: &'a AllSeries) -> Pairs<'a> {
        Pairs { earlier, now, walk: now.walk(), rest: earlier.iter().peekable() }
    }

    fn before(&mut self, at: At, key: &Key) -> Option<SeriesRef<'a>> {
        match (self.now.is_listed_as(self.earlier), at) {
            (true, At::Listed(_)) => self.earlier.get(at),
            (true, At::Beside(_)) => self.earlier.get(self.earlier.find(key)?),
            (false, _) => {
                while self.rest.next_if(|before| before.key < key).is_some() {}
                self.rest.next_if(|before| before.key == key)
            }
        }
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Option<SeriesRef<'a>>, SeriesRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.walk.next()?;
        let now = self.now.get(at)?;
        Some((self.before(at, now.key), now))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }
}

impl ExactSizeIterator for Pairs<'_> {}
