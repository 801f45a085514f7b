//! `Thread`: hears what became of the points, and sends those alone that were refused with others.

use super::client::Clients;
use super::error::KafkaError;
use super::log;
use super::settings::Settings;
use super::shared::Shared;
use crate::clock::{Clock, Moment, Patience};
use crate::reporter::pause::Pause;
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};
use parking_lot::Mutex;
use std::convert::Infallible;
use std::sync::Arc;
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

/// So long the clients are listened to before the thread looks whether it is told to end.
const A_WHILE: Duration = Duration::from_millis(50);

/// So long its end is waited for at most, after all that it has to say.
const SHORTLY: Duration = Duration::from_millis(200);

/// The thread `flowmeter-kafka`, as the reporter holds it. Dropped, it gives up what is queued, and ends.
pub(super) struct Thread {
    clients: Arc<Mutex<Arc<Clients>>>,
    /// The system's, since the clients know no other one.
    clock: Clock,
    /// When it has to be done; without it, now.
    close: Option<Sender<Moment>>,
    /// Disconnected when it has said everything.
    ended: Receiver<Infallible>,
    handle: Option<JoinHandle<()>>,
    patience: Duration,
}

impl Thread {
    pub(super) fn start(settings: &Settings, shared: &Arc<Shared>) -> Result<Thread, KafkaError> {
        let clients = Arc::new(Mutex::new(Arc::new(Clients::new(settings, shared)?)));
        let clock = Clock::system();
        let (close, closes) = bounded(1);
        let (alive, ended) = bounded(0);
        let mut work = Work {
            settings: settings.clone(),
            shared: Arc::clone(shared),
            clients: Arc::clone(&clients),
            due: clock.now(),
            clock: clock.clone(),
            closes,
            pause: Pause::new(true),
            delivered_before: 0,
        };
        let run = move || {
            work.run();
            drop::<Sender<Infallible>>(alive);
            // Only now the clients end, which takes its time.
            drop(work);
        };
        let builder = Builder::new().name("flowmeter-kafka".to_owned());
        let handle = Some(builder.spawn(run).map_err(KafkaError::Thread)?);
        Ok(Thread { clients, clock, close: Some(close), ended, handle, patience: SHORTLY })
    }

    /// Those to hand a report to, and not to keep.
    pub(super) fn clients(&self) -> Arc<Clients> {
        Arc::clone(&self.clients.lock())
    }

    pub(super) fn has_ended(&self) -> bool {
        self.handle.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Has everything delivered, until the time is over; what is left then is given up, and noted.
    pub(super) fn close(mut self, within: Duration) {
        let (now, tenth) = (self.clock.now(), within / 10);
        self.patience = tenth.min(SHORTLY);
        // It is told a little earlier than it is waited for: so it can still say what it gave up.
        let _ = self.close.take().map(|close| close.send(now + (within - tenth)));
        // Nothing is ever sent: it is the end, or the deadline.
        let _ = self.clock.waiter().recv_deadline(&self.ended, now + within);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.close = None;
        let mut patience = Patience::new(self.patience);
        while !self.has_ended() && patience.wait() {}
        if let Some(handle) = self.handle.take().filter(JoinHandle::is_finished) {
            let _ = handle.join();
        }
    }
}

/// What the thread does.
struct Work {
    settings: Settings,
    shared: Arc<Shared>,
    clients: Arc<Mutex<Arc<Clients>>>,
    clock: Clock,
    closes: Receiver<Moment>,
    /// Between one replacement of the clients and the next.
    pause: Pause,
    /// When they may be replaced again.
    due: Moment,
    /// How many points were delivered when they were replaced last.
    delivered_before: u64,
}

impl Work {
    fn run(&mut self) {
        loop {
            match self.closes.try_recv() {
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
        let isolated = self.shared.ledger().take_isolated();
        let clients = self.current();
        isolated.iter().for_each(|isolated| clients.send_alone(&isolated.message()));
    }

    /// Replaces the clients if one of them has said that it can't go on, after a pause if the last ones have delivered
    /// nothing.
    fn go_on(&mut self) {
        if !self.current().have_failed() {
            return;
        }
        let delivered = self.shared.ledger().status().delivered;
        if delivered > self.delivered_before {
            self.pause.start_over();
        } else if self.clock.now() < self.due {
            return;
        }
        self.delivered_before = delivered;
        self.due = self.clock.now() + self.pause.take();
        match Clients::new(&self.settings, &self.shared) {
            Ok(clients) => self.replace(clients),
            Err(error) => self.shared.ledger().client_erred(None, &error.to_string()),
        }
    }

    fn replace(&self, clients: Clients) {
        let before = std::mem::replace(&mut *self.clients.lock(), Arc::new(clients));
        self.shared.ledger().figures.restarts.inc();
        let why = self.shared.ledger().status().last_error;
        log::restarted(why.as_deref().unwrap_or_default());
        // Whoever hands a report to them is done soon. They end here, which takes its time.
        while Arc::strong_count(&before) > 1 {
            thread::yield_now();
        }
        before.give_up();
    }

    fn close(&mut self, deadline: Moment) {
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
        self.current().give_up();
        // What was isolated by then never comes back to a client.
        self.shared.ledger().drop_isolated();
    }
}
