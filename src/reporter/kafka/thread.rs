//! `Thread`: hears what became of the points, and sends those alone that were refused with others.

use super::client::Clients;
use super::error::KafkaError;
use super::log;
use super::message::Sent;
use super::settings::Settings;
use super::shared::Shared;
use crate::clock::{Clock, Moment};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};
use parking_lot::Mutex;
use std::convert::Infallible;
use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

/// So long the clients are listened to before the thread looks whether it is told to end.
const A_WHILE: Duration = Duration::from_millis(50);

/// The thread `flowmeter-kafka`, as the reporter holds it. Dropped, it ends soon, and gives up what is queued.
pub(super) struct Thread {
    clients: Arc<Mutex<Arc<Clients>>>,
    /// The system's, since the clients know no other one.
    clock: Clock,
    /// When it has to be done.
    close: Sender<Moment>,
    /// Disconnected when it has ended.
    ended: Receiver<Infallible>,
}

impl Thread {
    pub(super) fn start(settings: &Settings, shared: &Arc<Shared>) -> Result<Thread, KafkaError> {
        let clients = Arc::new(Mutex::new(Arc::new(Clients::new(settings, shared)?)));
        let clock = Clock::system();
        let (close, told) = bounded(1);
        let (alive, ended) = bounded(0);
        let work = Work {
            settings: settings.clone(),
            shared: Arc::clone(shared),
            clients: Arc::clone(&clients),
            clock: clock.clone(),
            told,
        };
        let run = move || {
            work.run();
            drop::<Sender<Infallible>>(alive);
            // Only now the clients end, which takes its time: nobody waits for it.
            drop(work);
        };
        Builder::new().name("flowmeter-kafka".to_owned()).spawn(run).map_err(KafkaError::Thread)?;
        Ok(Thread { clients, clock, close, ended })
    }

    pub(super) fn clients(&self) -> Arc<Clients> {
        Arc::clone(&self.clients.lock())
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.ended.try_recv(), Err(TryRecvError::Disconnected))
    }

    /// Has everything delivered, until the time is over; what is left then is given up, and noted.
    pub(super) fn close(self, within: Duration) {
        let now = self.clock.now();
        // It is told a little earlier than it is waited for: so it can still say what it gave up.
        let _ = self.close.send(now + (within - within / 10));
        // Nothing is ever sent: it is the end, or the deadline.
        let _ = self.clock.waiter().recv_deadline(&self.ended, now + within);
    }
}

/// What the thread does.
struct Work {
    settings: Settings,
    shared: Arc<Shared>,
    clients: Arc<Mutex<Arc<Clients>>>,
    clock: Clock,
    told: Receiver<Moment>,
}

impl Work {
    fn run(&self) {
        loop {
            match self.told.try_recv() {
                Ok(deadline) => return self.close(deadline),
                Err(TryRecvError::Disconnected) => return self.give_up(),
                Err(TryRecvError::Empty) => {}
            }
            self.current().listen(A_WHILE);
            self.send_alone();
            self.go_on();
        }
    }

    fn current(&self) -> Arc<Clients> {
        Arc::clone(&self.clients.lock())
    }

    fn send_alone(&self) {
        let isolated = self.shared.ledger().isolated();
        let clients = self.current();
        isolated.iter().for_each(|kept| clients.send(&kept.message(), Sent::Alone, &self.shared));
    }

    /// Replaces the clients if one of them has said that it can't go on.
    fn go_on(&self) {
        if !self.current().have_failed() {
            return;
        }
        match Clients::new(&self.settings, &self.shared) {
            Ok(clients) => {
                let ledger = self.shared.ledger();
                ledger.figures.restarts.inc();
                log::restarted(ledger.status().last_error.as_deref().unwrap_or_default());
                drop(ledger);
                let before = std::mem::replace(&mut *self.clients.lock(), Arc::new(clients));
                before.give_up();
            }
            Err(error) => self.shared.ledger().client_erred(&error.to_string()),
        }
    }

    fn close(&self, deadline: Moment) {
        while self.shared.ledger().queued() > 0 {
            if self.clock.now() >= deadline {
                return self.give_up();
            }
            self.current().flush();
            self.send_alone();
            self.go_on();
        }
    }

    fn give_up(&self) {
        self.shared.ledger().closes();
        let clients = self.current();
        clients.give_up();
        // What was isolated by then never comes back to a client.
        self.shared.ledger().drop_isolated();
    }
}
