//! What a sampler knows, changed in short steps under its one lock, in which no user's code runs.

use super::call::{Answer, Call, CallId};
use crate::clock::Moment;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::mem;
use std::thread::JoinHandle;
use std::time::Duration;

/// How many calls may be stuck, each on a thread of its own, while the others go on. With one more there is
/// no current thread, until one of them returns.
pub(super) const STUCK_AT_MOST: usize = 4;

/// Numbers a sampler's threads.
pub(super) type ThreadNumber = u64;

pub(super) type Reply<T> = (CallId, Answer<T>);

/// All calls; `None` for one that is running, which is how it is never called twice at once.
type Calls<T> = BTreeMap<CallId, Option<Call<T>>>;

// Whoever has a request has its sender. So one that is thrown away, by whomever and why ever, is known
// to its caller at once: once the last sender is gone, nobody is left who could answer.
pub(super) struct State<T> {
    calls: Calls<T>,
    added: u64,
    /// Only of rounds whose callers still wait; empty where there is no current thread.
    queue: VecDeque<Request<T>>,
    rounds: u64,
    /// The calls that overran when they were last called: they are called last, so that they starve no
    /// other.
    slow: BTreeSet<CallId>,
    /// The one that takes from the queue.
    current: Option<Worker>,
    /// The threads of calls that have overrun.
    stuck: BTreeMap<ThreadNumber, JoinHandle<()>>,
    threads: ThreadNumber,
}

struct Worker {
    number: ThreadNumber,
    handle: JoinHandle<()>,
    /// The call that it is in, and when it began with it; `None` while no user's code runs there.
    busy: Option<(CallId, Moment)>,
}

/// A call that is asked for in one round.
struct Request<T> {
    id: CallId,
    round: u64,
    reply: Sender<Reply<T>>,
}

/// One sample, as its caller sees it.
pub(super) struct Round<T> {
    pub(super) number: u64,
    /// Late, until the answer is there.
    pub(super) answers: BTreeMap<CallId, Answer<T>>,
    lacking: usize,
    pub(super) replies: Receiver<Reply<T>>,
}

/// What a thread does next.
pub(super) enum Step<T> {
    Call(Running<T>),
    Wait,
    End,
}

/// A call that is running, taken out of the state for that time.
pub(super) struct Running<T> {
    pub(super) id: CallId,
    pub(super) call: Call<T>,
    pub(super) reply: Sender<Reply<T>>,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        State {
            calls: Calls::new(),
            added: 0,
            queue: VecDeque::new(),
            rounds: 0,
            slow: BTreeSet::new(),
            current: None,
            stuck: BTreeMap::new(),
            threads: 0,
        }
    }
}

/// For those who own the sampler. What they are given, they drop or join after the lock.
impl<T> State<T> {
    pub(super) fn add(&mut self, call: Call<T>) -> CallId {
        self.added += 1;
        let id = CallId(self.added);
        self.calls.insert(id, Some(call));
        id
    }

    /// The call, unless it is running, and the thread if that has nothing to do any more.
    pub(super) fn remove(&mut self, id: CallId) -> (Option<Call<T>>, Option<JoinHandle<()>>) {
        self.slow.remove(&id);
        let call = self.calls.remove(&id).flatten();
        let thread = if self.calls.is_empty() { self.retire() } else { None };
        (call, thread)
    }

    /// As if all calls were removed.
    pub(super) fn close(&mut self) -> (Calls<T>, Option<JoinHandle<()>>) {
        (mem::take(&mut self.calls), self.retire())
    }

    /// The current thread, if it is not inside a user's call: it is told to end, and can be joined.
    fn retire(&mut self) -> Option<JoinHandle<()>> {
        let idle = self.current.take_if(|worker| worker.busy.is_none())?;
        self.queue.clear();
        Some(idle.handle)
    }

    pub(super) fn stuck(&self) -> usize {
        self.stuck.len()
    }
}

/// For those who sample.
impl<T> State<T> {
    /// Queues all calls for a new round.
    pub(super) fn open_round(&mut self) -> Round<T> {
        self.rounds += 1;
        let (reply, replies) = unbounded();
        let request = |&id: &CallId| Request { id, round: self.rounds, reply: reply.clone() };
        let (last, first): (Vec<_>, Vec<_>) =
            self.calls.keys().partition(|id| self.slow.contains(id));
        self.queue.extend(first.into_iter().chain(last).map(request));
        let answers: BTreeMap<_, _> = self.calls.keys().map(|&id| (id, Answer::Late)).collect();
        Round { number: self.rounds, lacking: answers.len(), answers, replies }
    }

