//! A series as it was at one moment.

use super::part::RegistryPart;
use super::value::Value;
use crate::metric::Key;
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// One series that is put into a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SeriesSnapshot {
    /// Its name and labels.
    pub key: Key,
    /// Its value.
    pub value: Value,
    /// The number of its registration, in its registry: with another one it has begun anew. Of a merged
    /// snapshot 0: there it is `registered` that tells.
    #[serde(default)]
    pub registration: u64,
    /// Of a merged snapshot: the registries that have it, sorted, each with the number of its
    /// registration there. Else empty.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty", deserialize_with = "sorted")]
    pub registered: Arc<[(u64, u64)]>,
    /// Of a gauge of a merged snapshot, where the latest level counts: the number of the registry that
    /// it is the level of. Else `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<u64>,
}

fn sorted<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<[(u64, u64)]>, D::Error> {
    let mut pairs: Vec<(u64, u64)> = Vec::deserialize(from)?;
    pairs.sort_unstable();
    Ok(pairs.into())
}

impl SeriesSnapshot {
    /// The series `key` with `value`, of its first registration.
    pub fn new(key: Key, value: Value) -> SeriesSnapshot {
        SeriesSnapshot { key, value, registration: 0, registered: Arc::default(), origin: None }
    }

    /// As a snapshot shows it.
    pub(super) fn shown(&self) -> SeriesRef<'_> {
        let SeriesSnapshot { key, value, registration, registered, origin } = self;
        SeriesRef {
            key,
            value: value.clone(),
            registration: *registration,
            registered,
            origin: *origin,
        }
    }
}

/// One series in a snapshot, which lends its key. What each field is [`SeriesSnapshot`] tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeriesRef<'a> {
    /// Its name and labels.
    pub key: &'a Key,
    /// Its value.
    pub value: Value,
    /// The number of its registration.
    pub registration: u64,
    /// Of a merged snapshot: the registries that have it, with its registration there.
    #[serde(skip_serializing_if = "is_empty")]
    pub registered: &'a [(u64, u64)],
    /// Of a gauge of a merged snapshot: the registry that it is the level of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<u64>,
}

// serde asks for the reference to the field.
fn is_empty(registered: &&[(u64, u64)]) -> bool {
    registered.is_empty()
}

impl SeriesRef<'_> {
    /// The registries that have it, each with the number of its registration there, given the parts of
    /// its snapshot.
    pub(super) fn registrations(&self, parts: &[RegistryPart]) -> Arc<[(u64, u64)]> {
        match parts {
            [only] => Arc::from([(only.registry, self.registration)]),
            _ => Arc::from(self.registered),
        }
    }
}

/// To be put into a snapshot again.
impl From<SeriesRef<'_>> for SeriesSnapshot {
    fn from(series: SeriesRef<'_>) -> SeriesSnapshot {
        let SeriesRef { key, value, registration, registered, origin } = series;
        let (key, registered) = (key.clone(), Arc::from(registered));
        SeriesSnapshot { key, value, registration, registered, origin }
    }
}
