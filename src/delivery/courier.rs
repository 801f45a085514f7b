//! What the thread of an attached reporter does, from the first report to the last.

use super::error::DeliveryError;
use super::link::Link;
use super::log;
use crate::clock::{Clock, Moment, Schedule, Waiter};
use crate::panics::{caught, let_go};
use crate::report::{Cursor, ReportError, Reporter};
use crate::snapshot::Snapshot;
use crate::text;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use std::sync::Arc;

/// Collects the registry.
pub(super) type Collect = Arc<dyn Fn() -> Snapshot + Send + Sync>;

/// Brings one reporter its reports.
pub(super) struct Courier {
    pub(super) reporter: Box<dyn Reporter>,
    pub(super) link: Arc<Link>,
    pub(super) collect: Collect,
    pub(super) clock: Clock,
    pub(super) cursor: Cursor,
    pub(super) schedule: Schedule,
    pub(super) wakes: Receiver<()>,
    /// Its end is that of the courier.
    pub(super) ended: Sender<()>,
}

/// What came of a report.
enum Delivery {
    Taken,
    Failed(String),
    /// The reporter panicked, and is not called any more.
    Panicked(String),
}

impl Courier {
    /// Delivers until it is told to end. The waiter was made before this thread, so that a manual clock
    /// waits for it.
    pub(super) fn run(mut self, waiter: Waiter) {
        let outcome = self.deliver_until_the_end(waiter);
        self.link.set_outcome(outcome);
        let Courier { reporter, collect, ended, .. } = self;
        // They may be the last to hold what is a user's.
        let_go(reporter);
        let_go(collect);
        drop(ended);
    }

    fn deliver_until_the_end(&mut self, mut waiter: Waiter) -> Result<(), DeliveryError> {
        let deadline = loop {
            let is_due = self.wait(&mut waiter);
            let orders = self.link.take_orders();
            if let Some(deadline) = orders.end {
                break deadline;
            }
            if let Some((since, interval)) = orders.every {
                self.schedule = Schedule::new(since, interval);
            }
            if (is_due || orders.now)
                && let Delivery::Panicked(reason) = self.deliver()
            {
                return Err(self.panicked(reason));
            }
        };
        self.deliver_last(waiter, deadline)
    }

    /// Waits until a report is due, or to be woken; tells whether one is due.
    fn wait(&mut self, waiter: &mut Waiter) -> bool {
        match waiter.recv_deadline(&self.wakes, self.schedule.next()) {
            Err(RecvTimeoutError::Timeout) => {
                self.link.own.late.add(self.schedule.pass(self.clock.now()));
                true
            }
            _ => false,
        }
    }

    fn deliver(&mut self) -> Delivery {
        let own = &self.link.own;
        let now = own.collect.time(|| (self.collect)());
        let report = self.cursor.report(&now);
        let reporter = &mut self.reporter;
        let said = own.encode.time(|| caught(|| reporter.report(&report).map_err(said)));
        match said {
            Ok(Ok(())) => {
                own.sent.inc();
                own.missed.add(report.missed_runs());
                self.cursor.advance(now);
                if self.link.set_failure(None) {
                    log::delivers_again(&self.link.name);
                }
                Delivery::Taken
            }
            Ok(Err(reason)) => {
                own.failed.inc();
                // Those that follow say the same, as a rule, and are counted.
                if self.link.set_failure(Some(reason.clone())) {
                    log::failed(&self.link.name, &reason);
                }
                Delivery::Failed(reason)
            }
            Err(reason) => Delivery::Panicked(reason),
        }
    }

    fn deliver_last(&mut self, waiter: Waiter, deadline: Moment) -> Result<(), DeliveryError> {
        let last = self.deliver();
        // From here on no time of this thread is waited for: a manual clock may be moved while the
        // reporter waits for its peer.
        drop(waiter);
        // Less than all, so that the reporter has time to say itself what it could not do.
        let left = deadline.since(self.clock.now()) / 10 * 9;
        let reporter = &mut self.reporter;
        let closed = match &last {
            Delivery::Panicked(_) => Ok(Ok(())),
            _ => caught(|| reporter.close(left).map_err(said)),
        };
        match (last, closed) {
            (Delivery::Panicked(reason), _) | (_, Err(reason)) => Err(self.panicked(reason)),
            (Delivery::Failed(last), Ok(Err(closed))) if !last.contains(&closed) => {
                Err(self.failed(format!("{last}; {closed}")))
            }
            (Delivery::Failed(reason), _) | (_, Ok(Err(reason))) => Err(self.failed(reason)),
            (Delivery::Taken, Ok(Ok(()))) => Ok(()),
        }
    }

    fn failed(&self, reason: String) -> DeliveryError {
        if self.link.set_failure(Some(reason.clone())) {
            log::failed(&self.link.name, &reason);
        }
        DeliveryError::Failed { reporter: self.link.name.clone(), reason }
    }

    fn panicked(&self, reason: String) -> DeliveryError {
        self.link.note_panic(&reason);
        DeliveryError::Panicked { reporter: self.link.name.clone(), reason }
    }
}

fn said(error: ReportError) -> String {
    text::sentence(&*error)
}
