//! What a family asks its registry for, but for the values of its labels.

use super::details::Details;
use super::error::MetricError;
use super::held::Kind;
use super::store::Store;
use crate::metric::{Buckets, GaugeMerge};
use std::sync::Weak;

/// A metric that is asked for again and again, each time with other values of `N` labels.
#[derive(Debug)]
pub(super) struct Template<const N: usize> {
    store: Weak<Store>,
    name: Box<str>,
    /// Those that all have.
    labels: Vec<(Box<str>, Box<str>)>,
    /// How many of them, the first ones, are the scope's.
    of_scope: usize,
    /// The labels that tell them apart.
    names: [Box<str>; N],
    help: Option<Box<str>>,
    unit: Option<Box<str>>,
    merge: Option<GaugeMerge>,
    buckets: Option<Buckets>,
    limit: Option<usize>,
}

impl<const N: usize> Template<N> {
    pub(super) fn new(
        store: Weak<Store>,
        name: &str,
        labels: &[(&str, &str)],
        of_scope: usize,
        names: [&str; N],
        details: &Details<'_>,
    ) -> Template<N> {
        let Details { help, unit, merge, buckets, limit } = *details;
        let labels = labels.iter().map(|(label, value)| ((*label).into(), (*value).into()));
        Template {
            store,
            name: name.into(),
            labels: labels.collect(),
            of_scope,
            names: names.map(Box::from),
            help: help.map(Box::from),
            unit: unit.map(Box::from),
            merge,
            buckets,
            limit,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The metric with these values, and whether it is theirs alone: not that of an overflow, and of a registry that
    /// counts.
    pub(super) fn ask<M: Kind>(&self, values: &[&str; N]) -> Result<(M, bool), MetricError> {
        let Some(store) = self.store.upgrade() else {
            return Err(MetricError::Gone { metric: self.name.to_string() });
        };
        if store.is_disabled() {
            return Ok((M::disabled(), false));
        }
        let own = self.labels.iter().map(|(label, value)| (&**label, &**value));
        let names = self.names.iter().map(|name| &**name);
        let labels: Vec<_> = own.chain(names.zip(values.iter().copied())).collect();
        let (details, scope) = (self.details(), &labels[..self.of_scope]);
        let (metric, is_overflow) =
            store.counted(store.uncounted(&self.name, &labels, &details, scope))?;
        Ok((metric, !is_overflow))
    }

    fn details(&self) -> Details<'_> {
        Details {
            help: self.help.as_deref(),
            unit: self.unit.as_deref(),
            merge: self.merge,
            buckets: self.buckets,
            limit: self.limit,
        }
    }
}
