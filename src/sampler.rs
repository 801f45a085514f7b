//! `Sampler`: runs users' calls on threads of its own, whatever these calls do.

mod call;
mod shared;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use call::{Answer, CallId};

use crate::clock::Clock;
use crate::panics::let_go;
use call::Call;
use crossbeam_channel::RecvTimeoutError;
use shared::{Shared, StartThread, start_thread};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call has overrun when it runs for this part of the time that a sample waits.
///
/// So even if each of them overruns until no more are allowed to, all are known before the time is over.
const OVERRUN_PART: u32 = 5;

/// Runs users' calls one after the other on a thread of its own, so that one that hangs holds up neither
/// the caller nor the other calls.
///
/// The thread exists only while there are calls: the first [`sample`](Sampler::sample) starts it. A call
/// that runs for a fifth of `wait` has *overrun*: it is stuck, it keeps its thread, and a fresh one takes
/// over the rest. So up to four that hang hold nothing else up; with a fifth nothing is called until one of
/// them returns.
///
/// A call may use the sampler itself, and may panic. No lock is held while it runs, nor while what it
/// has captured is dropped. What it gives is expected to have a drop that returns.
///
/// A sampler that is dropped ends its thread, and waits for that, unless the thread is inside a call: that
/// thread is left behind, and ends when the call returns.
pub(crate) struct Sampler<T> {
    shared: Arc<Shared<T>>,
    wait: Duration,
}

impl<T: Send + 'static> Sampler<T> {
    /// A sampler without calls, whose samples take at most `wait` of that clock.
    pub(crate) fn new(clock: Clock, wait: Duration) -> Sampler<T> {
        Sampler::with_threads(clock, wait, Box::new(start_thread))
    }

    fn with_threads(clock: Clock, wait: Duration, start: StartThread) -> Sampler<T> {
        Sampler { shared: Arc::new(Shared::new(clock, wait / OVERRUN_PART, start)), wait }
    }

    /// Adds a call, to be called in every sample from now on.
    pub(crate) fn add(&self, call: Call<T>) -> CallId {
        self.shared.state().add(call)
    }

    /// Removes a call: what it has captured is dropped now, or when it returns if it is running.
    ///
    /// With the last call the thread ends, and is waited for if it is not inside a call.
    pub(crate) fn remove(&self, id: CallId) {
        let (call, thread) = self.shared.state().remove(id);
        self.shared.end(thread);
        let_go(call);
    }

    /// Calls all that were added before, and gives the answers in the order of their ids.
    ///
    /// It waits for at most `wait`, and not at all for what is known not to come: calls that have been
    /// stuck since before, and whatever they hold up. What is removed meanwhile may be missing. Of samples
    /// at the same time each has its own answers. From a thread of this sampler, that is, from inside one
    /// of its calls, it gives nothing, and `u64::MAX`.
    ///
    /// The number of the sample comes with them: of two samples the one with the higher number called each
    /// call later.
    pub(crate) fn sample(&self) -> (u64, Vec<(CallId, Answer<T>)>) {
        if self.shared.serves_on_this_thread() {
            return (u64::MAX, Vec::new());
        }
        // Before the round, so that a manual clock stands still until this thread waits.
        let mut waiter = self.shared.clock().waiter();
        let deadline = self.shared.clock().now() + self.wait;
        let mut round = self.shared.open_round();
        while round.lacks_answers() {
            let look_again = self.shared.oversee().map_or(deadline, |moment| moment.min(deadline));
            match waiter.recv_deadline(&round.replies, look_again) {
                Ok((id, answer)) => round.note(id, answer),
                Err(RecvTimeoutError::Timeout) if self.shared.clock().now() < deadline => {}
                // The time is over, or nobody is left who could answer.
                Err(_) => break,
            }
        }
        self.shared.state().leave(&mut round);
        (round.number, round.answers.into_iter().collect())
    }

    /// How many calls have overrun, as far as samples have seen, and have not returned yet.
    pub(crate) fn stuck(&self) -> usize {
        self.shared.state().stuck()
    }
}

impl<T> Drop for Sampler<T> {
    fn drop(&mut self) {
        let (calls, thread) = self.shared.state().close();
        self.shared.end(thread);
        // One by one: what panics while it is dropped must not keep the others.
        calls.into_values().for_each(let_go);
    }
}

impl<T> fmt::Debug for Sampler<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampler").field("wait", &self.wait).finish_non_exhaustive()
    }
}
