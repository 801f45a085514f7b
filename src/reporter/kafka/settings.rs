//! What a Kafka reporter is told before it starts, as properties of its client.

use super::error::KafkaError;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::KafkaError as ClientError;
use std::cmp::Reverse;
use std::fmt;

/// What whoever runs Kafka would wish, unless told otherwise: each point once and in order, in compressed batches,
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
    // What clients in Java do: so messages with one key are in one partition, whoever wrote them.
    ("partitioner", "murmur2_random"),
    ("socket.keepalive.enable", "true"),
];

/// Two names of one property each. The client takes both, and the one that it is given last.
const ALIASES: [[&str; 2]; 10] = [
    ["bootstrap.servers", "metadata.broker.list"],
    ["max.in.flight", "max.in.flight.requests.per.connection"],
    ["sasl.mechanism", "sasl.mechanisms"],
    ["sasl.oauthbearer.client.credentials.client.id", "sasl.oauthbearer.client.id"],
    ["sasl.oauthbearer.client.credentials.client.secret", "sasl.oauthbearer.client.secret"],
    ["linger.ms", "queue.buffering.max.ms"],
    ["retries", "message.send.max.retries"],
    ["compression.type", "compression.codec"],
    ["acks", "request.required.acks"],
    ["delivery.timeout.ms", "message.timeout.ms"],
];

/// What can't be told, and why.
const NOT_TO_BE_SET: [(&str, &str); 2] = [
    ("delivery.report.only.error", "the reporter has to hear of each point that was delivered"),
    ("transactional.id", "the reporter makes no transactions"),
];

/// In the names of properties whose values nobody must see.
const SECRET: [&str; 9] =
    ["pass", "secret", "token", "jaas", "key", "pem", "cmd", "proxy", "oauthbearer.config"];

/// The properties of the client, and the topic.
#[derive(Clone, Default)]
pub(super) struct Settings {
    brokers: String,
    pub(super) topic: String,
    /// In the order in which they were set.
    set: Vec<(String, String)>,
}

impl Settings {
    pub(super) fn new(brokers: String) -> Settings {
        Settings { brokers, ..Settings::default() }
    }

    pub(super) fn set(&mut self, property: String, value: String) {
        self.set.push((property, value));
    }

    /// All of them for the client, each checked by it.
    pub(super) fn config(&self) -> Result<ClientConfig, KafkaError> {
        if self.topic.is_empty() {
            return Err(KafkaError::NoTopic);
        }
        if self.topic.contains('\0') {
            return Err(KafkaError::Client {
                why: format!("the topic {:?} has a NUL", self.topic),
            });
        }
        let mut config = ClientConfig::new();
        put(&mut config, "bootstrap.servers", &self.brokers);
        for (property, value) in UNLESS_TOLD {
            put(&mut config, property, value);
        }
        for (property, value) in &self.set {
            may_be_set(property, value)?;
            put(&mut config, property, value);
        }
        if names("bootstrap.servers").all(|name| config.get(name).is_none_or(is_blank)) {
            return Err(KafkaError::NoBrokers);
        }
        config.set_log_level(self.log_level());
        config.create_native_config().map_err(|error| self.refused(&error))?;
        Ok(config)
    }

    /// Where the points go: the topic, and the brokers.
    pub(super) fn target(&self) -> String {
        let of_brokers = |(property, _): &&(String, String)| {
            names("bootstrap.servers").any(|name| name == property)
        };
        let set = self.set.iter().rev().find(of_brokers).map(|(_, brokers)| brokers);
        format!("the topic `{}` at {}", self.topic, set.unwrap_or(&self.brokers))
    }

    /// The same for a client that sends each point alone.
    pub(super) fn config_of_one(&self) -> Result<ClientConfig, KafkaError> {
        let mut config = self.config()?;
        put(&mut config, "batch.num.messages", "1");
        put(&mut config, "linger.ms", "0");
        Ok(config)
    }

