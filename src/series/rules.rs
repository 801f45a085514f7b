//! Which names and labels a user's metric may have.

use super::error::MetricError;
use crate::metric::{Clash, quoted, written};

/// What the names of the library's own figures begin with, as exporters write them.
const RESERVED: &[&str] = &["job_", "group_", "task_", "flowmeter_"];

/// Labels that exporters add themselves, as they write them.
const RESERVED_LABELS: &[&str] = &["le", "quantile"];

/// What the names of labels must not begin with: for exporters, and for the library.
const RESERVED_LABEL_BEGINNINGS: &[&str] = &["__", "flowmeter_"];

/// The label of the series that takes what goes beyond a limit.
pub(super) const OVERFLOW: (&str, &str) = ("flowmeter.overflow", "true");

/// That a metric may be written as `forms`: none is like the library's own figures.
pub(super) fn check_forms(name: &str, forms: &[String]) -> Result<(), MetricError> {
    let reserved = |form: &String| RESERVED.iter().find(|prefix| form.starts_with(**prefix));
    match forms.iter().find_map(|form| Some((form, *reserved(form)?))) {
        Some((form, prefix)) => {
            let (metric, written) = (quoted(name), quoted(form));
            Err(MetricError::Reserved { metric, written, prefix })
        }
        None => Ok(()),
    }
}

/// That a user may use these labels.
pub(super) fn check_labels<'a>(
    name: &str,
    mut labels: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), MetricError> {
    match labels.find(|(label, _)| is_reserved(label)) {
        Some((label, _)) => {
            Err(MetricError::ReservedLabel { metric: quoted(name), label: quoted(label) })
        }
        None => Ok(()),
    }
}

fn is_reserved(label: &str) -> bool {
    let written = written(label);
    RESERVED_LABELS.contains(&&*written)
        || RESERVED_LABEL_BEGINNINGS.iter().any(|beginning| written.starts_with(beginning))
}

/// What all names of a source are written with at their beginning.
pub(super) fn prefix(source: &str) -> String {
    written(&format!("{source}."))
}

/// The error of a metric that another one is written like.
pub(super) fn alike(name: &str, clash: Clash) -> MetricError {
    let Clash { written, other } = clash;
    MetricError::Alike { metric: quoted(name), other: quoted(&other), written }
}
