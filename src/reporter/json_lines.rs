//! `JsonLines`: every report as one line of JSON, on any writer.

use super::whole_lines::WholeLines;
use crate::report::{Figure, Report, ReportError, Reporter};
use std::io::Write;
use std::time::Duration;

/// Writes each report as one line of JSON, [`Report::to_json`], for programs: a log shipper, `jq`, a script.
///
/// ```
/// # use flowmeter::{JsonLines, Registry, Reporter};
/// let mut lines = JsonLines::new(std::io::stdout());
/// lines.report(&Registry::new().report())?;
/// # Ok::<(), flowmeter::ReportError>(())
/// ```
///
/// In a file it is best used with a [`RotatedFile`](crate::RotatedFile), which undoes a line that could not be
/// written to its end. Any other writer may keep the beginning of one: the next report then begins on a new
/// line. So of the lines at most one is broken for each report that failed. Where it can't be known whether a
/// line was broken, as after a flush that failed, the new line leaves an empty one.
///
/// A report that failed is in the next one again, even if all of it arrives late, from a buffer that could not be
/// flushed in time.
#[derive(Debug)]
pub struct JsonLines<W> {
    out: WholeLines<W>,
    figures: Vec<(&'static str, Figure)>,
}

impl<W: Write + Send> JsonLines<W> {
    /// Writes to `out`: for each report one write, which is repeated for what is left if only a part is taken,
    /// and a flush.
    pub fn new(out: W) -> JsonLines<W> {
        JsonLines { out: WholeLines::new(out), figures: Vec::new() }
    }

    /// Adds a figure to those of this reporter: something that its writer counts, such as a
    /// [`RotatedFile`](crate::RotatedFile::failed_rotations).
    #[must_use = "the reporter is returned"]
    pub fn with_figure(mut self, name: &'static str, figure: impl Into<Figure>) -> JsonLines<W> {
        self.figures.push((name, figure.into()));
        self
    }
}

impl<W: Write + Send> Reporter for JsonLines<W> {
    fn report(&mut self, report: &Report) -> Result<(), ReportError> {
        let mut line = report.to_json();
        line.push('\n');
        Ok(self.out.write(line)?)
    }

    /// Flushes the writer, and takes as long as that takes.
    fn close(&mut self, _within: Duration) -> Result<(), ReportError> {
        Ok(self.out.flush()?)
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        self.figures.clone()
    }
}
