//! `Text`: reports for people and logs, on any writer.

use super::whole_lines::WholeLines;
use crate::report::{Figure, JobReport, Report, ReportError, Reporter, date};
use crate::snapshot::{SeriesRef, Value};
use crate::text::OneLine;
use std::fmt::Write as _;
use std::io::Write;
use std::time::Duration;

/// Writes DataX's line for each job, with the date, the job's name and its state before it. A job that
/// is failing is followed by its cause, one whose sums disagree by the discrepancy, and one that has
/// ended by its summary. On request every series follows, sorted.
///
/// ```text
/// 2013-01-01T10:00:00Z [flights succeeded] Total 26483 records, … | Percentage 100.00%
/// ```
///
/// It goes to standard output, or to a file that does not grow without end:
///
/// ```
/// # use flowmeter::{RotatedFile, Text};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("job.log");
/// let on_screen = Text::new(std::io::stdout());
/// let in_a_file = Text::new(RotatedFile::open(&path)?.rotate_at(10_000_000).keep(3)).with_series();
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A report that could not be written to its end is in the next one again, and that one begins on a new line. A
/// [`RotatedFile`](crate::RotatedFile) also undoes what it had taken of it.
#[derive(Debug)]
pub struct Text<W> {
    out: WholeLines<W>,
    with_series: bool,
    figures: Vec<(&'static str, Figure)>,
}

impl<W: Write + Send> Text<W> {
    /// Writes to `out`: for each report one write, which is repeated for what is left if only a part is taken,
    /// and a flush.
    pub fn new(out: W) -> Text<W> {
        Text { out: WholeLines::new(out), with_series: false, figures: Vec::new() }
    }

    /// Writes all series too, sorted by name and labels: `rows{table="flights"} 26398`. Of the registry's own
    /// figures those that are 0 are left out.
    #[must_use = "the reporter is returned"]
    pub fn with_series(mut self) -> Text<W> {
        self.with_series = true;
        self
    }

    /// Adds a figure to those of this reporter: something that its writer counts, such as a
    /// [`RotatedFile`](crate::RotatedFile::failed_rotations).
    #[must_use = "the reporter is returned"]
    pub fn with_figure(mut self, name: &'static str, figure: impl Into<Figure>) -> Text<W> {
        self.figures.push((name, figure.into()));
        self
    }

    fn text(&self, report: &Report) -> String {
        let mut text = String::new();
        // Writing to a `String` can't fail.
        let _ = write_jobs(&mut text, report);
        if self.with_series {
            let _ = write_series(&mut text, report);
        }
        text
    }
}

impl<W: Write + Send> Reporter for Text<W> {
    fn report(&mut self, report: &Report) -> Result<(), ReportError> {
        let text = self.text(report);
        Ok(self.out.write(text)?)
    }

    /// Flushes the writer, and takes as long as that takes.
    fn close(&mut self, _within: Duration) -> Result<(), ReportError> {
        Ok(self.out.flush()?)
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        self.figures.clone()
    }
}

fn write_jobs(text: &mut String, report: &Report) -> std::fmt::Result {
    let now = date(report.snapshot().taken());
    for job in report.jobs() {
        let head = format!("{now} [{} {}]", OneLine(job.name()), job.state());
        writeln!(text, "{head} {}", job.datax())?;
        if job.has_ended() {
            write!(text, "\n{}", job.summary())?;
        } else {
            write_trouble(text, &head, job)?;
        }
    }
    match report.missed_runs() {
        0 => Ok(()),
        missed => writeln!(text, "{now} {missed} runs ended and are not kept any more"),
    }
}

/// What an operator should not have to wait for until the job's end.
fn write_trouble(text: &mut String, head: &str, job: &JobReport) -> std::fmt::Result {
    if let Some(error) = job.error() {
        writeln!(text, "{head} because {error}")?;
    }
    match job.ledger().discrepancy {
        0 => Ok(()),
        records => writeln!(text, "{head} DISCREPANCY: the sums disagree by {records} records"),
    }
}

fn write_series(text: &mut String, report: &Report) -> std::fmt::Result {
    let series = report.snapshot().series();
    for SeriesRef { key, value, .. } in series.filter(|series| !says_nothing(series)) {
        writeln!(text, "{key} {}", OneLine(&value.to_string()))?;
    }
    Ok(())
}

/// Whether it is one of the registry's own figures, with nothing to tell.
fn says_nothing(series: &SeriesRef<'_>) -> bool {
    let is_zero = match series.value {
        Value::Counter(total) => total == 0,
        Value::Gauge(level) => level == 0.0,
        _ => false,
    };
    is_zero && series.key.name().starts_with("flowmeter.")
}
