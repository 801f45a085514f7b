//! What a Kafka reporter is told before it starts, as properties of its client.

use super::error::KafkaError;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError as ClientError;
use std::fmt;

/// What whoever runs Kafka would wish, unless told otherwise: each record once and in order, in compressed batches,
/// as many as are there after 50 ms.
const UNLESS_TOLD: [(&str, &str); 11] = [
    ("client.id", "flowmeter"),
    ("acks", "all"),
    ("enable.idempotence", "true"),
    ("compression.type", "lz4"),
    ("linger.ms", "50"),
    ("batch.size", "1000000"),
    ("message.timeout.ms", "120000"),
    ("queue.buffering.max.messages", "200000"),
    ("queue.buffering.max.kbytes", "32768"),
    // What clients in Java do: so records with one key are in one partition, whoever wrote them.
    ("partitioner", "murmur2_random"),
    ("socket.keepalive.enable", "true"),
];

/// In the names of properties whose values nobody must see.
const SECRET: [&str; 7] =
    ["password", "passphrase", "secret", "token", "jaas", ".pem", "oauthbearer.config"];

/// The properties of the client, and the topic.
#[derive(Clone, Default)]
pub(super) struct Settings {
    brokers: String,
    pub(super) topic: String,
    /// In the order in which they were told.
    told: Vec<(String, String)>,
}

impl Settings {
    pub(super) fn new(brokers: String) -> Settings {
        Settings { brokers, ..Settings::default() }
    }

    pub(super) fn set(&mut self, property: String, value: String) {
        self.told.push((property, value));
    }

    /// All of them for the client, each checked by it.
    pub(super) fn config(&self) -> Result<ClientConfig, KafkaError> {
        if self.brokers.trim().is_empty() {
            return Err(KafkaError::NoBrokers);
        }
        if self.topic.is_empty() {
            return Err(KafkaError::NoTopic);
        }
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers);
        UNLESS_TOLD.iter().for_each(|&(property, value)| _ = config.set(property, value));
        for (property, value) in &self.told {
            config.set(property, value);
        }
        config.create_native_config().map_err(|error| self.refused(&error))?;
        Ok(config)
    }

    /// What the client says of settings that it does not take, without the values that are secret.
    pub(super) fn refused(&self, error: &ClientError) -> KafkaError {
        match error {
            ClientError::ClientConfig(_, why, property, _) => {
                KafkaError::Property { property: property.clone(), why: self.without_secrets(why) }
            }
            ClientError::ClientCreation(why) => {
                KafkaError::Client { why: self.without_secrets(why) }
            }
            other => KafkaError::Client { why: self.without_secrets(&other.to_string()) },
        }
    }

    /// A text of the client, in which no secret is.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let secrets =
            self.told.iter().filter(|(property, value)| is_secret(property) && !value.is_empty());
        secrets.fold(text.to_owned(), |text, (_, value)| text.replace(value.as_str(), "…"))
    }
}

/// Whether the values of this property are kept out of everything that is shown.
fn is_secret(property: &str) -> bool {
    let property = property.to_lowercase();
    SECRET.iter().any(|part| property.contains(part))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(property, value): &(String, String)| {
            let value = if is_secret(property) { "…" } else { value.as_str() };
            format!("{property}={value}")
        };
        let told: Vec<String> = self.told.iter().map(shown).collect();
        f.debug_struct("Settings")
            .field("brokers", &self.brokers)
            .field("topic", &self.topic)
            .field("told", &told)
            .finish()
    }
}
