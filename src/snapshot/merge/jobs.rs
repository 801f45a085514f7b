//! The runs of two snapshots: they stay apart, and each knows its registry.

use crate::snapshot::content::Snapshot;
use crate::snapshot::job::JobSnapshot;
use crate::snapshot::join::{Joined, join};
use crate::snapshot::part::RegistryPart;
use std::sync::Arc;

/// Every run of both.
pub(super) fn merged(own: &Snapshot, other: &Snapshot) -> Vec<Arc<JobSnapshot>> {
    let (own, other) = (marked(own), marked(other));
    let all = join(own, other, |one, other| one.order().cmp(&other.order()));
    all.map(Joined::either).collect()
}

/// The runs, each with the number of its registry: only those that don't have it yet are copied.
fn marked(snapshot: &Snapshot) -> impl Iterator<Item = Arc<JobSnapshot>> {
    snapshot.jobs().map(|job| match (job.registry, snapshot.parts()) {
        (None, [RegistryPart { registry, .. }]) => {
            Arc::new(JobSnapshot { registry: Some(*registry), ..JobSnapshot::clone(job) })
        }
        _ => Arc::clone(job),
    })
}
