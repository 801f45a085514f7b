//! `Thread`: the sender's thread, as the reporter holds it: started, told, and ended.

use super::dial::Dial;
use super::event::Event;
use super::sender::{SHORTLY, Sender};
use super::settings::Settings;
use super::shared::Shared;
use crate::clock::{Clock, Patience};
use crossbeam_channel::{Receiver, Sender as EventSender, bounded, unbounded};
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// The thread `flowmeter-tcp`. Dropped, it ends at once; if it is stuck in a dial it is left behind, and ends
/// when that returns.
pub(super) struct Thread {
    shared: Arc<Shared>,
    // Holds what is bounded: one `Much`, an end of each connection, and at the end one more.
    events: EventSender<Event>,
    /// Disconnected when the sender has ended.
    ended: Receiver<Infallible>,
    handle: Option<JoinHandle<()>>,
    /// In real time: how long the drop waits for it.
    patience: Duration,
}

impl Thread {
    pub(super) fn start(
        shared: &Arc<Shared>,
        settings: Settings,
        dialler: Box<dyn Dial>,
    ) -> io::Result<Thread> {
        let (events, told) = unbounded();
        let (alive, ended) = bounded(0);
        let waiter = settings.clock.waiter();
        let channel = (events.clone(), told);
        let sender = Sender::new(shared.clone(), settings, dialler, waiter, channel);
        let run = move || {
            sender.run();
            drop::<EventSender<Infallible>>(alive);
        };
        let handle = Builder::new().name("flowmeter-tcp".to_owned()).spawn(run)?;
        Ok(Thread {
            shared: shared.clone(),
            events,
            ended,
            handle: Some(handle),
            patience: SHORTLY * 2,
        })
    }

    pub(super) fn tell_much(&self) {
        let _ = self.events.send(Event::Much);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.handle.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Has everything sent and the connection ended in order, until the time is over.
    pub(super) fn close(mut self, clock: &Clock, within: Duration) {
        // Whoever gives time is told in time; who gives none, gets what little it takes.
        let tenth = within / 10;
        self.patience = if tenth.is_zero() { self.patience } else { self.patience.min(tenth) };
        let mut waiter = clock.waiter();
        let deadline = clock.now() + within;
        let _ = self.events.send(Event::Close(deadline));
        // Nothing is ever sent: it is the end, or the deadline.
        let _ = waiter.recv_deadline(&self.ended, deadline);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.shared.stop();
        let _ = self.events.send(Event::Stop);
        let mut patience = Patience::new(self.patience);
        while !self.has_ended() && patience.wait() {}
        if let Some(handle) = self.handle.take().filter(JoinHandle::is_finished) {
            let _ = handle.join();
        }
    }
}
