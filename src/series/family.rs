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
    pub(super) series: BTreeMap<Arc<Key>, Series>,
}

impl Family {
    pub(super) fn new(kind: MetricKind, known: Known) -> Family {
        Family { kind, known, series: BTreeMap::new() }
    }

    /// Whether it has as many series as it may have. The one that takes what goes beyond is not counted.
    pub(super) fn is_full(&self, name: &str, limit: usize) -> bool {
        self.series.len() > limit
            || self.series.len() == limit && !self.series.contains_key(&overflow_key(name))
    }
}

/// The key of the series that takes what goes beyond the limit of series of this name.
pub(super) fn overflow_key(name: &str) -> Key {
    // Cannot fail: the name was checked, and the label is well-formed.
    Key::new(name, &[OVERFLOW]).expect("the overflow key is a key")
}
