//! Host gauges: what the page says of them, beside what other tools say, and what they cost.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod choice;
#[path = "../common/example.rs"]
mod common;
mod cost;
mod example;
mod page;
mod sources;
mod support;
mod truth;
