//! `Sender`: the thread that owns the connection: it dials, flushes, gives signs of life, and ends in order.

use super::alive::sign_of_life;
use super::dial::{Connection, Dial};
use super::event::Event;
use super::failure::{close_too_long, ended_by_us, not_ended_in_time, said};
use super::live::Live;
use super::log;
use super::settings::Settings;
use super::shared::Shared;
use crate::clock::{Moment, Patience, Schedule, Waiter};
use crate::panics::caught;
use crate::reporter::pause::Pause;
use crossbeam_channel::{Receiver, Sender as EventSender};
use std::io::{self, Error};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A connection that lived so long makes the pauses start over. One that is accepted and closed at once does
/// not, or a peer that does this would be dialled ten times a second for ever.
const SETTLED: Duration = Duration::from_secs(10);
/// In real time: how long the reading threads of broken connections are waited for when the sender ends.
pub(super) const SHORTLY: Duration = Duration::from_millis(200);

pub(super) struct Sender {
    shared: Arc<Shared>,
    settings: Settings,
    dialler: Box<dyn Dial>,
    waiter: Waiter,
    /// For the reading threads to tell their ends.
    tell: EventSender<Event>,
    events: Receiver<Event>,
    pause: Pause,
    /// How often the peer was dialled since the last connection.
    attempt: u64,
    connections: u64,
    live: Option<Live>,
    /// Without a connection: when to dial. With one: when to flush.
    due: Moment,
    /// Of the connection.
    flushes: Schedule,
    /// There may be lines to be written now.
    flushing: bool,
    /// The flush is one that was due: it ends in a sign of life if nothing was written since the last such one.
    was_due: bool,
    wrote: bool,
    readers: Vec<JoinHandle<()>>,
}

impl Sender {
    /// The waiter is given, since it is made before the thread: no manual clock can pass that by.
    pub(super) fn new(
        shared: Arc<Shared>,
        settings: Settings,
        dialler: Box<dyn Dial>,
        waiter: Waiter,
        (tell, events): (EventSender<Event>, Receiver<Event>),
    ) -> Sender {
        let (pause, due) = (Pause::new(settings.jitter), settings.clock.now());
        let flushes = Schedule::new(due, settings.flush_every);
        Sender {
            shared,
            settings,
            dialler,
            waiter,
            tell,
            events,
            pause,
            attempt: 0,
            connections: 0,
            live: None,
            due,
            flushes,
            flushing: false,
            was_due: false,
            wrote: false,
            readers: Vec::new(),
        }
    }

    /// Sends until it is told to end, and then ends everything it has begun.
    pub(super) fn run(mut self) {
        if let Err(panic) = caught(|| self.send()) {
            self.broke(&Error::other(format!("the connection panicked: {panic}")));
        }
        self.broke(&ended_by_us());
        let Sender { waiter, mut readers, .. } = self;
        drop(waiter);
        let mut patience = Patience::new(SHORTLY);
        while readers.iter().any(|reader| !reader.is_finished()) && patience.wait() {}
        readers.retain(JoinHandle::is_finished);
        readers.into_iter().for_each(|reader| drop(reader.join()));
    }

    fn send(&mut self) {
        while !self.shared.is_stopped() {
            let deadline = if self.flushing { Moment::default() } else { self.due };
            match self.waiter.recv_deadline(&self.events, deadline) {
                Ok(Event::Much) => self.much(),
                Ok(Event::Ended { connection, end }) => self.ended(connection, end),
                Ok(Event::Close(deadline)) => return self.close(deadline),
                Ok(Event::Stop) => return,
                Err(_) if self.live.is_none() => self.dial(self.settings.dial_within),
                Err(_) => self.flush(),
            }
        }
    }

    fn now(&self) -> Moment {
        self.settings.clock.now()
    }

    fn much(&mut self) {
        self.shared.ledger().heard();
        self.flushing = self.live.is_some();
    }
}

/// Dialling.
impl Sender {
    fn dial(&mut self, within: Duration) {
        self.attempt += 1;
        self.shared.ledger().dials();
        let dialler = &mut self.dialler;
        let dialled = caught(|| dialler.dial(within))
            .unwrap_or_else(|panic| Err(Error::other(format!("the dialler panicked: {panic}"))));
        match dialled.and_then(|connection| self.begin(connection)) {
            Ok(live) => self.connected(live),
            Err(error) => self.dial_failed(&error),
        }
    }

    fn begin(&mut self, connection: Box<dyn Connection>) -> io::Result<Live> {
        self.connections += 1;
        let birth = (self.connections, self.now());
        Live::begin(connection, birth, &self.tell, self.settings.write_within)
    }

    fn connected(&mut self, live: Live) {
        log::connected(&live.local, self.attempt);
        self.attempt = 0;
        self.readers.retain(|reader| !reader.is_finished());
        self.shared.ledger().connected();
        self.shared.keep(live.breaker());
        self.flushes = Schedule::new(live.since, self.settings.flush_every);
        self.due = self.flushes.next();
        self.live = Some(live);
        (self.flushing, self.was_due, self.wrote) = (true, false, false);
    }

