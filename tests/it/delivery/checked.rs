//! A reporter in front of another one, which holds that each report comes when it should, and each run once.

use flowmeter::{Figure, Moment, Report, ReportError, Reporter};
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What was taken so far.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) reports: u64,
    /// The numbers of the runs that were told as ended.
    pub(super) runs: BTreeSet<u64>,
    pub(super) missed: u64,
    /// How many intervals have had their report.
    pub(super) intervals: u64,
    pub(super) last: Option<Report>,
}

/// The moment at which the newest run ended.
pub(super) type LastEnd = Arc<AtomicU64>;

/// Hands on what it is given. A report that comes at a wrong moment, or tells a run again, is a panic: the
/// registry then says so.
pub(super) struct Checked<R> {
    pub(super) inner: R,
    pub(super) taken: Arc<Mutex<Taken>>,
    interval: Duration,
    last_end: LastEnd,
    from: Moment,
    next: Moment,
}

impl<R: Reporter> Checked<R> {
    pub(super) fn new(inner: R, interval: Duration, last_end: &LastEnd) -> Checked<R> {
        let next = Moment::default() + interval;
        let (taken, last_end) = (Arc::default(), last_end.clone());
        Checked { inner, taken, interval, last_end, from: Moment::default(), next }
    }

    /// A report is due at each whole interval; between two of these there is one only where a run ends.
    fn check_moment(&mut self, at: Moment) {
        if at == self.next {
            self.next = at + self.interval;
            self.taken.lock().intervals += 1;
            return;
        }
        assert!(at < self.next, "that of {:?} came at {at:?}", self.next);
        assert_eq!(at.as_nanos(), self.last_end.load(Ordering::SeqCst), "no run ended then");
    }

    fn note(&mut self, report: &Report) {
        let mut taken = self.taken.lock();
        for job in report.jobs().iter().filter(|job| job.has_ended()) {
            assert!(taken.runs.insert(job.snapshot().run), "run {} again", job.snapshot().run);
        }
        taken.reports += 1;
        taken.missed += report.missed_runs();
        taken.last = Some(report.clone());
    }
}

impl<R: Reporter> Reporter for Checked<R> {
    fn report(&mut self, report: &Report) -> Result<(), ReportError> {
        let at = report.snapshot().taken().at;
        assert_eq!(at.since(self.from), report.interval(), "it begins where the last one ended");
        self.inner.report(report)?;
        self.from = at;
        self.check_moment(at);
        self.note(report);
        Ok(())
    }

    fn close(&mut self, within: Duration) -> Result<(), ReportError> {
        self.inner.close(within)
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        self.inner.figures()
    }
}
