//! `Message`: a point on its way, which can be sent once more.

use crate::point::Point;
use rdkafka::error::{KafkaError as ClientError, RDKafkaErrorCode as Code};

/// How a message is sent: what the client hands back with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// In a batch with others.
    Together,
    /// In a batch of its own, since it was refused together with others.
    Alone,
}

/// The client keeps a number for each message.
impl From<Sent> for usize {
    fn from(sent: Sent) -> usize {
        usize::from(sent == Sent::Alone)
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    /// It never left this process.
    Dropped,
    Failed,
}

impl Outcome {
    /// That of a message that a client had.
    pub(super) fn of_sent(error: &ClientError) -> Outcome {
        match error.rdkafka_error_code() {
            Some(Code::PurgeQueue) => Outcome::Dropped,
            _ => Outcome::Failed,
        }
    }

    /// That of a message that a client did not take: it has no room, or can't go on; or there is something about the
    /// message.
    pub(super) fn of_refused(error: &ClientError) -> Outcome {
        match error.rdkafka_error_code() {
            Some(Code::QueueFull | Code::Fatal) => Outcome::Dropped,
            _ => Outcome::Failed,
        }
    }
}

/// Whether all messages of a batch are refused for one of them, and nobody says for which.
pub(super) fn concerns_the_batch(error: &ClientError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::MessageSizeTooLarge
                | Code::MessageBatchTooLarge
                | Code::InvalidRecord
                | Code::InvalidDifferentRecord
                | Code::InvalidTimestamp,
        )
    )
}

/// A point, and what of it is beside its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    pub(super) key: &'a [u8],
    /// Without the newline.
    pub(super) line: &'a [u8],
    pub(super) unix_ms: i64,
}

/// A message that was refused together with others, and is to be sent alone.
#[derive(Debug)]
pub(super) struct Isolated {
    key: Vec<u8>,
    line: Vec<u8>,
    unix_ms: i64,
}

impl Isolated {
    pub(super) fn of(message: &impl rdkafka::Message) -> Isolated {
        let bytes = |part: Option<&[u8]>| part.unwrap_or_default().to_vec();
        Isolated {
            key: bytes(message.key()),
            line: bytes(message.payload()),
            unix_ms: message.timestamp().to_millis().unwrap_or_default(),
        }
    }

    pub(super) fn message(&self) -> Message<'_> {
        Message { key: &self.key, line: &self.line, unix_ms: self.unix_ms }
    }
}

/// The point of this line, by its metric and its size.
pub(super) fn named(line: &[u8]) -> String {
    let point = std::str::from_utf8(line).ok().and_then(|line| Point::from_line(line).ok());
    let metric = point.map_or_else(|| "?".to_owned(), |point| point.metric);
    format!("the point `{metric}` of {} bytes", line.len())
}