    /// What the client logs: what it does unless told; `log_level` is not heeded by itself.
    fn log_level(&self) -> RDKafkaLogLevel {
        let last = |name: &str| self.set.iter().rev().find(|(property, _)| property == name);
        match last("log_level").map(|(_, level)| level.trim()) {
            Some("0") => RDKafkaLogLevel::Emerg,
            Some("1") => RDKafkaLogLevel::Alert,
            Some("2") => RDKafkaLogLevel::Critical,
            Some("3") => RDKafkaLogLevel::Error,
            Some("4") => RDKafkaLogLevel::Warning,
            Some("5") => RDKafkaLogLevel::Notice,
            Some("7") => RDKafkaLogLevel::Debug,
            None if last("debug").is_some() => RDKafkaLogLevel::Debug,
            _ => RDKafkaLogLevel::Info,
        }
    }

    /// What the client says of settings that it does not take, without the values that are secret.
    pub(super) fn refused(&self, error: &ClientError) -> KafkaError {
        match error {
            ClientError::ClientConfig(_, why, property, value) => {
                let (value, why) = (self.without_secrets(value), self.without_secrets(why));
                refused(property, &value, with_hint(property, &why))
            }
            ClientError::ClientCreation(why) => {
                KafkaError::Client { why: with_hint("ssl.", &self.without_secrets(why)) }
            }
            other => KafkaError::Client { why: self.without_secrets(&other.to_string()) },
        }
    }

    /// A text of the client, in which no secret is.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let is_one =
            |(property, value): &&(String, String)| is_secret(property) && !value.is_empty();
        let mut secrets: Vec<_> = self.set.iter().filter(is_one).map(|(_, value)| value).collect();
        // One can be the beginning of another.
        secrets.sort_by_key(|secret| Reverse(secret.len()));
        secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"))
    }
}

/// Sets a property in the place of what it was before, by whichever of its names.
fn put(config: &mut ClientConfig, property: &str, value: &str) {
    for name in names(property) {
        config.remove(name);
    }
    config.set(property, value);
}

/// All names of a property.
fn names(property: &str) -> impl Iterator<Item = &str> {
    let others = ALIASES.iter().filter(move |names| names.contains(&property)).flatten();
    others.copied().chain([property])
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn may_be_set(property: &str, value: &str) -> Result<(), KafkaError> {
    if property.contains('\0') || value.contains('\0') {
        return Err(refused(property, value, "there is a NUL in it".to_owned()));
    }
    match NOT_TO_BE_SET.iter().find(|(name, _)| *name == property) {
        Some((_, why)) => Err(refused(property, value, (*why).to_owned())),
        None => Ok(()),
    }
}

fn refused(property: &str, value: &str, why: String) -> KafkaError {
    let value = shown(property, value).to_owned();
    KafkaError::Property { property: property.to_owned(), value, why }
}

/// The client's words, and which feature has what it does not.
fn with_hint(property: &str, why: &str) -> String {
    let is_of_tls =
        ["security.protocol", "ssl.", "sasl."].iter().any(|of| property.starts_with(of));
    let has_no_tls = !cfg!(feature = "kafka-tls") && is_of_tls && why.contains("at build time");
    let hint = if has_no_tls { "; the feature `kafka-tls` brings it" } else { "" };
    format!("{why}{hint}")
}

/// The value of a property as it may be seen.
fn shown<'a>(property: &str, value: &'a str) -> &'a str {
    if is_secret(property) { "…" } else { value }
}

/// Whether the values of this property are kept out of everything that is shown.
fn is_secret(property: &str) -> bool {
    let property = property.to_lowercase();
    SECRET.iter().any(|part| property.contains(part))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pair =
            |(property, value): &(String, String)| format!("{property}={}", shown(property, value));
        let set: Vec<String> = self.set.iter().map(pair).collect();
        f.debug_struct("Settings")
            .field("brokers", &self.brokers)
            .field("topic", &self.topic)
            .field("set", &set)
            .finish()
    }
}
