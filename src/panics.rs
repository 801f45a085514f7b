//! Users' code may panic: how to call it and to drop it, and outlive that.

use crate::text::{OneLine, clipped};
use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `code` returns; if it panics the message, clipped and on one line.
pub(crate) fn caught<T>(code: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let message = message(&*payload);
        let_go(payload);
        message
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let literal = payload.downcast_ref::<&str>().copied();
    let text = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    clipped(&OneLine(text.unwrap_or("a panic without a message")))
}

/// Drops what is a user's, even if that panics, and the panic is one whose drop panics.
pub(crate) fn let_go<V>(value: V) {
    let drop_it = || catch_unwind(AssertUnwindSafe(|| drop(value)));
    if let Err(payload) = drop_it()
        && let Err(worse) = catch_unwind(AssertUnwindSafe(|| drop(payload)))
    {
        // Each attempt to be rid of it may bring the next.
        mem::forget(worse);
    }
}
