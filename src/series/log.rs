//! What is logged of metrics that are refused where nobody is told; without the feature `tracing`, nothing.

use super::error::MetricError;

/// The metric of a call site, or of a family, can't be had: what is counted there is lost.
pub(super) fn refused(at: &str, error: &MetricError) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "flowmeter::series", at, "nothing is counted here: {error}");
    #[cfg(not(feature = "tracing"))]
    let _ = (at, error);
}
