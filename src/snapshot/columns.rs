//! The series of a snapshot: most as columns of values beside a directory, and some one by one.

use super::directory::{Directory, List, Place};
use super::places::{At, Places};
use super::series::{SeriesRef, SeriesSnapshot};
use super::value::Value;
use crate::metric::Key;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The values of a registry's series, by the places that its directory gives them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    pub(crate) counters: Vec<u64>,
    pub(crate) gauges: Vec<f64>,
    pub(crate) others: Vec<Option<Value>>,
}

/// Every series of a snapshot. None is both in the directory and beside it.
#[derive(Clone, Default)]
pub(super) struct AllSeries {
    directory: Arc<Directory>,
    columns: Columns,
    /// What comes and goes: sorted by key.
    beside: Vec<SeriesSnapshot>,
}

/// The keys of a snapshot's series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    directory: Arc<Directory>,
    beside: Vec<Arc<Key>>,
}

impl AllSeries {
    pub(super) fn new(series: Vec<SeriesSnapshot>) -> AllSeries {
        AllSeries { beside: series, ..AllSeries::default() }
    }

    /// With what the directory lists.
    pub(super) fn listing(
        directory: Arc<Directory>,
        columns: Columns,
        beside: Vec<SeriesSnapshot>,
    ) -> AllSeries {
        AllSeries { directory, columns, beside }
    }

    /// Puts what is beside the directory in order; of what is there twice the first stays.
    pub(super) fn sort(&mut self) {
        self.beside.sort_by(|one, other| one.key.cmp(&other.key));
        self.beside.dedup_by(|later, first| later.key == first.key);
    }

    /// Whether both list the same series at the same places.
    pub(super) fn is_listed_as(&self, other: &AllSeries) -> bool {
        Arc::ptr_eq(&self.directory, &other.directory)
    }

    pub(super) fn find(&self, key: &Key) -> Option<At> {
        let beside = || self.beside.binary_search_by(|series| (*series.key).cmp(key)).ok();
        let listed = self.directory.find(key).map(At::Listed);
        listed.or_else(|| beside().map(At::Beside))
    }

    #[inline]
    pub(super) fn get(&self, at: At) -> Option<SeriesRef<'_>> {
        match at {
            At::Beside(at) => self.beside.get(at).map(SeriesSnapshot::shown),
            At::Listed(place) => {
                let entry = self.directory.entry(place)?;
                let (value, registration) = (self.columns.get(place)?, entry.registration);
                Some(SeriesRef {
                    key: &entry.key,
                    value,
                    registration,
                    registered: &[],
                    origin: None,
                })
            }
        }
    }

    /// Gives the value of each series in the order of their keys. Where there are very many that is sooner
    /// done than by walking through the series, since nothing is put together for each.
    pub(super) fn values(&self, mut take: impl FnMut(&Value)) {
        for at in self.places() {
            match at {
                At::Beside(at) => take(&self.beside[at].value),
                At::Listed(place) => self.columns.give(place, &mut take),
            }
        }
    }

    /// The value of a series, if it lies there as a whole: that of no counter or gauge must.
    pub(super) fn stored(&self, at: At) -> Option<&Value> {
        match at {
            At::Beside(at) => self.beside.get(at).map(|series| &series.value),
            At::Listed(Place { list: List::Others, at }) => {
                self.columns.others.get(at as usize)?.as_ref()
            }
            At::Listed(_) => None,
        }
    }

    pub(super) fn keys(&self) -> Keys {
        let beside = self.beside.iter().map(|series| Arc::clone(&series.key)).collect();
        Keys { directory: Arc::clone(&self.directory), beside }
    }

    /// Whether these are its keys, as far as that is known without looking at each.
    pub(super) fn has_just(&self, keys: &Keys) -> bool {
        Arc::ptr_eq(&self.directory, &keys.directory)
            && self.beside.iter().map(|series| &series.key).eq(&keys.beside)
    }

    pub(super) fn iter(&self) -> Iter<'_> {
        Iter { all: self, places: self.places() }
    }

    /// Where each series is found, in the order of their keys.
    pub(super) fn places(&self) -> Places<'_> {
        self.places_from(|_| Ordering::Greater)
    }

    /// The series of `name`.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = SeriesRef<'a>> {
        let named = Iter { all: self, places: self.places_from(|key| key.name().cmp(name)) };
        named.take_while(move |series| series.key.name() == name)
    }

    /// Those from the first one on that is not less by this order.
    fn places_from(&self, order: impl Fn(&Key) -> Ordering) -> Places<'_> {
        let beside = self.beside.partition_point(|series| order(&series.key).is_lt());
        let listed = self.directory.before(order);
        Places::new(&self.directory, &self.beside, (listed, beside))
    }
}

impl Columns {
    #[inline]
    fn give(&self, Place { list, at }: Place, take: impl FnOnce(&Value)) {
        let at = at as usize;
        match list {
            List::Counters => take(&Value::Counter(self.counters[at])),
            List::Gauges => take(&Value::Gauge(self.gauges[at])),
            List::Others => self.others[at].as_ref().map_or((), take),
            List::Calls => {}
        }
    }

    #[inline]
    fn get(&self, Place { list, at }: Place) -> Option<Value> {
        let at = at as usize;
        match list {
            List::Counters => self.counters.get(at).copied().map(Value::Counter),
            List::Gauges => self.gauges.get(at).copied().map(Value::Gauge),
            List::Others => self.others.get(at)?.clone(),
            List::Calls => None,
        }
    }
}

/// Walks through the series in the order of their keys.
#[derive(Clone)]
pub(super) struct Iter<'a> {
    all: &'a AllSeries,
    places: Places<'a>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = SeriesRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<SeriesRef<'a>> {
        self.places.next().and_then(|at| self.all.get(at))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
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
