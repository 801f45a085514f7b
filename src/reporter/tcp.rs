//! `Tcp`: reports as lines of JSON over a connection that comes and goes.

mod alive;
mod buffer;
mod dial;
mod event;
mod failure;
mod figures;
mod ledger;
mod live;
mod log;
mod reader;
mod sender;
mod settings;
mod shared;
mod system;
mod thread;

pub use dial::{Breaker, Connection, Dial};
pub use figures::TcpStatus;
pub use shared::TcpWatch;

use super::lines::empty;
use crate::clock::Clock;
use crate::report::{Figure, Points, Report, ReportError, Reporter};
use alive::ALIVE;
use settings::Settings;
use shared::Shared;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use system::System;
use thread::Thread;

/// Sends each report as points, a line of JSON each, to whoever listens at an address: a plain listener will do,
/// which need not answer.
///
/// A report only goes into a buffer; a thread of the reporter's own, which the first report starts, dials and
/// writes. So whatever the network and the peer do, reporting takes the same time. Of a full buffer the oldest
/// lines are dropped, and counted; those of the newest report never are, for which the buffer may exceed its
/// bound by that report's size.
///
/// Lines are written when the peer is connected, every 5 s, and when there are 64 KiB. If there was nothing to
/// write in that time, the peer gets a sign of life: the metric `flowmeter.alive`, of value 1. A peer that can't
/// be reached is dialled again after 0.1, 0.2, 0.4 … 25.6, 30, 30 s; the pauses start over when a connection has
/// lived for 10 s.
///
/// What is known of a line without an acknowledgement, and no more, is in [`TcpStatus`]. A line that was accepted
/// in part when its connection broke is sent again, whole, on the next one; so who receives must ignore a last
/// line without a newline. A connection ended in order if we shut our half first, then read the peer's end, and
/// it had no error: only then there is reason to say that the peer has read all its lines.
///
/// [`close`](Reporter::close) sends what is queued, if the peer is connected or answers one more dial, and ends
/// the connection in order. Its error says how many lines were not sent, and how many of the last connection are
/// unconfirmed. One that is dropped without being closed leaves unsent what is queued.
///
/// ```no_run
/// # use flowmeter::{Registry, Reporter, Tcp};
/// # use std::time::Duration;
/// let registry = Registry::new();
/// let mut tcp = Tcp::to("127.0.0.1:6000");
/// tcp.report(&registry.report())?;
/// tcp.close(Duration::from_secs(5))?;
/// # Ok::<(), flowmeter::ReportError>(())
/// ```
pub struct Tcp {
    address: String,
    settings: Settings,
    points: Points,
    dialler: Option<Box<dyn Dial>>,
    shared: Arc<Shared>,
    thread: Option<Thread>,
    /// Nothing is reported any more.
    closed: bool,
    lines: Vec<u8>,
}

impl Tcp {
    /// Sends to this address: `host:6000`, `[::1]:6000`, or `:6000` for this machine. A name is looked up at each
    /// dial, and what it stands for is tried in turn. An address of another form is an error of each dial.
    pub fn to(address: impl Into<String>) -> Tcp {
        Tcp {
            address: address.into(),
            settings: Settings::default(),
            points: Points::default(),
            dialler: None,
            shared: Shared::new(8 * 1024 * 1024),
            thread: None,
            closed: false,
            lines: Vec::new(),
        }
    }

    /// Dials with this instead of the system's TCP; the address is then only a name.
    #[must_use = "the reporter is returned"]
    pub fn dialler(mut self, dialler: impl Dial + 'static) -> Tcp {
        self.dialler = Some(Box::new(dialler));
        self
    }

    /// Takes all times from this clock; unless told, from the system's.
    #[must_use = "the reporter is returned"]
    pub fn clock(mut self, clock: Clock) -> Tcp {
        self.settings.clock = clock;
        self
    }

    /// Writes reports, and signs of life, as these points do.
    #[must_use = "the reporter is returned"]
    pub fn points(mut self, points: Points) -> Tcp {
        self.points = points;
        self
    }

