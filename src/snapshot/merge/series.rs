//! The series of two snapshots, as one: value by value, as its kind wants it.

use super::error::MergeError;
use crate::metric::{BucketsMismatch, GaugeMerge, MetricKind, max, min, quoted, sum};
use crate::snapshot::content::Snapshot;
use crate::snapshot::description::Description;
use crate::snapshot::health::Health;
use crate::snapshot::join::{Joined, join};
use crate::snapshot::part::RegistryPart;
use crate::snapshot::series::{SeriesRef, SeriesSnapshot};
use crate::snapshot::value::Value;
use crate::text;
use std::iter;
use std::sync::Arc;

/// Every series that is in one of the two or in both; `descriptions` says how gauges become one.
pub(super) fn merged(
    own: &Snapshot,
    other: &Snapshot,
    descriptions: &[Description],
) -> Result<Vec<SeriesSnapshot>, MergeError> {
    let [of_own, of_other] = [own, other].map(|snapshot| snapshot.series().collect::<Vec<_>>());
    let mut all = Vec::with_capacity(of_own.len().max(of_other.len()));
    let names = join(names(&of_own), names(&of_other), |one, other| name(one).cmp(name(other)));
    for of_name in names {
        let (of_own, of_other) = match of_name {
            Joined::Own(own) => (own, &[][..]),
            Joined::Other(other) => (&[][..], other),
            Joined::Both(own, other) => (own, other),
        };
        check_kind(of_own, of_other)?;
        let gauges = Gauges::of(name(of_own).max(name(of_other)), own, other, descriptions);
        for series in join(of_own, of_other, |one, other| one.key.cmp(other.key)) {
            all.push(gauges.merged(series)?);
        }
    }
    Ok(all)
}

/// The series of each name.
fn names<'a, 's>(series: &'a [SeriesRef<'s>]) -> impl Iterator<Item = &'a [SeriesRef<'s>]> {
    series.chunk_by(|one, next| one.key.name() == next.key.name())
}

fn name<'a>(series: &[SeriesRef<'a>]) -> &'a str {
    series.first().map_or("", |series| series.key.name())
}

/// That all series of a name are of one kind, if both have any.
fn check_kind(own: &[SeriesRef<'_>], other: &[SeriesRef<'_>]) -> Result<(), MergeError> {
    let kinds = |series: &[SeriesRef<'_>]| -> Option<[MetricKind; 2]> {
        let first = series.first()?.value.kind();
        let another = series.iter().map(|series| series.value.kind()).find(|kind| *kind != first);
        Some([first, another.unwrap_or(first)])
    };
    let (Some(of_own), Some(of_other)) = (kinds(own), kinds(other)) else { return Ok(()) };
    let pairs = of_own.iter().flat_map(|own| iter::repeat(*own).zip(of_other));
    match { pairs }.find(|(own, other)| own != other) {
        Some((of_own, of_other)) => {
            Err(MergeError::Kind { metric: quoted(name(own)), own: of_own, other: of_other })
        }
        None => Ok(()),
    }
}

/// How the gauges of a name become one, and of which registries they are.
struct Gauges<'a> {
    merge: GaugeMerge,
    own: &'a [RegistryPart],
    other: &'a [RegistryPart],
}