    /// Ends a round: nothing of it stays in the queue, and what was removed meanwhile is not late.
    pub(super) fn leave(&mut self, round: &mut Round<T>) {
        self.queue.retain(|request| request.round != round.number);
        let is_there = |id: &CallId| self.calls.contains_key(id);
        round.answers.retain(|id, answer| !matches!(answer, Answer::Late) || is_there(id));
    }

    /// Sets a thread aside whose call has overrun, sees that there is one for the queue, and tells when to
    /// look again: it will not be too late for the call that runs now, nor for any that follows.
    pub(super) fn oversee(
        &mut self,
        now: Moment,
        limit: Duration,
        start: impl FnOnce(ThreadNumber) -> io::Result<JoinHandle<()>>,
    ) -> Option<Moment> {
        self.forget_dead_threads();
        let overran =
            |worker: &mut Worker| worker.busy.is_some_and(|(_, since)| now >= since + limit);
        if let Some(Worker { number, handle, busy }) = self.current.take_if(overran) {
            self.slow.extend(busy.map(|(id, _)| id).filter(|id| self.calls.contains_key(id)));
            self.stuck.insert(number, handle);
        }
        if self.current.is_none() && !self.queue.is_empty() {
            self.current = self.replacement(start);
        }
        if self.current.is_none() {
            self.queue.clear();
        }
        Some(self.current.as_ref()?.busy.map_or(now, |(_, since)| since) + limit)
    }

    /// All users' code is run so that a thread outlives it; but who knows what else may end one.
    fn forget_dead_threads(&mut self) {
        self.current.take_if(|worker| worker.handle.is_finished());
        self.stuck.retain(|_, handle| !handle.is_finished());
    }

    fn replacement(
        &mut self,
        start: impl FnOnce(ThreadNumber) -> io::Result<JoinHandle<()>>,
    ) -> Option<Worker> {
        if self.stuck.len() > STUCK_AT_MOST {
            return None;
        }
        self.threads += 1;
        let handle = start(self.threads).ok()?;
        Some(Worker { number: self.threads, handle, busy: None })
    }
}

/// For the threads.
impl<T> State<T> {
    /// What this thread has to do; it is not inside a user's call any more.
    pub(super) fn next_step(&mut self, thread: ThreadNumber, now: Moment) -> Step<T> {
        let Some(current) = self.current.as_mut().filter(|worker| worker.number == thread) else {
            return Step::End;
        };
        while let Some(Request { id, reply, .. }) = self.queue.pop_front() {
            // Else it was removed, or is stuck in an earlier round.
            if let Some(call) = self.calls.get_mut(&id).and_then(Option::take) {
                current.busy = Some((id, now));
                return Step::Call(Running { id, call, reply });
            }
        }
        current.busy = None;
        if self.calls.is_empty() {
            self.current = None;
            return Step::End;
        }
        Step::Wait
    }

    /// Puts back a call that has returned, and gives its answer to the caller. What is left over is for the
    /// thread to drop: a call that was removed meanwhile, an answer whose caller has left.
    ///
    /// The thread of a call that was stuck becomes the current one where there is none.
    pub(super) fn finish(
        &mut self,
        thread: ThreadNumber,
        running: Running<T>,
        answer: Answer<T>,
        now: Moment,
    ) -> (Option<Call<T>>, Option<Reply<T>>) {
        let Running { id, call, reply } = running;
        match self.stuck.remove(&thread) {
            Some(handle) if self.current.is_none() => {
                self.current = Some(Worker { number: thread, handle, busy: Some((id, now)) });
            }
            Some(_) => {}
            None => drop(self.slow.remove(&id)),
        }
        let removed = match self.calls.get_mut(&id) {
            Some(place) => place.replace(call),
            None => Some(call),
        };
        let unwanted = reply.send((id, answer)).err();
        (removed, unwanted.map(|error| error.0))
    }

    /// Whether whatever could be called has answered.
    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.current.as_ref().is_none_or(|thread| thread.busy.is_none())
    }

    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }
}

impl<T> Round<T> {
    pub(super) fn lacks_answers(&self) -> bool {
        self.lacking > 0
    }

    pub(super) fn note(&mut self, id: CallId, answer: Answer<T>) {
        self.answers.insert(id, answer);
        self.lacking -= 1;
    }
}
