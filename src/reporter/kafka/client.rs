//! The clients of a Kafka reporter, and what they tell it.

use super::message::{Isolated, Message, Outcome, Sent, concerns_the_batch, named};
use super::settings::Settings;
use super::shared::Shared;
use super::{error::KafkaError, log};
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::KafkaError as ClientError;
use rdkafka::message::Message as _;
use rdkafka::producer::{
    BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig,
};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

type Client = BaseProducer<Listener>;

/// Hears what a client says, on the thread that asks it.
struct Listener {
    shared: Arc<Shared>,
    settings: Settings,
}

impl ClientContext for Listener {
    fn log(&self, level: RDKafkaLogLevel, _: &str, text: &str) {
        log::said(level, &self.settings.without_secrets(text));
    }

    fn error(&self, error: ClientError, why: &str) {
        let why = self.settings.without_secrets(why);
        self.shared.ledger().client_erred(error.rdkafka_error_code(), &why);
    }
}

impl ProducerContext for Listener {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, sent: usize) {
        match result {
            Ok(_) => _ = self.shared.ledger().note(Outcome::Delivered),
            Err((error, message))
                if sent == usize::from(Sent::Together) && concerns_the_batch(error) =>
            {
                self.shared.ledger().isolate(Isolated::of(message));
            }
            Err((error, message)) => self.shared.lost(Outcome::of_sent(error), || {
                let line = message.payload().unwrap_or_default();
                format!("{} was not delivered: {}", named(line), said(error))
            }),
        }
    }
}

/// What the client says of a message, without what says that it is about one.
fn said(error: &ClientError) -> String {
    error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string())
}

/// So long a client is listened to, whatever it says.
const A_MOMENT: Duration = Duration::from_millis(5);

/// How often it is asked at most whether the clients have told everything that they gave up: for some seconds, however
/// much that is.
const ASKED: usize = 500;

/// A client that sends in batches; and one that sends each point alone, once there are some that were refused with
/// others.
pub(super) struct Clients {
    settings: Settings,
    shared: Arc<Shared>,
    together: Client,
    alone: OnceLock<Client>,
}

impl Clients {
    pub(super) fn new(settings: &Settings, shared: &Arc<Shared>) -> Result<Clients, KafkaError> {
        Ok(Clients {
            settings: settings.clone(),
            shared: Arc::clone(shared),
            together: client(settings, shared, &settings.config()?)?,
            alone: OnceLock::new(),
        })
    }

    /// Hands a point over, and notes what became of it if that is known at once. It never waits.
    pub(super) fn send(&self, message: &Message<'_>) {
        self.hand_over(&self.together, message, Sent::Together);
    }

    /// The same, in a batch of its own. It is called by one thread.
    pub(super) fn send_alone(&self, message: &Message<'_>) {
        match self.alone() {
            Ok(client) => self.hand_over(client, message, Sent::Alone),
            Err(error) => self.shared.lost(Outcome::Failed, || {
                format!("{} was not sent alone: {error}", named(message.line))
            }),
        }
    }

    fn alone(&self) -> Result<&Client, KafkaError> {
        if let Some(client) = self.alone.get() {
            return Ok(client);
        }
        let client = client(&self.settings, &self.shared, &self.settings.config_of_one()?)?;
        Ok(self.alone.get_or_init(|| client))
    }

    fn hand_over(&self, client: &Client, message: &Message<'_>, sent: Sent) {
        let record = BaseRecord::with_opaque_to(&self.settings.topic, usize::from(sent))
            .key(message.key)
            .payload(message.line)
            .timestamp(message.unix_ms);
        let Err((error, _)) = client.send(record) else { return };
        self.shared.lost(Outcome::of_refused(&error), || {
            format!("{} was not taken: {}", named(message.line), said(&error))
        });
    }

    fn all(&self) -> impl Iterator<Item = &Client> {
        [&self.together].into_iter().chain(self.alone.get())
    }

    /// Waits so long for what the clients have to tell, and has it told.
    pub(super) fn listen(&self, within: Duration) {
        self.alone.get().inspect(|client| client.poll(A_MOMENT));
        self.together.poll(within);
    }

    /// Has everything sent at once, waits a moment, and says whether all of it is told by then.
    pub(super) fn flush(&self) -> bool {
        // An error means that it is not all yet, and nothing else.
        let flushed = |client: &Client| client.flush(A_MOMENT).is_ok();
        let (alone, together) = (self.alone.get().is_none_or(flushed), flushed(&self.together));
        alone && together
    }

    /// Whether one of them has said that it can't go on.
    pub(super) fn have_failed(&self) -> bool {
        self.all().any(|client| client.client().fatal_error().is_some())
    }

    /// Gives up whatever is queued or on its way.
    pub(super) fn give_up(&self) {
        self.all().for_each(|client| client.purge(PurgeConfig::default().queue().inflight()));
        let _ = (0..ASKED).any(|_| self.flush());
    }
}

fn client(
    settings: &Settings,
    shared: &Arc<Shared>,
    config: &ClientConfig,
) -> Result<Client, KafkaError> {
    let listener = Listener { shared: Arc::clone(shared), settings: settings.clone() };
    config.create_with_context(listener).map_err(|error| settings.refused(&error))
}
