//! `Text`: reports for people and logs, on any writer.

use crate::report::{Report, ReportError, Reporter, date};
use crate::snapshot::Value;
use crate::text::OneLine;
use std::fmt::Write as _;
use std::io::Write;

/// Writes DataX's line for each job, with the date and the job's name before it; a job that has ended
/// is followed by its summary. On request every series follows, sorted.
///
/// ```text
/// 2013-01-01T10:00:00Z [flights] Total 26483 records, … | Percentage 100.00%
/// ```
#[derive(Debug)]
pub struct Text<W> {
    out: W,
    with_series: bool,
}

impl<W: Write + Send> Text<W> {
    /// Writes to `out`, one write for each report.
    pub fn new(out: W) -> Text<W> {
        Text { out, with_series: false }
    }

    /// Writes all series too, sorted by name and labels: `rows{table="flights"} 26398`.
    #[must_use = "the reporter is returned"]
    pub fn with_series(mut self) -> Text<W> {
        self.with_series = true;
        self
    }

    /// The writer.
    pub fn into_inner(self) -> W {
        self.out
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
        self.out.write_all(self.text(report).as_bytes())?;
        self.out.flush()?;
        Ok(())
    }
}

fn write_jobs(text: &mut String, report: &Report) -> std::fmt::Result {
    let now = date(report.snapshot().taken());
    for job in report.jobs() {
        writeln!(text, "{now} [{}] {}", OneLine(job.name()), job.datax())?;
        if job.job().ended.is_some() {
            write!(text, "\n{}", job.summary())?;
        }
    }
    match report.missed_runs() {
        0 => Ok(()),
        missed => writeln!(text, "{now} {missed} runs ended and are not kept any more"),
    }
}

fn write_series(text: &mut String, report: &Report) -> std::fmt::Result {
    for sample in report.snapshot().series() {
        match sample.value {
            Value::Counter(total) => writeln!(text, "{} {total}", sample.key)?,
            Value::Gauge(level) => writeln!(text, "{} {level}", sample.key)?,
        }
    }
    Ok(())
}
