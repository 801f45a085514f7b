//! The clients of a Kafka reporter, and what they tell it.

use super::message::{Kept, Message, Outcome, Sent, named};
use super::settings::Settings;
use super::shared::Shared;
use super::{error::KafkaError, log};
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::{KafkaError as ClientError, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::producer::{
    BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig,
};
use std::sync::Arc;
use std::time::Duration;

type Client = BaseProducer<Told>;

/// Hears what a client says, on the thread that asks it.
struct Told {
    shared: Arc<Shared>,
    settings: Settings,
}

impl ClientContext for Told {
    fn log(&self, level: RDKafkaLogLevel, _: &str, text: &str) {
        log::said(level, &self.settings.without_secrets(text));
    }

    fn error(&self, error: ClientError, why: &str) {
        let (why, mut ledger) = (self.settings.without_secrets(why), self.shared.ledger());
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AllBrokersDown) => ledger.all_brokers_are_down(&why),
            _ => ledger.client_erred(&why),
        }
    }
}

impl ProducerContext for Told {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, sent: usize) {
        match result {
            Ok(_) => self.shared.ledger().note(Outcome::Delivered),
            Err((error, message)) => {
                let outcome = Outcome::of(error, sent.into());
                if outcome == Outcome::Isolated {
                    return self.shared.ledger().isolate(Kept::of(message));
                }
                let line = message.payload().unwrap_or_default();
                self.shared.lost(outcome, || {
                    format!("{} was not delivered: {}", named(line), said(error))
                });
            }
        }
    }
}

/// What the client says of a message, without what says that it is about one.
fn said(error: &ClientError) -> String {
    error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string())
}

/// A client listens so long, whatever it hears.
const A_MOMENT: Duration = Duration::from_millis(5);

/// How often it is asked at most whether the clients have told everything that they gave up: for some seconds, however
/// much that is.
const ASKED: usize = 500;

/// Two clients: one that sends in batches, and one that sends each message alone, for those that were refused with
/// others.
pub(super) struct Clients {
    topic: String,
    together: Client,
    alone: Client,
}

impl Clients {
    pub(super) fn new(settings: &Settings, shared: &Arc<Shared>) -> Result<Clients, KafkaError> {
        let config = settings.config()?;
        let mut config_of_one = config.clone();
        config_of_one.set("batch.num.messages", "1").set("linger.ms", "0");
        let client = |config: &ClientConfig| {
            let told = Told { shared: Arc::clone(shared), settings: settings.clone() };
            config.create_with_context(told).map_err(|error| settings.refused(&error))
        };
        Ok(Clients {
            topic: settings.topic.clone(),
            together: client(&config)?,
            alone: client(&config_of_one)?,
        })
    }

    /// Hands a message over, and notes what became of it if that is known at once. It never waits.
    pub(super) fn send(&self, message: &Message<'_>, sent: Sent, shared: &Shared) {
        let client = if sent == Sent::Alone { &self.alone } else { &self.together };
        let record = BaseRecord::with_opaque_to(&self.topic, usize::from(sent))
            .key(message.key)
            .payload(message.line)
            .timestamp(message.unix_ms);
        let Err((error, _)) = client.send(record) else { return };
        // The client has looked at this one only: to send it alone would not help.
        let outcome = Outcome::of(&error, Sent::Alone);
        shared.lost(outcome, || format!("{} was not taken: {}", named(message.line), said(&error)));
    }

    /// Waits so long for what the clients have to tell, and has it told.
    pub(super) fn listen(&self, within: Duration) {
        self.alone.poll(Duration::ZERO);
        self.together.poll(within);
    }

    /// Has everything sent at once, waits a moment, and says whether all of it is told by then.
    pub(super) fn flush(&self) -> bool {
        // An error means that it is not all yet, and nothing else.
        let flushed = |client: &Client| client.flush(A_MOMENT).is_ok();
        [&self.together, &self.alone].map(flushed) == [true, true]
    }

    /// Whether one of them has said that it can't go on.
    pub(super) fn have_failed(&self) -> bool {
        [&self.together, &self.alone].iter().any(|client| client.client().fatal_error().is_some())
    }

    /// Gives up whatever is queued or on its way.
    pub(super) fn give_up(&self) {
        for client in [&self.together, &self.alone] {
            client.purge(PurgeConfig::default().queue().inflight());
        }
        let _ = (0..ASKED).any(|_| self.flush());
    }
}
