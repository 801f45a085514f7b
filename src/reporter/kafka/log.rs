//! What is logged of the client; without the feature `tracing`, nothing.

use rdkafka::config::RDKafkaLogLevel as Level;

#[cfg(feature = "tracing")]
const TARGET: &str = "flowmeter::kafka";

/// What the client says itself.
pub(super) fn said(level: Level, text: &str) {
    #[cfg(feature = "tracing")]
    match level {
        Level::Emerg | Level::Alert | Level::Critical | Level::Error => {
            tracing::error!(target: TARGET, "{text}");
        }
        Level::Warning => tracing::warn!(target: TARGET, "{text}"),
        Level::Notice | Level::Info => tracing::info!(target: TARGET, "{text}"),
        Level::Debug => tracing::debug!(target: TARGET, "{text}"),
    }
    #[cfg(not(feature = "tracing"))]
    let _ = (level, text);
}

/// The client has said that it can't go on, and is replaced.
pub(super) fn restarted(why: &str) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: TARGET, "the client can't go on and is replaced: {why}");
    #[cfg(not(feature = "tracing"))]
    let _ = why;
}

/// The first point is lost since one was delivered.
pub(super) fn lost(why: Option<&str>) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: TARGET, "points are lost: {}", why.unwrap_or("there is no room for them, or no time"));
    #[cfg(not(feature = "tracing"))]
    let _ = why;
}
