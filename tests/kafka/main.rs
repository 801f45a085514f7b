//! The Kafka reporter against librdkafka's cluster in process, with errors injected; and against a real broker.
#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod broker;
mod mock;
mod refusals;
mod settings;
mod support;
