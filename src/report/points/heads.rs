//! The beginnings of lines, kept from one report to the next.

use super::identity::{Identity, tags};
use crate::metric::Key;
use crate::point::Head;
use crate::snapshot::SeriesSnapshot;
use std::iter::Peekable;
use std::mem;
use std::sync::Arc;
use std::vec::IntoIter;

/// The beginnings of the lines of the last report's series, and of no others.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    identity: Identity,
    /// Sorted by key.
    known: Vec<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    key: Arc<Key>,
    head: Head,
}

impl Heads {
    /// Where the last report was measured.
    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The beginnings of the lines of `series`, which are sorted by key: one for each.
    pub(super) fn of(
        &mut self,
        identity: Identity,
        series: &[SeriesSnapshot],
    ) -> impl Iterator<Item = &Head> {
        if self.identity != identity {
            *self = Heads { identity, known: Vec::new() };
        }
        // As a rule nothing came or went.
        let stays =
            |(known, series): (&Known, &SeriesSnapshot)| Arc::ptr_eq(&known.key, &series.key);
        if self.known.len() != series.len() || !self.known.iter().zip(series).all(stays) {
            self.turn_to(series);
        }
        self.known.iter().map(|known| &known.head)
    }

    fn turn_to(&mut self, series: &[SeriesSnapshot]) {
        let mut last = mem::take(&mut self.known).into_iter().peekable();
        let keys = series.iter().map(|series| &series.key);
        self.known = keys.map(|key| known(&mut last, key, &self.identity)).collect();
    }
}

/// What was known of `key`, found by dropping what comes before it; else made anew.
fn known(last: &mut Peekable<IntoIter<Known>>, key: &Arc<Key>, identity: &Identity) -> Known {
    // Where the pointers are equal the texts need not be looked at.
    let is_same = |known: &Known| Arc::ptr_eq(&known.key, key) || known.key == *key;
    while last.next_if(|known| !is_same(known) && known.key < *key).is_some() {}
    last.next_if(is_same).unwrap_or_else(|| {
        let tags: Vec<_> = tags(key).collect();
        Known { key: Arc::clone(key), head: identity.head(key.name(), &tags) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Value;

    fn series(names: &[&str]) -> Vec<SeriesSnapshot> {
        let key = |name: &&str| Arc::new(Key::new(name, &[]).unwrap());
        names.iter().map(|name| SeriesSnapshot::new(key(name), Value::Counter(1))).collect()
    }

    #[test]
    fn only_what_the_last_report_had_is_kept_and_what_stays_is_not_rendered_again() {
        let mut heads = Heads::default();
        let turn = |heads: &mut Heads, names: &[&str]| {
            assert_eq!(heads.of(Identity::default(), &series(names)).count(), names.len());
            heads.known.iter().map(|known| Arc::clone(&known.key)).collect::<Vec<_>>()
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
