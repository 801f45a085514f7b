//! `Text`: reports for people and logs, on any writer.

use crate::metric::{HistogramSnapshot, MeterSnapshot, TimerSnapshot};
use crate::report::{JobReport, Report, ReportError, Reporter, date};
use crate::snapshot::Value;
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
    for series in report.snapshot().series() {
        write!(text, "{} ", series.key)?;
        match &series.value {
            Value::Counter(total) => write!(text, "{total}")?,
            Value::Gauge(level) => write!(text, "{level}")?,
            Value::Histogram(histogram) => write_histogram(text, histogram)?,
            Value::Meter(meter) => write_meter(text, meter)?,
            Value::Timer(timer) => write_timer(text, timer)?,
            Value::Health(health) => write!(text, "{}", OneLine(&health.to_string()))?,
        }
        text.push('\n');
    }
    Ok(())
}

fn write_histogram(text: &mut String, histogram: &HistogramSnapshot) -> std::fmt::Result {
    write!(text, "count={} sum={}", histogram.count(), histogram.sum())?;
    let mean = histogram.mean().map(|mean| format!("{mean:.3}"));
    let quantile = |q| histogram.quantile(q).map(|value| value.to_string());
    write_known(text, "min", histogram.min().map(|min| min.to_string()))?;
    write_known(text, "mean", mean)?;
    write_known(text, "p50", quantile(0.5))?;
    write_known(text, "p90", quantile(0.9))?;
    write_known(text, "p99", quantile(0.99))?;
    write_known(text, "max", histogram.max().map(|max| max.to_string()))?;
    match histogram.above() {
        0 => Ok(()),
        above => write!(text, " above={above}"),
    }
}

fn write_meter(text: &mut String, meter: &MeterSnapshot) -> std::fmt::Result {
    write!(text, "total={}", meter.total())?;
    write_rate(text, "rate_1m", meter.rate_1m())?;
    write_rate(text, "rate_5m", meter.rate_5m())?;
    write_rate(text, "rate_15m", meter.rate_15m())?;
    write_rate(text, "rate_mean", meter.rate_mean())
}

fn write_timer(text: &mut String, timer: &TimerSnapshot) -> std::fmt::Result {
    let shown = |duration: Option<Duration>| duration.map(|duration| format!("{duration:?}"));
    write!(text, "count={}", timer.count())?;
    write_known(text, "min", shown(timer.min()))?;
    write_known(text, "mean", shown(timer.mean()))?;
    write_known(text, "p50", shown(timer.quantile(0.5)))?;
    write_known(text, "p90", shown(timer.quantile(0.9)))?;
    write_known(text, "p99", shown(timer.quantile(0.99)))?;
    write_known(text, "max", shown(timer.max()))?;
    write_rate(text, "rate_1m", timer.rate_1m())?;
    write_rate(text, "rate_mean", timer.rate_mean())
}

fn write_rate(text: &mut String, name: &str, rate: Option<f64>) -> std::fmt::Result {
    write_known(text, name, rate.map(|rate| format!("{rate:.3}/s")))
}

/// What is not known, as a rate when no time has passed, is left out.
fn write_known(text: &mut String, name: &str, value: Option<String>) -> std::fmt::Result {
    value.map_or(Ok(()), |value| write!(text, " {name}={value}"))
}
