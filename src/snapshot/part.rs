//! Of which registries a snapshot is, and when each of them was collected.

use crate::clock::Stamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A registry that a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RegistryPart {
    /// The random number of the registry.
    pub registry: u64,
    /// When it was collected. The moments of two registries are of two clocks.
    pub taken: Stamp,
    /// How many registrations there had been by then: a series whose number is higher is newer.
    #[serde(default)]
    pub registrations: u64,
    /// Where its points are measured; empty if nobody said.
    #[serde(default)]
    pub endpoint: Arc<str>,
    /// The bare tags of all its points.
    #[serde(default)]
    pub tags: Arc<[Arc<str>]>,
}

impl RegistryPart {
    /// The registry with the number `registry` at the moment `taken`, of which nothing else is known.
    pub(super) fn new(registry: u64, taken: Stamp) -> RegistryPart {
        let (endpoint, tags) = (Arc::default(), Arc::default());
        RegistryPart { registry, taken, registrations: 0, endpoint, tags }
    }
}
