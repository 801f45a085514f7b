//! Of which registries a snapshot is, and when each of them was collected.

use crate::clock::Stamp;
use serde::{Deserialize, Serialize};

/// A registry that a snapshot is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RegistryPart {
    /// The random number of the registry.
    pub registry: u64,
    /// When it was collected. The moments of two registries are of two clocks.
    pub taken: Stamp,
    /// How many registrations there had been by then: a series whose number is higher is newer.
    #[serde(default)]
    pub registrations: u64,
}
