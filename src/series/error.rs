//! Why a registry does not give a metric.

use crate::metric::{KeyError, MetricKind};

/// Why a registry does not give a metric.
///
/// `metric` is always its name, and where they matter its labels; a long one is cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The name is one of another kind, whatever the labels.
    #[error("metric `{metric}` was asked for as a {asked} but is a {is}")]
    Kind {
        /// The metric's name and labels.
        metric: String,
        /// The kind that was asked for.
        asked: MetricKind,
        /// The kind that it is.
        is: MetricKind,
    },
    /// The name or the labels can't be a key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The name, or what the metric expands to, begins like the names of the library's own figures.
    #[error(
        "metric `{metric}` would be written as `{written}`, and names that begin with `{prefix}` are kept for flowmeter's own figures"
    )]
    Reserved {
        /// The metric's name.
        metric: String,
        /// What an exporter would write.
        written: String,
        /// The beginning that is reserved.
        prefix: &'static str,
    },
    /// The label's name has a meaning of its own for exporters or for the library.
    #[error(
        "metric `{metric}` can't have a label called `{label}`: exporters or flowmeter add that one themselves"
    )]
    ReservedLabel {
        /// The metric's name.
        metric: String,
        /// The label's name.
        label: String,
    },
    /// Another metric, or one of the numbers that it expands to, is written alike by exporters.
    #[error("metric `{metric}` clashes with `{other}`: exporters would write both as `{written}`")]
    Alike {
        /// The metric's name.
        metric: String,
        /// The name of the other metric.
        other: String,
        /// What an exporter would write for both.
        written: String,
    },
    /// The name may be one of a source's.
    #[error(
        "metric `{metric}` clashes with the source `{prefix}`, whose names begin with `{prefix}.`"
    )]
    OfSource {
        /// The metric's name.
        metric: String,
        /// The source's name.
        prefix: String,
    },
    /// The series is there, and what gives its value can't be shared: a callback, a check, a source.
    #[error(
        "metric `{metric}` is registered already, and what gives its value can't be shared: drop its guard \
         or unregister it first"
    )]
    Taken {
        /// The metric's name and labels.
        metric: String,
    },
    /// The name was registered with something else.
    #[error("metric `{metric}` was asked for with the {what} `{asked}` but has `{is}`")]
    Differs {
        /// The metric's name.
        metric: String,
        /// What differs: `unit`, `merge`, `buckets` or `series limit`.
        what: &'static str,
        /// What was asked for.
        asked: String,
        /// What it has.
        is: String,
    },
    /// A metric of that kind has no such thing to choose.
    #[error("metric `{metric}` can't be given a {what}: a {kind} has none to choose")]
    Unfit {
        /// The metric's name.
        metric: String,
        /// The kind that was asked for.
        kind: MetricKind,
        /// What it was given: `unit`, `merge` or `layout of buckets`.
        what: &'static str,
    },
    /// The unit is empty, too long, or has control characters.
    #[error(
        "metric `{metric}` can't have the unit `{unit}`: a unit is a word of at most 200 bytes"
    )]
    Unit {
        /// The metric's name.
        metric: String,
        /// The unit.
        unit: String,
    },
    /// The name has as many series as it may have, and this kind has no overflow series.
    #[error(
        "metric `{metric}` can't be registered: its name has {limit} series, and may not have more"
    )]
    Full {
        /// The metric's name and labels.
        metric: String,
        /// How many series the name may have.
        limit: usize,
    },
    /// There are as many names, or calls, as there may be.
    #[error(
        "metric `{metric}` can't be registered: there are {limit} names already, and may not be more"
    )]
    TooManyNames {
        /// The metric's name.
        metric: String,
        /// How many names there may be.
        limit: usize,
    },
    /// The registry is gone.
    #[error("metric `{metric}` was asked for in a scope whose registry is gone")]
    Gone {
        /// The metric's name.
        metric: String,
    },
}
