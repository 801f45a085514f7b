//! `Message`: a point on its way, which can be sent once more.

use crate::point::Point;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

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

impl From<usize> for Sent {
    fn from(number: usize) -> Sent {
        if number == 0 { Sent::Together } else { Sent::Alone }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    /// It was in a batch that was refused for one of its messages, maybe another one.
    Isolated,
    /// It never left this process.
    Dropped,
    Failed,
}

impl Outcome {
    /// That of a message about which the client says this.
    pub(super) fn of(error: &KafkaError, sent: Sent) -> Outcome {
        use RDKafkaErrorCode as Code;
        match error.rdkafka_error_code() {
            Some(Code::QueueFull | Code::PurgeQueue) => Outcome::Dropped,
            Some(
                Code::MessageSizeTooLarge
                | Code::MessageBatchTooLarge
                | Code::InvalidRecord
                | Code::InvalidDifferentRecord
                | Code::InvalidTimestamp,
            ) if sent == Sent::Together => Outcome::Isolated,
            _ => Outcome::Failed,
        }
    }
}

/// A point, and what of it is beside its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    pub(super) key: &'a [u8],
    /// Without the newline.
    pub(super) line: &'a [u8],
    pub(super) unix_ms: i64,
}

/// A message that was refused together with others.
#[derive(Debug)]
pub(super) struct Kept {
    key: Vec<u8>,
    line: Vec<u8>,
    unix_ms: i64,
}

impl Kept {
    pub(super) fn of(message: &impl rdkafka::Message) -> Kept {
        let bytes = |part: Option<&[u8]>| part.unwrap_or_default().to_vec();
        Kept {
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
