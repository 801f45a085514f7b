//! Delivery: which reports an attached reporter is given, whatever it, the others and the jobs do.

mod checked;
mod ends;
mod faults;
mod figures;
mod intervals;
mod matrix;
mod names;
mod peer;
mod runs;
mod soak;

use crossbeam_channel::{Receiver, unbounded};
use flowmeter::{ManualClock, Registry, Report, ReportError, Reporter, ReporterGuard, Snapshot};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// A registry on a clock that stands still unless the test moves it.
fn registry() -> (ManualClock, Registry) {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    (clock, registry)
}

/// A reporter that is a closure.
struct Does<F>(F);

impl<F: FnMut(&Report) -> Result<(), ReportError> + Send> Reporter for Does<F> {
    fn report(&mut self, report: &Report) -> Result<(), ReportError> {
        (self.0)(report)
    }
}

/// A reporter that hands on what it is given, and where it comes out.
fn told() -> (impl Reporter + 'static, Receiver<Report>) {
    let (tell, told) = unbounded();
    let reporter = Does(move |report: &Report| {
        tell.send(report.clone())?;
        Ok(())
    });
    (reporter, told)
}

/// What is there now.
fn all(told: &Receiver<Report>) -> Vec<Report> {
    told.try_iter().collect()
}

/// What a registry says in `flowmeter.reporter.<figure>` of the reporter of that name.
fn counted(snapshot: &Snapshot, figure: &str, reporter: &str) -> Option<u64> {
    let name = format!("flowmeter.reporter.{figure}");
    snapshot.counter_with(&name, &[("reporter", reporter)])
}

/// How many reports a reporter has taken, as told by its guard's registry.
fn sent(registry: &Registry, of: &ReporterGuard) -> u64 {
    counted(&registry.collect(), "sent", of.name()).unwrap()
}

/// The runs that have ended, by name and number.
fn ended(reports: &[Report]) -> Vec<(String, u64)> {
    let jobs = reports.iter().flat_map(Report::jobs).filter(|job| job.has_ended());
    jobs.map(|job| (job.name().to_owned(), job.snapshot().run)).collect()
}
