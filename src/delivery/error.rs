//! Why a reporter's reports did not all go out.

use std::time::Duration;

/// Why the last report of a reporter did not go out, or nothing of it at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// It gave an error.
    #[error("reporter `{reporter}` failed with its last report: {reason}")]
    Failed {
        /// The name that it is attached by.
        reporter: String,
        /// What it said.
        reason: String,
    },
    /// It panicked, and was not called again.
    #[error("reporter `{reporter}` panicked and was set aside: {reason}")]
    Panicked {
        /// The name that it is attached by.
        reporter: String,
        /// The message of the panic.
        reason: String,
    },
    /// It did not end in time, and was left behind with its thread.
    #[error("reporter `{reporter}` did not end within {within:?} and was left behind")]
    LeftBehind {
        /// The name that it is attached by.
        reporter: String,
        /// How long it was waited for.
        within: Duration,
    },
    /// The system gave it no thread, so that it never ran.
    #[error("reporter `{reporter}` never ran, since it was given no thread: {reason}")]
    NoThread {
        /// The name that it is attached by.
        reporter: String,
        /// What the system said.
        reason: String,
    },
}

/// Which reporters of a registry did not deliver everything, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", sentences(.errors))]
#[non_exhaustive]
pub struct CloseError {
    /// One of each, in the order in which they were attached.
    pub errors: Vec<DeliveryError>,
}

fn sentences(errors: &[DeliveryError]) -> String {
    errors.iter().map(DeliveryError::to_string).collect::<Vec<_>>().join("; ")
}
