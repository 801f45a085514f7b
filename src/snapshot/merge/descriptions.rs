//! What was said of names in two snapshots, as one.

use super::error::MergeError;
use crate::metric::{GaugeMerge, quoted};
use crate::snapshot::content::Snapshot;
use crate::snapshot::description::Description;
use crate::snapshot::join::{Place, join};
use crate::snapshot::value::Value;
use std::sync::Arc;

/// What is said of each name in one of the two or in both, if it is no contradiction.
pub(super) fn merged(own: &Snapshot, other: &Snapshot) -> Result<Vec<Description>, MergeError> {
    let all =
        join(own.descriptions(), other.descriptions(), |one, other| one.name.cmp(&other.name));
    let merged = all.map(|place| {
        let said = match place {
            Place::Own(said) | Place::Other(said) => said.clone(),
            Place::Both(own, other) => both(own, other)?,
        };
        Ok(Description { merge: gauge_merge(&said.name, own, other)?, ..said })
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
    match (said(name, own), said(name, other)) {
        (Some(own), Some(other)) if own != other => {
            Err(MergeError::Gauge { metric: quoted(name), own, other })
        }
        (one, other) => Ok(one.or(other).unwrap_or_default()),
    }
}

/// How the gauges `name` become one. Where nothing else is said it is the default, if there are any
/// gauges: without any, nothing is said.
fn said(name: &str, snapshot: &Snapshot) -> Option<GaugeMerge> {
    let said = snapshot.description(name).map(|said| said.merge).unwrap_or_default();
    (said != GaugeMerge::default() || has_gauge(name, snapshot)).then_some(said)
}

fn has_gauge(name: &str, snapshot: &Snapshot) -> bool {
    snapshot.content.series.named(name).any(|series| matches!(series.value, Value::Gauge(_)))
}
