//! The TCP reporter's figures, and `TcpStatus`, one cut of them.

use crate::metric::{Counter, Gauge};
use crate::report::Figure;

/// What a TCP reporter knows of its lines at one moment, and of its connections.
///
/// In each of them `produced = written + dropped + queued` and `written = closed_in_order + unconfirmed + open`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TcpStatus {
    /// Lines of all reports.
    pub produced: u64,
    /// Lines whose last byte was accepted by the kernel.
    pub written: u64,
    /// Lines that were dropped from a full buffer to make room for newer ones.
    pub dropped: u64,
    /// Lines in the buffer: not written, or only in part.
    pub queued: u64,
    /// The bytes of the queued lines.
    pub queued_bytes: u64,
    /// Written lines of connections that ended in order: as far as can be seen without an acknowledgement, the
    /// peer has read them all.
    pub closed_in_order: u64,
    /// Written lines of connections that ended otherwise: the peer may have any beginning of them.
    pub unconfirmed: u64,
    /// Written lines of the connection that is open.
    pub open: u64,
    /// Signs of life that were written; they are no lines of a report, and in none of the other figures.
    pub alive: u64,
    /// Values that no line can carry, because they are not finite.
    pub left_out: u64,
    /// How often the peer was dialled.
    pub dials: u64,
    /// How often that failed.
    pub failed_dials: u64,
    /// Whether a connection is open.
    pub connected: bool,
    /// What went wrong last, as a sentence; it stays when all is well again.
    pub last_error: Option<String>,
}

/// The same as a registry shows them.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) produced: Counter,
    pub(super) written: Counter,
    pub(super) dropped: Counter,
    pub(super) closed_in_order: Counter,
    pub(super) unconfirmed: Counter,
    pub(super) alive: Counter,
    pub(super) left_out: Counter,
    pub(super) dials: Counter,
    pub(super) failed_dials: Counter,
    pub(super) queued: Gauge,
    pub(super) queued_bytes: Gauge,
    pub(super) open: Gauge,
    pub(super) connected: Gauge,
}

impl Figures {
    pub(super) fn named(&self) -> Vec<(&'static str, Figure)> {
        vec![
            ("lines.produced", self.produced.clone().into()),
            ("lines.written", self.written.clone().into()),
            ("lines.dropped", self.dropped.clone().into()),
            ("lines.closed_in_order", self.closed_in_order.clone().into()),
            ("lines.unconfirmed", self.unconfirmed.clone().into()),
            ("lines.alive", self.alive.clone().into()),
            ("lines.left_out", self.left_out.clone().into()),
            ("lines.queued", self.queued.clone().into()),
            ("lines.queued_bytes", self.queued_bytes.clone().into()),
            ("lines.open", self.open.clone().into()),
            ("connected", self.connected.clone().into()),
            ("dials", self.dials.clone().into()),
            ("dials.failed", self.failed_dials.clone().into()),
        ]
    }
}
