//! The Kafka reporter against librdkafka's cluster in process, with errors injected; and against a real broker.
#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod broker;
#[path = "../common/example.rs"]
mod common;
mod mock;
mod refusals;
mod settings;
mod support;
