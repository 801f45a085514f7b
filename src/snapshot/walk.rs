//! A walk through the series of a snapshot, in the order of their keys.

use super::directory::{Directory, Position};
use super::series::SeriesSnapshot;

/// Where a series of a snapshot is found.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// Listed in the directory.
    Listed(Position),
    /// This number of those beside it.
    Beside(usize),
}

/// Walks through a directory, and what lies sorted beside it.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    directory: &'a Directory,
    beside: &'a [SeriesSnapshot],
    /// How many of the two are behind.
    behind: (usize, usize),
    /// How many of the directory come before the next one beside it, once that is known.
    until: Option<usize>,
}

impl<'a> Walk<'a> {
    /// Those that are left when so many of the two are behind.
    pub(super) fn new(
        directory: &'a Directory,
        beside: &'a [SeriesSnapshot],
        behind: (usize, usize),
    ) -> Walk<'a> {
        Walk { directory, beside, behind, until: None }
    }

    #[inline]
    fn until(&mut self) -> usize {
        match self.until {
            Some(until) => until,
            None => self.find_until(),
        }
    }

    #[cold]
    fn find_until(&mut self) -> usize {
        let until = match self.beside.get(self.behind.1) {
            Some(next) => self.directory.before(|key| key.cmp(&next.key)),
            None => self.directory.len(),
        };
        self.until = Some(until);
        until
    }
}

impl Iterator for Walk<'_> {
    type Item = At;

    #[inline]
    fn next(&mut self) -> Option<At> {
        let (listed, beside) = self.behind;
        if listed < self.until() {
            self.behind.0 += 1;
            return self.directory.position(listed).map(At::Listed);
        }
        (beside < self.beside.len()).then(|| {
            (self.behind.1, self.until) = (beside + 1, None);
            At::Beside(beside)
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (listed, beside) = self.behind;
        let left = self.directory.len() - listed + self.beside.len() - beside;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Walk<'_> {}
