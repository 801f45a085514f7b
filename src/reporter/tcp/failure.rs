//! What went wrong with a connection: its class, in a word for logs, and the sentence of it.

use crate::panics::caught;
use crate::text;
use std::fmt;
use std::io::{Error, ErrorKind};
use std::time::Duration;

/// The class of an error: a word to search logs by.
#[cfg(feature = "tracing")]
pub(super) fn class(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "dns",
        ErrorKind::InvalidInput => "address",
        ErrorKind::ConnectionRefused => "refused",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "time-out",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "unreachable",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "reset",
        ErrorKind::BrokenPipe => "broken pipe",
        ErrorKind::UnexpectedEof => "end",
        _ => "other",
    }
}

/// What an error says, whatever its own code does when it is asked.
pub(super) fn said(error: &Error) -> String {
    caught(|| text::sentence(error))
        .unwrap_or_else(|panic| format!("an error that panics: {panic}"))
}

pub(super) fn ended_by_peer() -> Error {
    Error::new(ErrorKind::UnexpectedEof, "the peer ended the connection")
}

pub(super) fn ended_by_us() -> Error {
    Error::new(ErrorKind::Interrupted, "the reporter was dropped")
}

pub(super) fn nothing_accepted() -> Error {
    Error::new(ErrorKind::WriteZero, "the connection accepts nothing")
}

pub(super) fn write_too_long(within: Duration) -> Error {
    Error::new(ErrorKind::TimedOut, format!("nothing was accepted for {within:?}"))
}

pub(super) fn close_too_long() -> Error {
    Error::new(ErrorKind::TimedOut, "the peer did not take everything in time")
}

pub(super) fn not_ended_in_time() -> Error {
    Error::new(
        ErrorKind::TimedOut,
        "the peer did not end the connection in time after it had read our end",
    )
}

/// What was still to be delivered when a reporter was closed.
#[derive(Debug)]
pub(super) struct Undelivered {
    pub(super) queued: u64,
    pub(super) unconfirmed: u64,
    pub(super) why: Option<String>,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Undelivered { queued, unconfirmed, why } = self;
        match (queued, unconfirmed) {
            (_, 0) => write!(f, "{queued} lines were not sent")?,
            (0, _) => write!(f, "{unconfirmed} lines are unconfirmed")?,
            _ => write!(f, "{queued} lines were not sent and {unconfirmed} are unconfirmed")?,
        }
        why.iter().try_for_each(|why| write!(f, ": {why}"))
    }
}

impl std::error::Error for Undelivered {}
