//! The series that share a name: all of one kind, within a limit.

use super::held::Series;
use super::rules::OVERFLOW;
use super::said::Known;
use crate::metric::{Key, MetricKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The series that share a name.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) kind: MetricKind,
    pub(super) known: Known,
    /// Those that were asked for, up to the limit.
    pub(super) series: BTreeMap<Arc<Key>, Series>,
    /// Those that take what goes beyond.
    overflow: BTreeMap<Arc<Key>, Series>,
}

impl Family {
    pub(super) fn new(kind: MetricKind, known: Known) -> Family {
        Family { kind, known, series: BTreeMap::new(), overflow: BTreeMap::new() }
    }

    /// The series that takes the place of one beyond the limit, or where it belongs: that of the scope, as
    /// long as there are not too many of these, or that of the name.
    pub(super) fn overflow(
        &mut self,
        name: &str,
        scope: &[(&str, &str)],
        limit: usize,
        new: impl FnOnce() -> Series,
    ) -> &Series {
        let of_scope = overflow_key(name, scope)
            .filter(|key| self.overflow.len() < limit || self.overflow.contains_key(key));
        // Cannot fail: the name was checked, and the label is well-formed.
        let key = of_scope.or_else(|| overflow_key(name, &[])).expect("the overflow key is a key");
        self.overflow.entry(Arc::new(key)).or_insert_with(new)
    }

    /// Every series, those of the overflow last.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Arc<Key>, &Series)> {
        self.series.iter().chain(&self.overflow)
    }

    /// Keeps those of which this is true.
    pub(super) fn retain(&mut self, mut keeps: impl FnMut(&Key, &Series) -> bool) {
        self.series.retain(|key, series| keeps(key, series));
        self.overflow.retain(|key, series| keeps(key, series));
    }

    pub(super) fn len(&self) -> usize {
        self.series.len() + self.overflow.len()
    }
}

/// The key of a series that takes what goes beyond the limit of a name, of a scope with these labels.
fn overflow_key(name: &str, scope: &[(&str, &str)]) -> Option<Key> {
    Key::new(name, &[scope, &[OVERFLOW]].concat()).ok()
}
