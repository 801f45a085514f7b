//! Why snapshots can't be added up.

use crate::metric::{BucketsMismatch, GaugeMerge, MetricKind};

/// Why two snapshots can't be added up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// Both are of one registry: what that counted would be counted twice. Where one of them is newer,
    /// it takes the place of the other.
    #[error(
        "two snapshots can't be merged: both are of registry {registry}, which would count twice"
    )]
    Registry {
        /// The number of the registry.
        registry: u64,
    },
    /// A name is of one kind in the one and of another kind in the other, whatever the labels.
    #[error("metric `{metric}` can't be merged: a {own} can't take in a {other}")]
    Kind {
        /// The name.
        metric: String,
        /// The kind in the one that was to be added to.
        own: MetricKind,
        /// The kind in the one that was to be added.
        other: MetricKind,
    },
    /// The numbers under a name have different units.
    #[error(
        "metric `{metric}` can't be merged: what counts `{own}` can't take in what counts `{other}`"
    )]
    Unit {
        /// The name.
        metric: String,
        /// The unit in the one that was to be added to.
        own: String,
        /// The unit in the one that was to be added.
        other: String,
    },
    /// The two say different things of how the gauges of a name become one.
    #[error(
        "gauge `{metric}` can't be merged: one that merges by {own} can't take in one by {other}"
    )]
    Gauge {
        /// The name.
        metric: String,
        /// What the one says that was to be added to.
        own: GaugeMerge,
        /// What the one says that was to be added.
        other: GaugeMerge,
    },
    /// A series has different buckets in the two.
    #[error("metric `{metric}` can't be merged: {mismatch}")]
    Buckets {
        /// The name and the labels.
        metric: String,
        /// Both buckets.
        mismatch: BucketsMismatch,
    },
}
