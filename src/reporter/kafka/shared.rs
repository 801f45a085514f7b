//! `Shared`: what the reporter, its clients, its thread and its watches have in common.

use super::figures::KafkaStatus;
use super::ledger::Ledger;
use super::log;
use super::message::Outcome;
use parking_lot::{Mutex, MutexGuard};
use std::fmt;
use std::sync::Arc;

/// The ledger.
#[derive(Default)]
pub(super) struct Shared {
    // Never held while something waits.
    ledger: Mutex<Ledger>,
}

impl Shared {
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock()
    }

    /// Notes that a point is lost. One that a client refuses has its own reason; of many that find no room, or no time,
    /// none is named.
    pub(super) fn lost(&self, outcome: Outcome, why: impl FnOnce() -> String) {
        let why = if outcome == Outcome::Dropped { None } else { Some(why()) };
        let mut ledger = self.ledger();
        why.iter().for_each(|why| ledger.erred(why));
        let is_first = ledger.note(outcome);
        drop(ledger);
        if is_first {
            log::lost(why.as_deref());
        }
    }
}

/// Shows what a Kafka reporter knows of its points, wherever that reporter is. Clones watch the same one.
#[derive(Clone)]
pub struct KafkaWatch {
    shared: Arc<Shared>,
}

impl KafkaWatch {
    pub(super) fn new(shared: &Arc<Shared>) -> KafkaWatch {
        KafkaWatch { shared: Arc::clone(shared) }
    }

    /// All of it at this moment: one cut, in which the sums hold.
    pub fn now(&self) -> KafkaStatus {
        self.shared.ledger().status()
    }
}

impl fmt::Debug for KafkaWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KafkaWatch").field(&self.now()).finish()
    }
}
