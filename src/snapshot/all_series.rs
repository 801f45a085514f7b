//! The series of a snapshot: most listed in a directory, and some one by one.

use super::columns::Listed;
use super::directory::Directory;
use super::series::{SeriesRef, SeriesSnapshot};
use super::value::Value;
use super::walk::{At, Walk};
use crate::metric::Key;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Every series of a snapshot. None is both listed and beside.
#[derive(Clone, Default)]
pub(super) struct AllSeries {
    listed: Listed,
    /// What comes and goes: sorted by key.
    beside: Vec<SeriesSnapshot>,
}

/// The keys of a snapshot's series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    directory: Arc<Directory>,
    beside: Vec<Key>,
}

impl AllSeries {
    pub(super) fn new(series: Vec<SeriesSnapshot>) -> AllSeries {
        AllSeries { beside: series, ..AllSeries::default() }
    }

    pub(super) fn of(listed: Listed, beside: Vec<SeriesSnapshot>) -> AllSeries {
        AllSeries { listed, beside }
    }

    /// Puts what is not listed in order; of what is there twice the first stays.
    pub(super) fn sort(&mut self) {
        self.beside.sort_by(|one, other| one.key.cmp(&other.key));
        self.beside.dedup_by(|later, first| later.key == first.key);
    }

    /// Whether both list the same series at the same positions.
    pub(super) fn is_listed_as(&self, other: &AllSeries) -> bool {
        Arc::ptr_eq(self.listed.directory(), other.listed.directory())
    }

    pub(super) fn find(&self, key: &Key) -> Option<At> {
        let beside = || self.beside.binary_search_by(|series| series.key.cmp(key)).ok();
        let listed = self.listed.directory().find(key).map(At::Listed);
        listed.or_else(|| beside().map(At::Beside))
    }

    #[inline]
    pub(super) fn get(&self, at: At) -> Option<SeriesRef<'_>> {
        match at {
            At::Beside(at) => self.beside.get(at).map(SeriesSnapshot::shown),
            At::Listed(position) => self.listed.get(position),
        }
    }

    /// Gives the value of each series in the order of their keys. Where there are very many that is sooner
    /// done than by walking through the series, since nothing is put together for each.
    pub(super) fn values(&self, mut take: impl FnMut(&Value)) {
        for at in self.walk() {
            match at {
                At::Beside(at) => take(&self.beside[at].value),
                At::Listed(position) => self.listed.with_value(position, &mut take),
            }
        }
    }

    /// The value of a series, if it lies there as a whole: that of no counter or gauge must.
    pub(super) fn stored(&self, at: At) -> Option<&Value> {
        match at {
            At::Beside(at) => self.beside.get(at).map(|series| &series.value),
            At::Listed(position) => self.listed.stored(position),
        }
    }

    pub(super) fn keys(&self) -> Keys {
        let beside = self.beside.iter().map(|series| series.key.clone()).collect();
        Keys { directory: Arc::clone(self.listed.directory()), beside }
    }

    /// Whether these are its keys, as far as that is known without looking at each.
    pub(super) fn has_just(&self, keys: &Keys) -> bool {
        Arc::ptr_eq(self.listed.directory(), &keys.directory)
            && self.beside.iter().map(|series| &series.key).eq(&keys.beside)
    }

    pub(super) fn iter(&self) -> Iter<'_> {
        Iter { all: self, walk: self.walk() }
    }

    /// Where each series is found, in the order of their keys.
    pub(super) fn walk(&self) -> Walk<'_> {
        self.walk_from(|_| Ordering::Greater)
    }

    /// The series of `name`.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = SeriesRef<'a>> {
        let named = Iter { all: self, walk: self.walk_from(|key| key.name().cmp(name)) };
        named.take_while(move |series| series.key.name() == name)
    }

    /// Those from the first one on that is not less by this order.
    fn walk_from(&self, order: impl Fn(&Key) -> Ordering) -> Walk<'_> {
        let beside = self.beside.partition_point(|series| order(&series.key).is_lt());
        let listed = self.listed.directory().before(order);
        Walk::new(self.listed.directory(), &self.beside, (listed, beside))
    }
}

/// Walks through the series in the order of their keys.
#[derive(Clone)]
pub(super) struct Iter<'a> {
    all: &'a AllSeries,
    walk: Walk<'a>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = SeriesRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<SeriesRef<'a>> {
        self.walk.next().and_then(|at| self.all.get(at))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl PartialEq for AllSeries {
    fn eq(&self, other: &AllSeries) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for AllSeries {}

impl fmt::Debug for AllSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for AllSeries {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

/// What is read has no directory.
impl<'de> Deserialize<'de> for AllSeries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<AllSeries, D::Error> {
        Vec::deserialize(from).map(AllSeries::new)
    }
}
