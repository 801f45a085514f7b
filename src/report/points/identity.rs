//! Where the points of a report are measured, and the tags that all of them have.

use crate::metric::Key;
use crate::point::Head;
use crate::report::content::Report;
use crate::snapshot::RegistryPart;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the points were told, instead of what the registry was.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    pub(super) endpoint: Option<Arc<str>>,
    pub(super) tags: Option<Arc<[Arc<str>]>>,
}

/// What all points of a report have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) endpoint: Arc<str>,
    pub(super) tags: Arc<[Arc<str>]>,
}

impl Own {
    /// The same place, but for what was told.
    pub(super) fn instead_of(&self, known: &Identity) -> Identity {
        let (own, known) = (self.clone(), known.clone());
        Identity {
            endpoint: own.endpoint.unwrap_or(known.endpoint),
            tags: own.tags.unwrap_or(known.tags),
        }
    }

    pub(super) fn identity(&self, report: &Report) -> Identity {
        let (parts, Own { endpoint, tags }) = (report.snapshot().parts(), self.clone());
        Identity {
            endpoint: endpoint.unwrap_or_else(|| common_endpoint(parts)),
            tags: tags.unwrap_or_else(|| common_tags(parts)),
        }
    }
}

impl Identity {
    /// The beginning of the lines of `metric` with `tags`, which follow the bare ones.
    pub(super) fn head(&self, metric: &str, tags: &[String]) -> Head {
        let bare = self.tags.iter().map(|tag| &**tag);
        Head::new(metric, &self.endpoint, bare.chain(tags.iter().map(String::as_str)))
    }
}

/// The labels of a series as tags.
pub(super) fn tags(key: &Key) -> impl Iterator<Item = String> {
    key.labels().map(|(label, value)| tag(label, value))
}

pub(super) fn tag(label: &str, value: &str) -> String {
    format!("{label}={value}")
}

/// The endpoint of all parts, or those that there are. Who does not know its own says nothing.
fn common_endpoint(parts: &[RegistryPart]) -> Arc<str> {
    if let [only] = parts {
        return Arc::clone(&only.endpoint);
    }
    let known = parts.iter().map(|part| &*part.endpoint).filter(|endpoint| !endpoint.is_empty());
    let known: Vec<&str> = known.collect::<BTreeSet<_>>().into_iter().collect();
    known.join(",").into()
}

/// The tags of all parts: in their order if they are the same, else those that all of them have.
fn common_tags(parts: &[RegistryPart]) -> Arc<[Arc<str>]> {
    let Some((first, others)) = parts.split_first() else { return Arc::default() };
    if others.iter().all(|part| part.tags == first.tags) {
        return Arc::clone(&first.tags);
    }
    let all_have = |tag: &&Arc<str>| others.iter().all(|part| part.tags.contains(tag));
    let common: BTreeSet<_> = first.tags.iter().filter(all_have).cloned().collect();
    common.into_iter().collect()
}
