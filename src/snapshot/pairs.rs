//! The series of a snapshot, each with what it was in an earlier one.

use super::columns::{AllSeries, Iter};
use super::places::{At, Places};
use super::series::SeriesRef;
use crate::metric::Key;
use std::iter::Peekable;

/// Walks through the series of a snapshot, each with what it was in an earlier one, if it was there.
pub(super) struct Pairs<'a> {
    earlier: &'a AllSeries,
    now: &'a AllSeries,
    places: Places<'a>,
    /// What of the earlier ones is not behind, where they are not at the same places.
    rest: Peekable<Iter<'a>>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(earlier: &'a AllSeries, now: &'a AllSeries) -> Pairs<'a> {
        Pairs { earlier, now, places: now.places(), rest: earlier.iter().peekable() }
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
        let at = self.places.next()?;
        let now = self.now.get(at)?;
        Some((self.before(at, now.key), now))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl ExactSizeIterator for Pairs<'_> {}
