//! The descriptions of names in two snapshots, as one.

use super::error::MergeError;
use crate::metric::{GaugeMerge, quoted};
use crate::snapshot::content::Snapshot;
use crate::snapshot::description::Description;
use crate::snapshot::join::{Joined, join};
use crate::snapshot::value::Value;
use std::sync::Arc;

/// The description of each name that one of the two has or both, if they do not contradict each other.
pub(super) fn merged(own: &Snapshot, other: &Snapshot) -> Result<Vec<Description>, MergeError> {
    let all =
        join(own.descriptions(), other.descriptions(), |one, other| one.name.cmp(&other.name));
    let merged = all.map(|joined| {
        let description = match joined {
            Joined::Own(only) | Joined::Other(only) => only.clone(),
            Joined::Both(own, other) => both(own, other)?,
        };
        Ok(Description { merge: gauge_merge(&description.name, own, other)?, ..description })
    });
    merged.collect()
}

fn both(own: &Description, other: &Description) -> Result<Description, MergeError> {
    let unit = unit(own, other)?;
    let help = own.help.iter().chain(&other.help).min().cloned();
    Ok(Description { name: Arc::clone(&own.name), unit, help, merge: own.merge })
}

/// The unit that at least one of the two knows: to know none is no contradiction.
fn unit(own: &Description, other: &Description) -> Result<Option<Arc<str>>, MergeError> {
    match (&own.unit, &other.unit) {
        (Some(unit), Some(another)) if unit != another => Err(MergeError::Unit {
            metric: quoted(&own.name),
            own: quoted(unit),
            other: quoted(another),
        }),
        (unit, another) => Ok(unit.as_ref().or(another.as_ref()).cloned()),
    }
}

/// How the gauges `name` become one, if the two agree on it.
fn gauge_merge(name: &str, own: &Snapshot, other: &Snapshot) -> Result<GaugeMerge, MergeError> {
    match (merge_in(own, name), merge_in(other, name)) {
        (Some(own), Some(other)) if own != other => {
            Err(MergeError::Gauge { metric: quoted(name), own, other })
        }
        (one, other) => Ok(one.or(other).unwrap_or_default()),
    }
}

/// How the gauges `name` become one. Where it is not described it is the default, if there are any
/// gauges; without any it is not known.
fn merge_in(snapshot: &Snapshot, name: &str) -> Option<GaugeMerge> {
    let merge = snapshot.description(name).map(|known| known.merge).unwrap_or_default();
    (merge != GaugeMerge::default() || has_gauge(name, snapshot)).then_some(merge)
}

fn has_gauge(name: &str, snapshot: &Snapshot) -> bool {
    snapshot.content.series.named(name).any(|series| matches!(series.value, Value::Gauge(_)))
}
