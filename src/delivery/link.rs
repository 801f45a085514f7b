//! What an attached reporter's thread shares with all who wake it, end it, or ask how it goes.

use super::error::DeliveryError;
use super::log;
use super::own::Own;
use crate::clock::{Moment, Waiter};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use parking_lot::Mutex;
use std::mem;
use std::thread::JoinHandle;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Link {
    pub(super) name: String,
    /// The number of its registration.
    pub(super) number: u64,
    pub(super) own: Own,
    /// Has room for one: those that come while one is there are the same one.
    wake: Sender<()>,
    state: Mutex<State>,
    /// Has no sender any more once the thread has nothing left to do.
    ended: Receiver<()>,
}

#[derive(Debug, Default)]
struct State {
    orders: Orders,
    /// Why the newest report was not delivered, if it was not.
    failure: Option<String>,
    outcome: Option<Result<(), DeliveryError>>,
    thread: Option<JoinHandle<()>>,
    /// It was not waited for any longer.
    is_left: bool,
}

/// What the thread is to do.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Deliver at this interval from that moment on.
    pub(super) every: Option<(Moment, Duration)>,
    /// Deliver now.
    pub(super) now: bool,
    /// Deliver for the last time, and end by then.
    pub(super) end: Option<Moment>,
}

impl Link {
    pub(super) fn new(
        name: String,
        number: u64,
        own: Own,
        wake: Sender<()>,
        ended: Receiver<()>,
    ) -> Link {
        Link { name, number, own, wake, state: Mutex::default(), ended }
    }

    /// Gives an order, and wakes the thread for it, without waiting.
    fn order(&self, give: impl FnOnce(&mut Orders)) {
        give(&mut self.state.lock().orders);
        // If it is full, the thread is about to look.
        let _ = self.wake.try_send(());
    }

    pub(super) fn deliver_now(&self) {
        self.order(|orders| orders.now = true);
    }

    pub(super) fn deliver_every(&self, since: Moment, interval: Duration) {
        self.order(|orders| orders.every = Some((since, interval)));
    }

    /// Tells it to end by then; the first that is told so counts.
    pub(super) fn end_by(&self, deadline: Moment) {
        self.order(|orders| {
            orders.end.get_or_insert(deadline);
        });
    }

    /// Waits for the end until the deadline, and tells how it was. What has not ended by then is left behind.
    pub(super) fn wait_for_end(
        &self,
        waiter: &mut Waiter,
        deadline: Moment,
        within: Duration,
    ) -> Result<(), DeliveryError> {
        // One that was left behind is not waited for again.
        let deadline = if self.was_left() { Moment::default() } else { deadline };
        // Nobody sends: what comes is the end of the sender, or of the time.
        let ended = waiter.recv_deadline(&self.ended, deadline);
        if ended == Err(RecvTimeoutError::Disconnected) {
            // It has nothing left to do; whatever ended it, it has ended.
            let thread = self.state.lock().thread.take();
            let _ = thread.map(JoinHandle::join);
            return self.outcome(|reporter| DeliveryError::Failed {
                reporter,
                reason: "its thread ended without a word".to_owned(),
            });
        }
        self.leave_behind(within);
        self.outcome(|reporter| DeliveryError::LeftBehind { reporter, within })
    }

    /// How it went; if nobody has told, it went as `otherwise` says.
    fn outcome(
        &self,
        otherwise: impl FnOnce(String) -> DeliveryError,
    ) -> Result<(), DeliveryError> {
        let untold = || Err(otherwise(self.name.clone()));
        self.state.lock().outcome.get_or_insert_with(untold).clone()
    }

    fn leave_behind(&self, within: Duration) {
        let mut state = self.state.lock();
        if !mem::replace(&mut state.is_left, true) {
            state.thread = None;
            self.own.left.inc();
            drop(state);
            log::left(&self.name, within);
        }
    }

    pub(super) fn was_left(&self) -> bool {
        self.state.lock().is_left
    }

    /// Whether it was left behind and has ended since.
    pub(super) fn is_over(&self) -> bool {
        self.was_left() && self.ended.try_recv() == Err(TryRecvError::Disconnected)
    }

    /// The orders since this was asked for the last time.
    // None is lost: it is there before the wake is sent, and is looked for after that was received.
    pub(super) fn take_orders(&self) -> Orders {
        mem::take(&mut self.state.lock().orders)
    }

    pub(super) fn run_by(&self, thread: JoinHandle<()>) {
        self.state.lock().thread = Some(thread);
    }

    /// Notes why the newest report was not delivered, or that it was, and tells whether that changes
    /// from one to the other.
    pub(super) fn set_failure(&self, failure: Option<String>) -> bool {
        let before = mem::replace(&mut self.state.lock().failure, failure.clone());
        before.is_some() != failure.is_some()
    }

    /// Notes that the reporter has panicked, and is not called any more.
    pub(super) fn note_panic(&self, reason: &str) {
        self.own.panicked.inc();
        self.set_failure(Some(reason.to_owned()));
        log::panicked(&self.name, reason);
    }

    pub(super) fn failure(&self) -> Option<String> {
        self.state.lock().failure.clone()
    }

    /// How it all went; the first that is told counts.
    pub(super) fn set_outcome(&self, outcome: Result<(), DeliveryError>) {
        self.state.lock().outcome.get_or_insert(outcome);
    }
}
