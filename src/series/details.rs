//! The details that a name is asked for with, and what is known of it by them.

use super::error::MetricError;
use crate::metric::{Buckets, GaugeMerge, MetricKind, quoted};
use crate::snapshot::Description;
use crate::text;
use std::fmt::Display;
use std::sync::Arc;

/// The unit of every timer.
const OF_TIMERS: &str = "nanoseconds";

/// The longest unit, in bytes.
const UNIT_BYTES_LIMIT: usize = 200;

/// What a name is asked for with, beside itself; `None` is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Details<'a> {
    pub(super) help: Option<&'a str>,
    pub(super) unit: Option<&'a str>,
    pub(super) merge: Option<GaugeMerge>,
    pub(super) buckets: Option<Buckets>,
    pub(super) limit: Option<usize>,
}

/// What is known of a name: it holds for all its series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub(super) help: Option<Arc<str>>,
    pub(super) unit: Option<Arc<str>>,
    pub(super) merge: Option<GaugeMerge>,
    pub(super) buckets: Option<Buckets>,
    pub(super) limit: Option<usize>,
}

impl Details<'_> {
    /// Whether there is nothing to compare with what is known.
    pub(super) fn is_empty(&self) -> bool {
        let Details { help, unit, merge, buckets, limit } = self;
        help.is_none() && unit.is_none() && merge.is_none() && buckets.is_none() && limit.is_none()
    }

    /// That a metric of that kind can have them.
    pub(super) fn check(&self, name: &str, kind: MetricKind) -> Result<(), MetricError> {
        use MetricKind::{Gauge, HealthCheck, Histogram, Timer};
        let unfit = |what| MetricError::Unfit { metric: quoted(name), kind, what };
        if self.unit.is_some() && matches!(kind, Timer | HealthCheck) {
            return Err(unfit("unit"));
        }
        if self.merge.is_some() && kind != Gauge {
            return Err(unfit("merge"));
        }
        if self.buckets.is_some() && !matches!(kind, Histogram | Timer) {
            return Err(unfit("layout of buckets"));
        }
        match self.unit.filter(|unit| !is_unit(unit)) {
            Some(unit) => Err(MetricError::Unit { metric: quoted(name), unit: quoted(unit) }),
            None => Ok(()),
        }
    }
}

fn is_unit(unit: &str) -> bool {
    !unit.is_empty() && unit.len() <= UNIT_BYTES_LIMIT && !unit.contains(char::is_control)
}

impl Known {
    /// What is known of a new name with these details.
    pub(super) fn new(kind: MetricKind, details: &Details<'_>) -> Known {
        let Details { help, unit, merge, buckets, limit } = *details;
        let unit = unit.or((kind == MetricKind::Timer).then_some(OF_TIMERS));
        let has_buckets = matches!(kind, MetricKind::Timer | MetricKind::Histogram);
        Known {
            help: help.map(|help| text::clipped(help).into()),
            unit: unit.map(Arc::from),
            merge,
            buckets: has_buckets.then(|| buckets.unwrap_or_default()),
            limit,
        }
    }

    /// Whether these details of a metric of that kind are known already, and can be given.
    pub(super) fn has(&self, kind: MetricKind, details: &Details<'_>) -> bool {
        if details.is_empty() {
            return true;
        }
        let Details { help, unit, merge, buckets, limit } = *details;
        (help.is_none() || self.help.is_some())
            && (unit.is_none() || unit == self.unit.as_deref())
            && (merge.is_none() || merge == self.merge)
            && (buckets.is_none() || buckets == self.buckets)
            && (limit.is_none() || limit == self.limit)
            && details.check("", kind).is_ok()
    }

    /// What is known with these details too: what was not known is taken over.
    pub(super) fn with(&self, name: &str, details: &Details<'_>) -> Result<Known, MetricError> {
        let Details { help, unit, merge, buckets, limit } = *details;
        Ok(Known {
            help: self.help.clone().or_else(|| help.map(|help| text::clipped(help).into())),
            unit: agreed(name, "unit", self.unit.clone(), unit.map(Arc::from))?,
            merge: agreed(name, "merge", self.merge, merge)?,
            buckets: agreed(name, "buckets", self.buckets, buckets)?,
            limit: agreed(name, "series limit", self.limit, limit)?,
        })
    }

    /// What a snapshot describes the name by.
    pub(super) fn description(&self, name: &Arc<str>) -> Description {
        let mut description = Description::new(Arc::clone(name));
        description.help.clone_from(&self.help);
        description.unit.clone_from(&self.unit);
        description.merge = self.merge.unwrap_or_default();
        description
    }
}

/// What both say, where they do not contradict each other.
fn agreed<T: PartialEq + Display>(
    name: &str,
    what: &'static str,
    known: Option<T>,
    given: Option<T>,
) -> Result<Option<T>, MetricError> {
    match (known, given) {
        (Some(is), Some(asked)) if is != asked => {
            let (asked, is) = (asked.to_string(), is.to_string());
            Err(MetricError::Differs { metric: quoted(name), what, asked, is })
        }
        (known, given) => Ok(known.or(given)),
    }
}
