//! The Kafka reporter's figures, and `KafkaStatus`, one cut of them.

use crate::metric::{Counter, Gauge};
use crate::report::Figure;

/// What a Kafka reporter knows of its points at one moment.
///
/// Always `produced = delivered + failed + dropped + queued`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KafkaStatus {
    /// Points of all reports.
    pub produced: u64,
    /// Points that the brokers have acknowledged, as `acks` asks for.
    pub delivered: u64,
    /// Points that the client or a broker refused, or that were not acknowledged in time: a broker may have these.
    pub failed: u64,
    /// Points that never left this process: the queue was full, or they were still in it when the reporter was closed,
    /// or the client could not go on.
    pub dropped: u64,
    /// Points that are in the client's queue, or on their way.
    pub queued: u64,
    /// Points that were refused together with others, and were or will be sent once more.
    pub isolated: u64,
    /// Values that no point can carry, because they are not finite.
    pub left_out: u64,
    /// How often the client told of brokers that can't be reached, of authentication, and the like; the same again counts
    /// only after a point was delivered.
    pub errors: u64,
    /// How often the client was replaced, because it had said that it can't go on.
    pub restarts: u64,
    /// What went wrong last, as a sentence; it stays when all is well again. It says nothing of points that were dropped:
    /// there was no room for them, or no time.
    pub last_error: Option<String>,
}

/// The same as a registry shows them.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) produced: Counter,
    pub(super) delivered: Counter,
    pub(super) failed: Counter,
    pub(super) dropped: Counter,
    pub(super) isolated: Counter,
    pub(super) left_out: Counter,
    pub(super) errors: Counter,
    pub(super) restarts: Counter,
    pub(super) queued: Gauge,
}

impl Figures {
    pub(super) fn named(&self) -> Vec<(&'static str, Figure)> {
        vec![
            ("points.produced", self.produced.clone().into()),
            ("points.delivered", self.delivered.clone().into()),
            ("points.failed", self.failed.clone().into()),
            ("points.dropped", self.dropped.clone().into()),
            ("points.queued", self.queued.clone().into()),
            ("points.isolated", self.isolated.clone().into()),
            ("points.left_out", self.left_out.clone().into()),
            ("client.errors", self.errors.clone().into()),
            ("client.restarts", self.restarts.clone().into()),
        ]
    }
}
