//! `Cursor`: where a series of reports has come to.

use super::content::Report;
use crate::snapshot::Snapshot;

/// Where a series of reports has come to: each begins where the one before ended.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    last: Snapshot,
}

impl Cursor {
    /// A cursor whose first report begins at `start`.
    pub(crate) fn new(start: Snapshot) -> Cursor {
        Cursor { last: start }
    }

    /// The report from where the cursor stands to `now`, where it stands from then on.
    pub(crate) fn read(&mut self, now: Snapshot) -> Report {
        let report = self.report(&now);
        self.advance(now);
        report
    }

    /// The report from where the cursor stands to `now`. It stays where it is.
    pub(crate) fn report(&self, now: &Snapshot) -> Report {
        Report::between(&self.last, now)
    }

    /// Moves the cursor to `now`.
    pub(crate) fn advance(&mut self, now: Snapshot) {
        self.last = now;
    }
}