    /// Bounds the buffer to so many bytes; unless told, to 8 MiB.
    #[must_use = "the reporter is returned"]
    pub fn buffer(self, bytes: usize) -> Tcp {
        self.shared.ledger().set_bound(bytes);
        self
    }

    /// How often lines are written, at least 1 ms; unless told, every 5 s.
    #[must_use = "the reporter is returned"]
    pub fn flush_every(mut self, every: Duration) -> Tcp {
        self.settings.flush_every = every;
        self
    }

    /// How long one dial may take, at least 1 ms; unless told, 3 s. Looking a name up is not bounded by it.
    #[must_use = "the reporter is returned"]
    pub fn dial_within(mut self, within: Duration) -> Tcp {
        self.settings.dial_within = within;
        self
    }

    /// How long nothing of what is written may be accepted before the connection is broken off, at least 1 ms;
    /// unless told, 10 s. What the system still accepts for a peer that does not read begins that time anew, so
    /// such a peer may have more than twice of it; but not more than 25 s, or this time if that is longer.
    #[must_use = "the reporter is returned"]
    pub fn write_within(mut self, within: Duration) -> Tcp {
        self.settings.write_within = within;
        self
    }

    /// Whether half of each pause is random, so that not all who lost a peer come back at the same instant;
    /// unless told, it is.
    #[must_use = "the reporter is returned"]
    pub fn jitter(mut self, jitter: bool) -> Tcp {
        self.settings.jitter = jitter;
        self
    }

    /// A handle that shows what is known of the lines, also after the reporter was handed on or closed.
    pub fn status(&self) -> TcpWatch {
        TcpWatch::new(&self.shared)
    }

    /// Starts the reporter's thread, which dials at once; without this the first report does. What is set
    /// afterwards has no effect, but for the bound of the buffer.
    ///
    /// # Errors
    ///
    /// Whatever keeps the system from starting a thread; the reporter is then closed.
    pub fn start(&mut self) -> io::Result<()> {
        if self.thread.is_some() || self.closed {
            return Ok(());
        }
        self.shared.set_alive(self.points.head(ALIVE));
        let settings = self.settings.usable();
        let (address, write_within) = (self.address.clone(), settings.write_within);
        let dialler = self.dialler.take();
        let dialler = dialler.unwrap_or_else(|| Box::new(System { address, write_within }));
        let thread = Thread::start(&self.shared, settings, dialler);
        // The dialler is gone with the thread that was to have it.
        self.closed = thread.is_err();
        self.thread = Some(thread?);
        Ok(())
    }
}

impl Reporter for Tcp {
    /// Takes the lines of the report into the buffer.
    ///
    /// # Errors
    ///
    /// The reporter was closed, its thread can't be started, or a [`Connection`] has panicked.
    fn report(&mut self, report: &Report) -> Result<(), ReportError> {
        if self.closed {
            return Err("the TCP reporter is closed".into());
        }
        if self.thread.as_ref().is_some_and(Thread::has_ended) {
            let why = self.shared.ledger().status().last_error;
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            return Err(format!("the TCP reporter has ended and sends nothing more{why}").into());
        }
        let encoded = self.points.encode(report, &mut self.lines);
        self.shared.set_alive(self.points.head(ALIVE));
        let is_much = self.shared.ledger().take(&self.lines, encoded.left_out);
        empty(&mut self.lines);
        // Only now: what the first report brings is there when the first dial succeeds.
        self.start()?;
        self.thread.iter().filter(|_| is_much).for_each(Thread::tell_much);
        Ok(())
    }

    fn close(&mut self, within: Duration) -> Result<(), ReportError> {
        self.closed = true;
        if let Some(thread) = self.thread.take() {
            thread.close(&self.settings.clock, within);
        }
        Ok(self.shared.ledger().left()?)
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        self.shared.ledger().figures.named()
    }
}

/// Shows where it sends to, and its status.
impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status().now();
        f.debug_struct("Tcp")
            .field("address", &self.address)
            .field("settings", &self.settings)
            .field("status", &status)
            .finish_non_exhaustive()
    }
}