    fn dial_failed(&mut self, error: &Error) {
        let pause = self.pause.take();
        self.due = self.now() + pause;
        // Said before the lock is taken: it may be a user's error, whose code may do anything.
        let said = said(error);
        self.shared.ledger().dial_failed(said);
        log::dial_failed(error, self.attempt, pause);
    }

    fn ended(&mut self, connection: u64, end: io::Result<()>) {
        if self.live.as_ref().is_some_and(|live| live.number == connection)
            && let Err(error) = end
        {
            self.broke(&error);
        }
    }

    /// Ends the connection, if there is one: what was written on it is unconfirmed.
    fn broke(&mut self, why: &Error) {
        let Some(live) = self.live.take() else { return };
        if self.now().since(live.since) >= SETTLED {
            self.pause.start_over();
        }
        let pause = self.pause.take();
        self.due = self.now() + pause;
        self.flushing = false;
        let said = said(why);
        self.shared.ledger().broke(said);
        log::broke(&live.local, why, pause);
        self.part(live);
    }

    fn part(&mut self, live: Live) {
        self.shared.forget_breaker();
        self.readers.push(live.end());
    }
}

/// Writing.
impl Sender {
    /// Writes what is in hand, no more: between two writes the thread listens to what it is told.
    fn flush(&mut self) {
        self.look_at_the_clock();
        match self.write_some() {
            Ok(true) => {}
            Ok(false) => self.flushed(),
            Err(error) => self.broke(&error),
        }
    }

    fn look_at_the_clock(&mut self) {
        let now = self.now();
        if self.due <= now {
            // Those that were missed are not made up for.
            self.flushes.pass(now);
            self.due = self.flushes.next();
            (self.flushing, self.was_due) = (true, true);
        }
    }

    /// Writes the next lines; false if there are none.
    fn write_some(&mut self) -> io::Result<bool> {
        let Some(live) = &mut self.live else { return Ok(false) };
        let Some(hand) = self.shared.ledger().hand() else { return Ok(false) };
        let shared = &*self.shared;
        live.write(hand.bytes(), shared, |bytes| shared.ledger().accepted(bytes))?;
        self.wrote = true;
        Ok(true)
    }

    fn flushed(&mut self) {
        self.flushing = false;
        if std::mem::take(&mut self.was_due) && !std::mem::take(&mut self.wrote) {
            let signed = self.sign_life();
            signed.unwrap_or_else(|error| self.broke(&error));
        }
    }

    fn sign_life(&mut self) -> io::Result<()> {
        let Some(live) = &mut self.live else { return Ok(()) };
        let Some(head) = self.shared.alive() else { return Ok(()) };
        let line = sign_of_life(&head, self.settings.clock.stamp());
        live.write(&line, &self.shared, |_| {})?;
        self.shared.ledger().signed_life();
        Ok(())
    }
}

/// Closing.
impl Sender {
    /// Writes what is queued, by one more dial if there is no connection, and ends the connection in order.
    fn close(&mut self, deadline: Moment) {
        self.drain(deadline);
        let left = deadline.since(self.now());
        if self.live.is_none() && self.shared.ledger().has_lines() && !left.is_zero() {
            self.dial(self.settings.dial_within.min(left));
            self.drain(deadline);
        }
        if let Err(error) = self.end_in_order(deadline) {
            self.broke(&error);
        }
    }

    fn drain(&mut self, deadline: Moment) {
        while self.live.is_some() && self.now() < deadline && !self.shared.is_stopped() {
            self.hear();
            match self.write_some() {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) if self.shared.is_stopped() => self.broke(&close_too_long()),
                Err(error) => self.broke(&error),
            }
        }
    }

    /// Takes note of an end that came before ours.
    fn hear(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            if let Event::Ended { connection, end } = event {
                self.ended(connection, end);
            }
        }
    }

    fn end_in_order(&mut self, deadline: Moment) -> io::Result<()> {
        self.hear();
        let Some(live) = &mut self.live else { return Ok(()) };
        live.shut()?;
        let number = live.number;
        loop {
            match self.waiter.recv_deadline(&self.events, deadline) {
                Ok(Event::Ended { connection, end }) if connection == number => {
                    return end.and_then(|()| self.ended_in_order());
                }
                Ok(Event::Stop) | Err(_) => return Err(not_ended_in_time()),
                Ok(_) => {}
            }
        }
    }

    fn ended_in_order(&mut self) -> io::Result<()> {
        // Breaking it off looks like an end to who reads it.
        if self.shared.is_stopped() {
            return Err(not_ended_in_time());
        }
        let Some(mut live) = self.live.take() else { return Ok(()) };
        if let Err(error) = live.take_error() {
            self.live = Some(live);
            return Err(error);
        }
        self.shared.ledger().ended_in_order();
        log::ended(&live.local);
        self.part(live);
        Ok(())
    }
}
