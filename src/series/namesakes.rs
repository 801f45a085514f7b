//! The series that share a name: all of one kind, within a limit.

use super::details::{Details, Known};
use super::held::Held;
use super::rules::OVERFLOW;
use super::slots::{Slot, Slots};
use super::table::Table;
use crate::metric::{Key, KeyRef, MetricKind, Shape};
use crate::snapshot::Entry;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many shapes of keys are kept to be shared.
const SHAPES: usize = 8;

/// The series that share a name.
#[derive(Debug)]
pub(super) struct Namesakes {
    pub(super) kind: MetricKind,
    pub(super) known: Known,
    /// Those that were asked for, up to the limit.
    pub(super) series: Table,
    /// Those that take what goes beyond.
    overflow: BTreeMap<Key, Slot>,
    /// The newest shapes of keys.
    shapes: Vec<Arc<Shape>>,
}

impl Namesakes {
    /// Those of which nothing is known.
    pub(super) fn new(kind: MetricKind) -> Namesakes {
        let (known, series, overflow, shapes) = <_>::default();
        Namesakes { kind, known, series, overflow, shapes }
    }

    /// Whether they are what is asked for: of this kind, and with no details but what is known.
    #[inline]
    pub(super) fn is_as_asked(&self, kind: MetricKind, details: &Details<'_>) -> bool {
        self.kind == kind && self.known.has(kind, details)
    }

    /// The key's shape, if it is one of the newest.
    pub(super) fn shape(&self, key: &KeyRef<'_>) -> Option<Arc<Shape>> {
        self.shapes.iter().find(|shape| key.has_shape(shape)).cloned()
    }

    /// The same; now it is one of the newest.
    pub(super) fn take_shape(&mut self, key: &KeyRef<'_>) -> Arc<Shape> {
        self.shape(key).unwrap_or_else(|| {
            let shape = key.shape();
            self.shapes.truncate(SHAPES - 1);
            self.shapes.insert(0, Arc::clone(&shape));
            shape
        })
    }

    /// Adds the series of `key`, which has this shape and is not there: of `new` are the number of its registration, and
    /// what is held of it.
    pub(super) fn insert(
        &mut self,
        key: &KeyRef<'_>,
        shape: Arc<Shape>,
        slots: &mut Slots,
        new: impl FnOnce(&Known) -> (u64, Held),
    ) -> Held {
        let (registration, held) = new(&self.known);
        let entry = Entry { key: key.key(shape), registration };
        self.series.insert(key.hash(), slots.insert(entry, held.clone()));
        held
    }

    /// The series that takes the place of one beyond the limit, or where it belongs: that of the scope, as
    /// long as there are not too many of these, or that of the name.
    pub(super) fn overflow(
        &mut self,
        name: &str,
        scope: &[(&str, &str)],
        limit: usize,
        slots: &mut Slots,
        new: impl FnOnce(&Known) -> (u64, Held),
    ) -> Held {
        let may_be = |key: &Key| self.overflow.len() < limit || self.overflow.contains_key(key);
        let of_scope = overflow_key(name, scope).filter(may_be);
        // Cannot fail: the name was checked, and the label is well-formed.
        let key = of_scope.or_else(|| overflow_key(name, &[])).expect("the overflow key is a key");
        match self.overflow.get(&key).and_then(|slot| slots.held(*slot)) {
            Some(held) => held,
            None => {
                let (registration, held) = new(&self.known);
                let entry = Entry { key: key.clone(), registration };
                self.overflow.insert(key, slots.insert(entry, held.clone()));
                held
            }
        }
    }

    /// Takes out the series that are `wanted`, and hands over what was held of each.
    pub(super) fn remove(
        &mut self,
        slots: &mut Slots,
        wanted: impl Fn(&Key) -> bool,
        mut taken: impl FnMut(Held),
    ) {
        self.series.remove_all(slots, &wanted, &mut taken);
        self.overflow.retain(|key, slot| {
            let goes = wanted(key);
            if goes {
                slots.remove(*slot).into_iter().for_each(&mut taken);
            }
            !goes
        });
    }

    /// Takes out the series of this key, and hands over what was held of it.
    pub(super) fn remove_key(
        &mut self,
        slots: &mut Slots,
        key: &Key,
        asked: &KeyRef<'_>,
    ) -> Option<Held> {
        match self.series.remove(asked, slots) {
            Some(held) => Some(held),
            None => slots.remove(self.overflow.remove(key)?),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.series.len() + self.overflow.len()
    }
}

/// The key of a series that takes what goes beyond the limit of a name, of a scope with these labels.
fn overflow_key(name: &str, scope: &[(&str, &str)]) -> Option<Key> {
    Key::new(name, &[scope, &[OVERFLOW]].concat()).ok()
}
