//! The reporters of a registry: attached, and closed.

use super::core::Registry;
use crate::delivery::{CloseError, Collection, ReporterGuard};
use crate::report::Reporter;
use std::sync::Arc;
use std::time::Duration;

/// # Reporters
///
/// Each has a thread, an interval and a cursor of its own: it collects the registry, and is given what
/// happened since the last report that it took. One that hangs, fails or panics delays no job and no other
/// reporter; what became of its reports is counted in `flowmeter.reporter.…`.
impl Registry {
    /// Attaches a reporter, for as long as the guard is held. Its first report begins now: so the registry is
    /// collected here, once, which waits for sources as [`collect`](Registry::collect) does.
    ///
    /// It is given a report at each [interval](ReporterGuard::every), whenever a run ends, whenever
    /// [`report`](Registry::report) is called, and a last one when the guard is dropped; what is due while it is
    /// busy is one report. Each run that ends
    /// from now on is final in exactly one of the reports that it takes, or counted there as
    /// [missed](crate::Report::missed_runs).
    ///
    /// It is called `name`, and with a number if another one is: `tcp`, `tcp-2`.
    ///
    /// ```
    /// # use flowmeter::{Registry, Text};
    /// # use std::time::Duration;
    /// let registry = Registry::new();
    /// let _text = registry.attach("text", Text::new(std::io::stdout())).every(Duration::from_secs(30));
    /// registry.job("empty")?.finish();
    /// # Ok::<(), flowmeter::JobError>(())
    /// ```
    pub fn attach(&self, name: &str, reporter: impl Reporter + 'static) -> ReporterGuard {
        let core = Arc::clone(&self.core);
        let collection = Collection {
            clock: self.clock().clone(),
            number: self.core.store.next_registration(),
            collect: Arc::new(move || core.collect()),
        };
        self.core.deliveries.attach(name, Box::new(reporter), collection)
    }

    /// Has every attached reporter send its last report and end, side by side, and waits for all of them
    /// together no longer than that, whatever the deadlines of their guards. These have nothing left to do then.
    ///
    /// # Errors
    ///
    /// Names those that did not deliver their last report, or not in time, and why.
    pub fn close(&self, within: Duration) -> Result<(), CloseError> {
        self.core.deliveries.close(self.clock(), within)
    }
}
