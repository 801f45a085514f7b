//! What is logged of connections; without the feature `tracing`, nothing.

#[cfg(feature = "tracing")]
use super::failure::{class, said};
use std::io::Error;
use std::time::Duration;

#[cfg(feature = "tracing")]
const TARGET: &str = "flowmeter::tcp";

pub(super) fn connected(local: &str, attempt: u64) {
    #[cfg(feature = "tracing")]
    tracing::info!(target: TARGET, local, attempt, "connected");
    #[cfg(not(feature = "tracing"))]
    let _ = (local, attempt);
}

pub(super) fn dial_failed(error: &Error, attempt: u64, pause: Duration) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: TARGET, class = class(error), attempt, ?pause, "dial failed: {}", said(error));
    #[cfg(not(feature = "tracing"))]
    let _ = (error, attempt, pause);
}

pub(super) fn broke(local: &str, error: &Error, pause: Duration) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: TARGET, local, class = class(error), ?pause, "connection broke: {}", said(error));
    #[cfg(not(feature = "tracing"))]
    let _ = (local, error, pause);
}

pub(super) fn ended(local: &str) {
    #[cfg(feature = "tracing")]
    tracing::info!(target: TARGET, local, "connection ended in order");
    #[cfg(not(feature = "tracing"))]
    let _ = local;
}
