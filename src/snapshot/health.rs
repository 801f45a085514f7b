//! What a health check says.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// What a health check said when it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It found nothing wrong.
    Healthy,
    /// It found something wrong, or panicked.
    Unhealthy {
        /// Why, in one line of at most about 1 KiB.
        reason: Arc<str>,
    },
}

impl Health {
    /// Whether nothing was wrong.
    pub fn is_healthy(&self) -> bool {
        matches!(self, Health::Healthy)
    }
}

/// `healthy`, or `unhealthy: ` and the reason.
impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Health::Healthy => f.write_str("healthy"),
            Health::Unhealthy { reason } => write!(f, "unhealthy: {reason}"),
        }
    }
}
