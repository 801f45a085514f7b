//! The snapshots of disjoint registries, such as of several processes, added up.

mod descriptions;
mod error;
mod jobs;
mod series;

pub use error::MergeError;

use super::all_series::AllSeries;
use super::content::{Content, Snapshot};
use super::join::{Joined, join};
use super::part::RegistryPart;
use std::sync::Arc;

/// How several become one.
impl Snapshot {
    /// Adds the snapshot of other registries, such as of another process.
    ///
    /// Counters, histograms, meters and timers add up, and gauges become one as their
    /// [`GaugeMerge`](crate::GaugeMerge) says; of health checks one that is unhealthy counts, and of two the reason that
    /// comes first in the alphabet. What is in one only, is taken as it is. All runs stay apart, also
    /// of jobs that have one name. A unit that only one knows is that of both, and of two texts that
    /// explain a name the first in the alphabet stays.
    ///
    /// Associative and commutative, with the default as neutral element: exactly, but for the rounding
    /// of gauges that are summed and of rates, where grouping may make a difference. If any two
    /// of several can't be merged, then no grouping of them can.
    ///
    /// A merged snapshot is worth what its parts are: where one of them has a series anew, all of it has
    /// [begun anew](crate::SeriesChange).
    ///
    /// ```
    /// use flowmeter::{Registry, Snapshot};
    ///
    /// let [one, other] = [Registry::new(), Registry::new()];
    /// one.counter("rows")?.add(3);
    /// other.counter("rows")?.add(4);
    /// let mut whole = Snapshot::default();
    /// for process in [one, other] {
    ///     whole.merge(&process.collect())?;
    /// }
    /// assert_eq!(whole.counter("rows"), Some(7));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Both are of one registry, or a name does not mean the same in both: a kind, a unit, the merge of
    /// a gauge, or the buckets of a distribution differ. Then nothing has changed.
    pub fn merge(&mut self, other: &Snapshot) -> Result<(), MergeError> {
        if self.parts().is_empty() {
            *self = other.clone();
        } else if !other.parts().is_empty() {
            self.content = Arc::new(merged(self, other)?);
        }
        Ok(())
    }
}

fn merged(own: &Snapshot, other: &Snapshot) -> Result<Content, MergeError> {
    let parts = parts(own.parts(), other.parts())?;
    let descriptions: Arc<[_]> = descriptions::merged(own, other)?.into();
    let series = AllSeries::new(series::merged(own, other, &descriptions)?);
    let jobs = jobs::merged(own, other);
    let ended_runs = own.ended_runs().saturating_add(other.ended_runs());
    Ok(Content { version: Snapshot::VERSION, parts, series, descriptions, jobs, ended_runs })
}

/// All registries, if none is in both.
fn parts(own: &[RegistryPart], other: &[RegistryPart]) -> Result<Vec<RegistryPart>, MergeError> {
    let parts = join(own, other, |one, other| one.registry.cmp(&other.registry));
    let disjoint = parts.map(|part| match part {
        Joined::Both(RegistryPart { registry, .. }, _) => {
            Err(MergeError::Registry { registry: *registry })
        }
        part => Ok(part.either().clone()),
    });
    disjoint.collect()
}
