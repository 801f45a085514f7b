//! What may be registered in a registry, in which part of it, how much of it, and how it is taken back.

mod bad_names;
mod clashes;
mod collected;
mod details;
mod disabled;
mod freed;
mod given_back;
mod limits;
mod removal;
mod scopes;
mod threads;
mod written;

use crate::own::users;
use flowmeter::{MetricError, Registry};

/// What the error says.
#[track_caller]
fn why<T>(result: Result<T, MetricError>) -> String {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.to_string(),
    }
}

/// How many requests the registry has refused.
fn refusals(registry: &Registry) -> u64 {
    registry.collect().counter("flowmeter.refused").unwrap()
}

/// How many series users have there.
fn series(registry: &Registry) -> usize {
    users(&registry.collect()).len()
}

/// The keys of a part of a registry, as text.
fn texts(keys: Vec<flowmeter::Key>) -> Vec<String> {
    keys.iter().map(ToString::to_string).collect()
}
