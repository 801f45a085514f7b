//! `Reporter`: whatever delivers reports, and what it says of itself.

use super::content::Report;
use crate::metric::{Counter, Gauge};
use std::error::Error;
use std::time::Duration;

/// Delivers reports: to people, a file, a network.
///
/// One that is attached to a registry has a thread of its own, on which its reports are delivered: that may
/// take its time, fail, hang or panic, and no job and no other reporter notices.
///
/// ```
/// use flowmeter::{Counter, Figure, Registry, Report, ReportError, Reporter};
///
/// /// Calls somebody when a run has failed.
/// struct Pager { failures: Vec<String>, pages: Counter }
///
/// impl Reporter for Pager {
///     fn report(&mut self, report: &Report) -> Result<(), ReportError> {
///         for job in report.jobs().iter().filter(|job| job.has_ended() && !job.succeeded()) {
///             self.failures.push(job.name().to_owned());
///             self.pages.inc();
///         }
///         // What is given to `?` here, and any text by `.into()`, is why the report was not taken.
///         if self.failures.len() > 9 { Err("nobody answers the phone".into()) } else { Ok(()) }
///     }
///
///     // The registry keeps a clone: both count the same.
///     fn figures(&self) -> Vec<(&'static str, Figure)> {
///         vec![("pages", self.pages.clone().into())]
///     }
/// }
///
/// let registry = Registry::new();
/// let pager = Pager { failures: Vec::new(), pages: Counter::default() };
/// let pages = pager.pages.clone();
/// let pager = registry.attach("pager", pager);
/// registry.job("copy")?.fail("no such table");
/// pager.close()?;
/// assert_eq!(pages.value(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # For implementors
///
/// It may use the registry. But a run that it ends, or a `Registry::report` that it calls, is one more reason for
/// a report, so without end if it does that each time; and if it closes the registry or its own guard, that waits
/// for itself until the time is over.
///
/// `report` is called with one report after the other. Each begins where the last one that was taken
/// ended: what an error kept from being delivered is in the next report again.
pub trait Reporter: Send {
    /// Delivers one report, or takes it into a bounded buffer to be delivered.
    ///
    /// # Errors
    ///
    /// Whatever kept the report from being taken.
    fn report(&mut self, report: &Report) -> Result<(), ReportError>;

    /// Returns once everything that was reported has left this process, or the time is over. Nothing is
    /// reported afterwards.
    ///
    /// The time is nine tenths of what is left of the deadline: in the last one the reporter can still say what
    /// it could not do, before it is left behind.
    ///
    /// # Errors
    ///
    /// Whatever kept something from leaving, and what is known of how much that was.
    fn close(&mut self, within: Duration) -> Result<(), ReportError> {
        let _ = within;
        Ok(())
    }

    /// Its own figures, asked for once, by whoever attaches it; the registry shows them as
    /// `flowmeter.reporter.` and their name, with the label `reporter`. One whose name no metric may have, or
    /// that has the name of another one or of [ours](crate#sending-elsewhere), is not shown.
    fn figures(&self) -> Vec<(&'static str, Figure)> {
        Vec::new()
    }
}

/// Why a report was not delivered.
pub type ReportError = Box<dyn Error + Send + Sync>;

/// One of the figures that a reporter keeps of itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Figure {
    /// A total.
    Counter(Counter),
    /// A level.
    Gauge(Gauge),
}

impl From<Counter> for Figure {
    fn from(counter: Counter) -> Figure {
        Figure::Counter(counter)
    }
}

impl From<Gauge> for Figure {
    fn from(gauge: Gauge) -> Figure {
        Figure::Gauge(gauge)
    }
}
