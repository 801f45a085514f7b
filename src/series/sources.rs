//! The sources of a registry, and which names are theirs.

use super::error::MetricError;
use super::rules::prefix;
use crate::metric::{Key, quoted};
use crate::sampler::CallId;
use crate::text;
use std::collections::BTreeMap;

/// The sources that there are, by the calls that ask them.
#[derive(Debug, Default)]
pub(super) struct Sources {
    all: BTreeMap<CallId, Source>,
}

/// A source: its name, with the labels that all of its series carry.
#[derive(Debug)]
struct Source {
    key: Key,
    prefix: String,
}

impl Sources {
    /// That there may be a source of this key, whose names are written with `prefix`, beside the others.
    pub(super) fn check_new(&self, key: &Key, prefix: &str) -> Result<(), MetricError> {
        if self.all.values().any(|source| source.key == *key) {
            return Err(MetricError::Taken { metric: text::clipped(key) });
        }
        let is_beside = |source: &Source| {
            source.key.name() != key.name()
                && (prefix.starts_with(&source.prefix) || source.prefix.starts_with(prefix))
        };
        self.check_none(key.name(), is_beside)
    }

    /// That a metric can have this name, which may be written as `forms`: none of these is a source's.
    pub(super) fn check_forms(&self, name: &str, forms: &[String]) -> Result<(), MetricError> {
        let owns = |source: &Source| forms.iter().any(|form| form.starts_with(&source.prefix));
        self.check_none(name, owns)
    }

    /// That there is no source that is in the way of `name`.
    fn check_none(
        &self,
        name: &str,
        is_in_the_way: impl Fn(&Source) -> bool,
    ) -> Result<(), MetricError> {
        match self.all.values().find(|source| is_in_the_way(source)) {
            Some(source) => {
                let (metric, prefix) = (quoted(name), quoted(source.key.name()));
                Err(MetricError::OfSource { metric, prefix })
            }
            None => Ok(()),
        }
    }

    pub(super) fn insert(&mut self, key: &Key, id: CallId) {
        let source = Source { key: key.clone(), prefix: prefix(key.name()) };
        self.all.insert(id, source);
    }

    /// Takes out the source that this call asks, if it asks one.
    pub(super) fn remove(&mut self, id: CallId) {
        self.all.remove(&id);
    }

    /// Takes out the sources whose keys are `wanted`: the calls that asked them.
    pub(super) fn remove_all(&mut self, wanted: impl Fn(&Key) -> bool) -> Vec<CallId> {
        let mut calls = Vec::new();
        self.all.retain(|id, source| {
            let goes = wanted(&source.key);
            if goes {
                calls.push(*id);
            }
            !goes
        });
        calls
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
