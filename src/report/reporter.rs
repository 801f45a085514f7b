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
/// # For implementors
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
    /// # Errors
    ///
    /// Whatever kept something from leaving, and what is known of how much that was.
    fn close(&mut self, within: Duration) -> Result<(), ReportError> {
        let _ = within;
        Ok(())
    }

    /// Its own figures, asked for once, by whoever attaches it; the registry shows them as
    /// `flowmeter.reporter.` and their name, with the label `reporter`.
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
