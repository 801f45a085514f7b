//! Why a Kafka reporter can't start, and what was not delivered when it was closed.

use std::fmt;
use std::io;

/// Why a Kafka reporter can't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KafkaError {
    /// It was told no brokers.
    #[error("the Kafka reporter can't start: it was told no brokers, see `Kafka::to`")]
    NoBrokers,
    /// It was not told which topic to write to.
    #[error("the Kafka reporter can't start: it was told no topic, see `Kafka::topic`")]
    NoTopic,
    /// The client does not know a property, or does not take its value.
    #[error("the Kafka reporter can't start: the client refuses the property `{property}`: {why}")]
    Property {
        /// The name of the property.
        property: String,
        /// The client's own words; in the place of a secret value stands `…`.
        why: String,
    },
    /// The client can't be made of its properties: as a rule, two of them contradict each other.
    #[error("the Kafka reporter can't start: its client can't be made: {why}")]
    Client {
        /// The client's own words; in the place of a secret value stands `…`.
        why: String,
    },
    /// The system starts no thread.
    #[error("the Kafka reporter can't start: {0}")]
    Thread(#[source] io::Error),
}

/// What was still to be delivered when a reporter was closed.
#[derive(Debug)]
pub(super) struct Undelivered {
    pub(super) dropped: u64,
    pub(super) unknown: u64,
    pub(super) why: Option<String>,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Undelivered { dropped, unknown, why } = self;
        match (dropped, unknown) {
            (_, 0) => write!(f, "{dropped} points were not sent in time")?,
            (0, _) => write!(f, "{unknown} points were sent, but not acknowledged in time")?,
            _ => write!(
                f,
                "{dropped} points were not sent in time, and {unknown} more not acknowledged"
            )?,
        }
        why.iter().try_for_each(|why| write!(f, ": {why}"))
    }
}

impl std::error::Error for Undelivered {}
