//! One user's call: its name and its answer.

use crate::panics::caught;

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
    match caught(call) {
        Ok(given) => Answer::Given(given),
        Err(message) => Answer::Panicked(message),
    }
}
