//! What a sampler shares with its threads, and what these do.

use super::call::answer;
use super::state::{Round, Running, State, Step, ThreadNumber};
use crate::clock::{Clock, Moment};
use crate::panics::let_go;
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::cell::Cell;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What one thread does until it ends.
pub(super) type Work = Box<dyn FnOnce() + Send>;

/// Starts a thread.
pub(super) type StartThread = Box<dyn Fn(Work) -> io::Result<JoinHandle<()>> + Send + Sync>;

/// Starts a thread of that name, which is what an operator sees of it.
pub(super) fn start_thread(work: Work) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name("flowmeter-sampler".to_owned()).spawn(work)
}

thread_local! {
    // The address of the `Shared` that this thread works for, which it holds, so that no other can be
    // there. Zero: it works for none.
    static SERVED: Cell<usize> = const { Cell::new(0) };
}

pub(super) struct Shared<T> {
    state: Mutex<State<T>>,
    // A call was asked for, or a thread is to end.
    changed: Condvar,
    clock: Clock,
    overrun: Duration,
    start: StartThread,
}

impl<T> Shared<T> {
    pub(super) fn new(clock: Clock, overrun: Duration, start: StartThread) -> Shared<T> {
        let (state, changed) = (Mutex::new(State::default()), Condvar::new());
        Shared { state, changed, clock, overrun, start }
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock()
    }

    pub(super) fn open_round(&self) -> Round<T> {
        let round = self.state.lock().open_round();
        self.changed.notify_all();
        round
    }

    pub(super) fn serves_on_this_thread(&self) -> bool {
        SERVED.get() == self.address()
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Waits for the end of a thread that was told to end. It is inside no user's call, and so is not the
    /// thread that waits here.
    pub(super) fn end(&self, thread: Option<JoinHandle<()>>) {
        if let Some(thread) = thread {
            self.changed.notify_all();
            // Whatever ended it, it has ended.
            let _ = thread.join();
        }
    }
}

impl<T: Send + 'static> Shared<T> {
    /// Does what is to be done about overruns, and tells when to look again, if ever.
    pub(super) fn oversee(self: &Arc<Self>) -> Option<Moment> {
        let start = |number| self.start(number);
        self.state.lock().oversee(self.clock.now(), self.overrun, start)
    }

    fn start(self: &Arc<Self>, number: ThreadNumber) -> io::Result<JoinHandle<()>> {
        let shared = Arc::clone(self);
        (self.start)(Box::new(move || shared.serve(number)))
    }

    fn serve(&self, thread: ThreadNumber) {
        SERVED.set(self.address());
        let mut state = self.state.lock();
        loop {
            match state.next_step(thread, self.clock.now()) {
                Step::Call(running) => self.run(thread, running, &mut state),
                Step::Wait => self.changed.wait(&mut state),
                Step::End => break,
            }
        }
        drop(state);
        SERVED.set(0);
    }

    // The lock is held but for users' code: with nothing to do the thread is idle before its last answer
    // can be seen.
    fn run(
        &self,
        thread: ThreadNumber,
        mut running: Running<T>,
        state: &mut MutexGuard<'_, State<T>>,
    ) {
        let answer = MutexGuard::unlocked(state, || answer(&mut running.call));
        let (removed, unwanted) = state.finish(thread, running, answer, self.clock.now());
        if removed.is_some() || unwanted.is_some() {
            MutexGuard::unlocked(state, || {
                let_go(removed);
                let_go(unwanted);
            });
        }
    }
}
