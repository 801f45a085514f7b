//! What is logged of connections; without the feature `tracing`, nothing.

use std::io::Error;
use std::time::Duration;

#[cfg(feature = "tracing")]
mod lines {
    use super::super::failure::class;
    use super::{Duration, Error};

    pub(in super::super) fn connected(local: &str, attempt: u64) {
        tracing::info!(target: "flowmeter::tcp", local, attempt, "connected");
    }

    pub(in super::super) fn dial_failed(error: &Error, attempt: u64, pause: Duration) {
        tracing::warn!(target: "flowmeter::tcp", class = class(error), attempt, ?pause, "dial failed: {error}");
    }

    pub(in super::super) fn broke(local: &str, error: &Error, pause: Duration) {
        tracing::warn!(target: "flowmeter::tcp", local, class = class(error), ?pause, "connection broke: {error}");
    }

    pub(in super::super) fn ended(local: &str) {
        tracing::info!(target: "flowmeter::tcp", local, "connection ended in order");
    }
}

#[cfg(not(feature = "tracing"))]
mod lines {
    use super::{Duration, Error};

    pub(in super::super) fn connected(_local: &str, _attempt: u64) {}

    pub(in super::super) fn dial_failed(_error: &Error, _attempt: u64, _pause: Duration) {}

    pub(in super::super) fn broke(_local: &str, _error: &Error, _pause: Duration) {}

    pub(in super::super) fn ended(_local: &str) {}
}

pub(super) use lines::{broke, connected, dial_failed, ended};
