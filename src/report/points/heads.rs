//! The beginnings of lines, kept from one report to the next.

use super::identity::{Identity, tags};
use crate::metric::Key;
use crate::point::Head;
use crate::snapshot::{Keys, SeriesRef, Snapshot};
use std::iter::Peekable;
use std::mem;
use std::vec::IntoIter;

/// The beginnings of the lines of the last report's series, and of no others.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    identity: Identity,
    /// Those of the last report's series.
    keys: Keys,
    /// Sorted by key.
    known: Vec<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    key: Key,
    head: Head,
}

impl Heads {
    /// Where the last report was measured.
    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The beginnings of the lines of a snapshot's series: one for each, in their order,
    /// with its key.
    pub(super) fn of(
        &mut self,
        identity: Identity,
        snapshot: &Snapshot,
    ) -> impl Iterator<Item = (&Key, &Head)> {
        // As a rule nothing came or went.
        if self.identity != identity {
            *self = Heads { identity, ..Heads::default() };
            self.turn_to(snapshot);
        } else if !snapshot.has_just(&self.keys) {
            self.turn_to(snapshot);
        }
        self.known.iter().map(|known| (&known.key, &known.head))
    }

    fn turn_to(&mut self, snapshot: &Snapshot) {
        let mut last = mem::take(&mut self.known).into_iter().peekable();
        let known = |series: SeriesRef<'_>| known(&mut last, series.key, &self.identity);
        self.known = snapshot.series().map(known).collect();
        self.keys = snapshot.keys();
    }
}

/// What was known of `key`, found by dropping what comes before it; else made anew.
fn known(last: &mut Peekable<IntoIter<Known>>, key: &Key, identity: &Identity) -> Known {
    while last.next_if(|known| known.key < *key).is_some() {}
    last.next_if(|known| known.key == *key).unwrap_or_else(|| {
        let tags: Vec<_> = tags(key).collect();
        Known { key: key.clone(), head: identity.head(key.name(), &tags) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Stamp;
    use crate::snapshot::{SeriesSnapshot, Value};
    use std::sync::Arc;

    fn snapshot(names: &[&str]) -> Snapshot {
        let key = |name: &&str| Key::new(name, &[]).unwrap();
        let series = |name| SeriesSnapshot::new(key(name), Value::Counter(1));
        Snapshot::new(1, Stamp::default(), names.iter().map(series).collect(), Vec::new(), 0)
    }

    #[test]
    fn only_what_the_last_report_had_is_kept_and_what_stays_is_not_rendered_again() {
        let mut heads = Heads::default();
        let turn = |heads: &mut Heads, names: &[&str]| {
            let series = snapshot(names);
            assert_eq!(heads.of(Identity::default(), &series).count(), names.len());
            heads.known.iter().map(|known| Arc::clone(known.key.shape())).collect::<Vec<_>>()
        };
        let first = turn(&mut heads, &["a", "b", "c", "e"]);
        let second = turn(&mut heads, &["b", "d", "e", "f"]);
        // A head that was rendered again would hold the new key.
        let stayed = |one: usize, other: usize| Arc::ptr_eq(&first[one], &second[other]);
        assert_eq!([stayed(1, 0), stayed(3, 2)], [true, true]);
        turn(&mut heads, &["z"]);
        assert_eq!(heads.known.len(), 1);
    }
}
