//! `Shared`: what the reporter, its threads and its watches have in common.

use super::dial::Breaker;
use super::figures::TcpStatus;
use super::ledger::Ledger;
use crate::point::Head;
use parking_lot::{Mutex, MutexGuard};
use std::fmt;
use std::sync::Arc;

/// The ledger, and what ends the threads.
pub(super) struct Shared {
    // Never held while something waits.
    ledger: Mutex<Ledger>,
    stop: Mutex<Stop>,
    /// The beginning of signs of life: each report tells anew where they come from.
    alive: Mutex<Option<Head>>,
}

#[derive(Default)]
struct Stop {
    stopped: bool,
    /// Of the connection that is open.
    breaker: Option<Breaker>,
}

impl Shared {
    pub(super) fn new(bound: usize) -> Arc<Shared> {
        let ledger = Mutex::new(Ledger::new(bound));
        Arc::new(Shared { ledger, stop: Mutex::default(), alive: Mutex::default() })
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock()
    }

    pub(super) fn set_alive(&self, head: Head) {
        *self.alive.lock() = Some(head);
    }

    pub(super) fn alive(&self) -> Option<Head> {
        self.alive.lock().clone()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.lock().stopped
    }

    /// Ends what the threads wait for, and tells them to wait for nothing more.
    pub(super) fn stop(&self) {
        let breaker = {
            let mut stop = self.stop.lock();
            stop.stopped = true;
            stop.breaker.take()
        };
        if let Some(breaker) = breaker {
            breaker();
        }
    }

    /// Keeps what breaks the open connection off, to be used by `stop`. Whoever waits for the connection asks
    /// afterwards whether that was called before.
    pub(super) fn keep(&self, breaker: &Breaker) {
        self.stop.lock().breaker = Some(breaker.clone());
    }

    pub(super) fn forget_breaker(&self) {
        self.stop.lock().breaker = None;
    }
}

/// Shows what a TCP reporter knows of its lines, wherever that reporter is. Clones watch the same one.
#[derive(Clone)]
pub struct TcpWatch {
    shared: Arc<Shared>,
}

impl TcpWatch {
    pub(super) fn new(shared: &Arc<Shared>) -> TcpWatch {
        TcpWatch { shared: shared.clone() }
    }

    /// All of it at this moment: one cut, in which the sums hold.
    pub fn now(&self) -> TcpStatus {
        self.shared.ledger().status()
    }
}

impl fmt::Debug for TcpWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TcpWatch").field(&self.now()).finish()
    }
}
