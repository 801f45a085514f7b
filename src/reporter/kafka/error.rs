//! Why a Kafka reporter can't start, and what did not arrive when it was closed.

use std::fmt;
use std::io;

/// Why a Kafka reporter can't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KafkaError {
    /// It was closed before.
    #[error("the Kafka reporter is closed")]
    Closed,
    /// It was told no brokers.
    #[error("the Kafka reporter can't start: it was told no brokers, see `Kafka::to`")]
    NoBrokers,
    /// It was not told which topic to write to.
    #[error("the Kafka reporter can't start: it was told no topic, see `Kafka::topic`")]
    NoTopic,
    /// The client does not know a property, or does not take its value.
    #[error(
        "the Kafka reporter can't start: the client refuses `{property}`, set to `{value}`: {why}"
    )]
    Property {
        /// The name of the property.
        property: String,
        /// What it was set to; in the place of a secret value stands `…`.
        value: String,
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

/// What did not arrive when a reporter was closed.
#[derive(Debug)]
pub(super) struct Undelivered {
    /// The topic, and the brokers.
    pub(super) target: String,
    pub(super) produced: u64,
    pub(super) failed: u64,
    pub(super) dropped: u64,
    pub(super) queued: u64,
    pub(super) why: Option<String>,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Undelivered { target, produced, failed, dropped, queued, why } = self;
        let parts = [(failed, "failed"), (dropped, "were dropped"), (queued, "have no answer")];
        let parts = parts.iter().filter(|(count, _)| **count > 0);
        let parts: Vec<_> = parts.map(|(count, what)| format!("{count} {what}")).collect();
        write!(f, "of {produced} points for {target} {}: ", parts.join(", "))?;
        f.write_str(why.as_deref().unwrap_or("no reason was told; is the topic there?"))
    }
}

impl std::error::Error for Undelivered {}