impl<'a> Gauges<'a> {
    fn of(name: &str, own: &'a Snapshot, other: &'a Snapshot, all: &[Description]) -> Gauges<'a> {
        let of_name = all.binary_search_by(|description| (*description.name).cmp(name));
        let merge = of_name.map(|at| all[at].merge).unwrap_or_default();
        Gauges { merge, own: own.parts(), other: other.parts() }
    }

    fn merged(&self, series: Joined<&SeriesRef<'_>>) -> Result<SeriesSnapshot, MergeError> {
        match series {
            Joined::Own(own) => Ok(self.alone(own, self.own)),
            Joined::Other(other) => Ok(self.alone(other, self.other)),
            Joined::Both(own, other) => self.both(own, other),
        }
    }

    /// A series as it is, but that it remembers whose it is.
    fn alone(&self, series: &SeriesRef<'_>, parts: &[RegistryPart]) -> SeriesSnapshot {
        let (origin, registered) = (self.origin(series, parts), series.registrations(parts));
        let (key, value) = (series.key.clone(), series.value.clone());
        SeriesSnapshot { key, value, registration: 0, registered, origin }
    }

    fn origin(&self, series: &SeriesRef<'_>, parts: &[RegistryPart]) -> Option<u64> {
        match (&series.value, self.merge) {
            (Value::Gauge(_), GaugeMerge::Latest) => {
                series.origin.or(parts.last().map(|part| part.registry))
            }
            _ => None,
        }
    }

    fn both(
        &self,
        own: &SeriesRef<'_>,
        other: &SeriesRef<'_>,
    ) -> Result<SeriesSnapshot, MergeError> {
        let (value, origin) = match (&own.value, &other.value) {
            (Value::Gauge(one), Value::Gauge(another)) => match self.merge {
                GaugeMerge::Sum => (Value::Gauge(sum(*one, *another)), None),
                GaugeMerge::Min => (Value::Gauge(min(*one, *another)), None),
                GaugeMerge::Max => (Value::Gauge(max(*one, *another)), None),
                GaugeMerge::Latest => self.latest(own, other),
            },
            (one, another) => {
                let metric = || text::clipped(own.key);
                let buckets = |mismatch| MergeError::Buckets { metric: metric(), mismatch };
                (both(one, another).map_err(buckets)?, None)
            }
        };
        let mut registered =
            [own.registrations(self.own), other.registrations(self.other)].concat();
        registered.sort_unstable();
        let (key, registered) = (own.key.clone(), registered.into());
        Ok(SeriesSnapshot { key, value, registration: 0, registered, origin })
    }

    /// The level that was read last, and whose it is.
    fn latest(&self, own: &SeriesRef<'_>, other: &SeriesRef<'_>) -> (Value, Option<u64>) {
        let read = |series: &SeriesRef<'_>, parts: &[RegistryPart]| {
            let origin = self.origin(series, parts);
            let part = parts.binary_search_by_key(&origin, |part| Some(part.registry));
            (part.ok().map(|at| parts[at].taken.unix_ms), origin)
        };
        let (of_own, of_other) = (read(own, self.own), read(other, self.other));
        match of_own > of_other {
            true => (own.value.clone(), of_own.1),
            false => (other.value.clone(), of_other.1),
        }
    }
}

/// The sum of two values of one kind that are no gauges.
fn both(own: &Value, other: &Value) -> Result<Value, BucketsMismatch> {
    Ok(match (own, other) {
        (Value::Counter(own), Value::Counter(other)) => Value::Counter(own.saturating_add(*other)),
        (Value::Histogram(own), Value::Histogram(other)) => {
            let mut sum = Arc::clone(own);
            Arc::make_mut(&mut sum).merge(other)?;
            Value::Histogram(sum)
        }
        (Value::Meter(own), Value::Meter(other)) => {
            let mut sum = Arc::clone(own);
            Arc::make_mut(&mut sum).merge(other);
            Value::Meter(sum)
        }
        (Value::Timer(own), Value::Timer(other)) => {
            let mut sum = Arc::clone(own);
            Arc::make_mut(&mut sum).merge(other)?;
            Value::Timer(sum)
        }
        (Value::Health(own), Value::Health(other)) => Value::Health(worse(own, other)),
        // Of different kinds under one key: refused before.
        (own, _) => own.clone(),
    })
}

/// The unhealthy one; of two, the one with the lesser reason.
fn worse(own: &Health, other: &Health) -> Health {
    match (own, other) {
        (Health::Healthy, other) => other.clone(),
        (own, Health::Healthy) => own.clone(),
        (Health::Unhealthy { reason: one }, Health::Unhealthy { reason: another }) => {
            Health::Unhealthy { reason: Arc::clone(one.min(another)) }
        }
    }
}
