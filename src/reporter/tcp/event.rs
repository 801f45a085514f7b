//! What the thread that owns the connection is told.

use crate::clock::Moment;
use std::io;

pub(super) enum Event {
    /// Much is queued: it is worth a write before that is due.
    Much,
    /// The reading half of a connection ended; `Ok` if that was after we had shut ours.
    Ended { connection: u64, end: io::Result<()> },
    /// Everything is to be sent, and the connection to be ended in order, until that moment.
    Close(Moment),
    /// The thread is to end.
    Stop,
}
