//! One user's call: its name, its answer, and how to outlive what it does.

use crate::text::{OneLine, clipped};
use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A user's code, called once a sample, never twice at once.
pub(crate) type Call<T> = Box<dyn FnMut() -> T + Send>;

/// Names a call of one sampler; ordered as they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallId(pub(super) u64);

/// What came of a call in one sample.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer<T> {
    /// It returned in time.
    Given(T),
    /// It panicked: its message, clipped and on one line.
    Panicked(String),
    /// It has not returned in time, or was not called because others have not.
    Late,
}

/// Calls it.
pub(super) fn answer<T>(call: &mut Call<T>) -> Answer<T> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(given) => Answer::Given(given),
        Err(payload) => {
            let message = message(&*payload);
            let_go(payload);
            Answer::Panicked(message)
        }
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let literal = payload.downcast_ref::<&str>().copied();
    let text = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    clipped(&OneLine(text.unwrap_or("a panic without a message")))
}

/// Drops what is a user's, even if that panics, and the panic is one whose drop panics.
pub(super) fn let_go<V>(value: V) {
    let drop_it = || catch_unwind(AssertUnwindSafe(|| drop(value)));
    if let Err(payload) = drop_it()
        && let Err(worse) = catch_unwind(AssertUnwindSafe(|| drop(payload)))
    {
        // Each attempt to be rid of it may bring the next.
        mem::forget(worse);
    }
}
