//! The summary at a job's end: what a person wants to see first, then the ledger.

use super::job::{JobReport, Speed};
use super::time::{date, seconds};
use super::units::{byte_size, grouped, percentage, unit_size};
use crate::communication::{Amount, Ledger, Message, State};
use crate::text::OneLine;
use std::fmt::{self, Display, Formatter};

/// How many samples of records in error a summary shows.
const SAMPLES_SHOWN: usize = 3;

/// The summary of a job, of several lines. `Display` writes it, with a newline at its end.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    report: &'a JobReport,
}

impl JobReport {
    /// The summary for people: the outcome first, then speeds, times, errors, and the ledger.
    pub fn summary(&self) -> Summary<'_> {
        Summary { report: self }
    }
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.outcome(f)?;
        self.error(f)?;
        self.tasks(f)?;
        self.times(f)?;
        self.speeds(f)?;
        self.waits(f)?;
        self.errors(f)?;
        self.ledger(f)?;
        self.custom(f)
    }
}

impl Summary<'_> {
    fn outcome(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (name, state) = (OneLine(self.report.name()), self.report.state());
        let time = seconds(self.report.elapsed());
        let counters = self.report.counters();
        let committed = grouped(counters.writer.committed.records);
        let size = unit_size(counters.writer.committed.bytes);
        let read = grouped(counters.reader.read.records);
        let verb = if state.is_finished() { "" } else { "is " };
        writeln!(
            f,
            "{name} {verb}{state} after {time}: {committed} of {read} records committed ({size})"
        )
    }

    fn error(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.report.error() {
            Some(error) => line(f, "because", error),
            None => Ok(()),
        }
    }

    fn tasks(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let counts = self.report.communication().tasks;
        let by_state = State::ALL
            .into_iter()
            .rev()
            .filter(|&state| counts.of(state) > 0)
            .map(|state| format!("{} {state}", grouped(counts.of(state))));
        let by_state = by_state.collect::<Vec<_>>().join(", ");
        let by_state = if by_state.is_empty() { "none" } else { &by_state };
        line(f, "tasks", format_args!("{by_state} ({})", percentage(self.report.progress())))?;
        match self.report.communication().stale {
            0 => Ok(()),
            stale => line(f, "stale", format_args!("{stale} tasks as they were when last read")),
        }
    }

    fn times(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let job = self.report.job();
        let ended = job.ended.map_or_else(|| "not yet".to_owned(), date);
        line(f, "time", format_args!("{} to {ended}", date(job.started)))
    }

    fn speeds(&self, f: &mut Formatter<'_>) -> fmt::Result {
        line(f, "reading", speed(self.report.read_speed()))?;
        line(f, "writing", speed(self.report.write_speed()))
    }

    fn waits(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let counters = self.report.counters();
        let readers = seconds(counters.reader.waited_for_writer());
        let writers = seconds(counters.writer.waited_for_reader());
        line(
            f,
            "waited",
            format_args!("readers for writers {readers}, writers for readers {writers}"),
        )?;
        line(f, "transforms", seconds(counters.reader.transform_time()))
    }

    fn errors(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let errors = self.report.counters().errors().records;
        line(f, "errors", format_args!("{} records", grouped(errors)))?;
        let samples = &self.report.communication().samples;
        samples.iter().take(SAMPLES_SHOWN).try_for_each(|sample| line(f, "", shown(sample)))?;
        match samples.total().saturating_sub(SAMPLES_SHOWN as u64) {
            0 => Ok(()),
            more => line(f, "", format_args!("and {} more", grouped(more))),
        }
    }

    fn ledger(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let counters = self.report.counters();
        let (reader, writer) = (&counters.reader, &counters.writer);
        let ledger = self.report.ledger();
        writeln!(f, "\n  {:<14}{:>20}{:>24}", "ledger", "records", "bytes")?;
        amount(f, "read", reader.read)?;
        rest(f, "made", reader.made)?;
        amount(f, "unreadable", reader.unreadable)?;
        amount(f, "filtered", reader.filtered)?;
        amount(f, "refused", reader.refused)?;
        amount(f, "handed on", reader.handed_on)?;
        rest(f, "in hand", ledger.in_hand)?;
        rest(f, "in flight", ledger.in_flight)?;
        amount(f, "received", writer.received)?;
        amount(f, "skipped", writer.skipped)?;
        amount(f, "failed", writer.failed)?;
        amount(f, "committed", writer.committed)?;
        rest(f, "buffered", ledger.buffered)?;
        rest(f, "abandoned", ledger.abandoned)?;
        discrepancy(f, ledger)
    }

    fn custom(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let communication = self.report.communication();
        if !communication.custom.is_empty() {
            writeln!(f, "\n  {:<14}", "counted by the job")?;
        }
        for (name, total) in &communication.custom {
            writeln!(f, "  {:<22}{:>12}", OneLine(name).to_string(), grouped(*total))?;
        }
        match communication.custom_overflow {
            0 => Ok(()),
            overflow => writeln!(f, "  {:<22}{:>12}", "under other names", grouped(overflow)),
        }
    }
}

fn line(f: &mut Formatter<'_>, title: &str, text: impl Display) -> fmt::Result {
    writeln!(f, "  {title:<14}{text}")
}

fn amount(f: &mut Formatter<'_>, title: &str, amount: Amount) -> fmt::Result {
    let (records, bytes) = (grouped(amount.records), grouped(amount.bytes));
    writeln!(f, "  {title:<14}{records:>20}{bytes:>24}")
}

fn rest(f: &mut Formatter<'_>, title: &str, records: impl Into<i128>) -> fmt::Result {
    writeln!(f, "  {title:<14}{:>20}", grouped(records))
}

fn discrepancy(f: &mut Formatter<'_>, ledger: Ledger) -> fmt::Result {
    match ledger.discrepancy {
        0 => line(f, "discrepancy", "none"),
        records => writeln!(
            f,
            "  DISCREPANCY   the sums disagree by {} records: the job's counting is wrong",
            grouped(records)
        ),
    }
}

fn speed(speed: Option<Speed>) -> String {
    let Some(Speed { records, bytes, .. }) = speed else {
        return "no time has passed".to_owned();
    };
    format!("{} records/s, {}/s", grouped(records as u64), byte_size(bytes as i64))
}

fn shown(sample: &Message) -> String {
    let Message { group, task, key, text, .. } = sample;
    format!("group {group}, task {task}, {key}: {}", OneLine(text))
}
