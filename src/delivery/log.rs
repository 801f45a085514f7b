//! What is logged of attached reporters; without the feature `tracing`, nothing.

#[cfg(feature = "tracing")]
mod lines {
    use std::time::Duration;

    pub(in super::super) fn failed(reporter: &str, reason: &str) {
        tracing::warn!(target: "flowmeter::delivery", reporter, "a report was not delivered: {reason}");
    }

    pub(in super::super) fn delivers_again(reporter: &str) {
        tracing::info!(target: "flowmeter::delivery", reporter, "reports are delivered again");
    }

    pub(in super::super) fn panicked(reporter: &str, reason: &str) {
        tracing::error!(target: "flowmeter::delivery", reporter, "the reporter panicked and is set aside: {reason}");
    }

    pub(in super::super) fn left(reporter: &str, within: Duration) {
        tracing::error!(target: "flowmeter::delivery", reporter, ?within, "the reporter did not end in time and is left behind");
    }
}

#[cfg(not(feature = "tracing"))]
mod lines {
    use std::time::Duration;

    pub(in super::super) fn failed(_reporter: &str, _reason: &str) {}

    pub(in super::super) fn delivers_again(_reporter: &str) {}

    pub(in super::super) fn panicked(_reporter: &str, _reason: &str) {}

    pub(in super::super) fn left(_reporter: &str, _within: Duration) {}
}

pub(super) use lines::{delivers_again, failed, left, panicked};
