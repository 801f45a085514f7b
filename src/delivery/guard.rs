//! The guard of an attached reporter.

use super::error::DeliveryError;
use super::link::Link;
use super::links::Links;
use crate::clock::Clock;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a guard's drop waits at most, unless told otherwise.
const DEADLINE: Duration = Duration::from_secs(5);

/// Keeps a reporter attached: dropped, it sends the last report, and ends the reporter.
///
/// Attach before the job starts: what is declared later is dropped earlier, and so the last report has the end of
/// the job also where both are dropped by an early return.
///
/// The drop waits for that, but never longer than the [deadline](ReporterGuard::deadline); it is the same
/// whether the program goes well, returns an error or panics. A process that exits or aborts drops
/// nothing, and so sends no last report.
///
/// It owns the reporter's thread. The registry may be dropped before it: the reporter goes on.
#[must_use = "hold it in a variable with a name, such as `_tcp`: dropped, also by `let _ =`, it sends its last report at once and ends"]
pub struct ReporterGuard {
    link: Arc<Link>,
    links: Links,
    clock: Clock,
    deadline: Duration,
}

impl ReporterGuard {
    pub(super) fn new(link: Arc<Link>, links: Links, clock: Clock) -> ReporterGuard {
        ReporterGuard { link, links, clock, deadline: DEADLINE }
    }

    /// The name by which the registry knows it: as it was attached, with a number if the name was taken.
    pub fn name(&self) -> &str {
        &self.link.name
    }

    /// Delivers a report each `interval` from now on: 10 seconds by default, a millisecond at least.
    ///
    /// Each is due a whole number of intervals from now; those that find the reporter busy are skipped,
    /// and counted in `flowmeter.reporter.late`.
    pub fn every(self, interval: Duration) -> ReporterGuard {
        self.link.deliver_every(self.clock.now(), interval);
        self
    }

    /// How long the end may take, from the drop of this guard to the end of the reporter: 5 seconds by
    /// default. A reporter that takes longer is left behind with its thread. What the last collection waits for
    /// sources counts, too.
    pub fn deadline(mut self, within: Duration) -> ReporterGuard {
        self.deadline = within;
        self
    }

    /// Why its reporter did not take the newest report, if it did not. One that buffers has taken a report before
    /// anybody received it: what became of that, its own figures tell.
    pub fn failure(&self) -> Option<String> {
        self.link.failure()
    }

    /// Does what a drop does, and tells how it went; if the registry was closed before, how it went then.
    ///
    /// # Errors
    ///
    /// The last report was not delivered, or not within the deadline.
    pub fn close(self) -> Result<(), DeliveryError> {
        self.end()
    }

    fn end(&self) -> Result<(), DeliveryError> {
        let mut waiter = self.clock.waiter();
        let deadline = self.clock.now() + self.deadline;
        self.link.end_by(deadline);
        let ended = self.link.wait_for_end(&mut waiter, deadline, self.deadline);
        self.links.forget(&self.link);
        ended
    }
}

impl Drop for ReporterGuard {
    fn drop(&mut self) {
        // Whoever wants to know closes it; what was closed has nothing left to do.
        let _ = self.end();
    }
}

impl fmt::Debug for ReporterGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReporterGuard").field("name", &self.name()).finish_non_exhaustive()
    }
}
