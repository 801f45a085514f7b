//! What is logged of attached reporters; without the feature `tracing`, nothing.

use std::time::Duration;

#[cfg(feature = "tracing")]
const TARGET: &str = "flowmeter::delivery";

pub(super) fn failed(reporter: &str, reason: &str) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: TARGET, reporter, "a report was not delivered: {reason}");
    #[cfg(not(feature = "tracing"))]
    let _ = (reporter, reason);
}

pub(super) fn delivers_again(reporter: &str) {
    #[cfg(feature = "tracing")]
    tracing::info!(target: TARGET, reporter, "reports are delivered again");
    #[cfg(not(feature = "tracing"))]
    let _ = reporter;
}

pub(super) fn panicked(reporter: &str, reason: &str) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: TARGET, reporter, "the reporter panicked and is set aside: {reason}");
    #[cfg(not(feature = "tracing"))]
    let _ = (reporter, reason);
}

pub(super) fn left(reporter: &str, within: Duration) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: TARGET, reporter, ?within, "the reporter did not end in time and is left behind");
    #[cfg(not(feature = "tracing"))]
    let _ = (reporter, within);
}
