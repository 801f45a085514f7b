//! The summary at a job's end: what a person wants to see first, then the ledger.

use super::job::{JobReport, Speed};
use super::time::{date, seconds};
use super::units::{byte_size, grouped, percentage};
use crate::communication::{Amount, Failure, Message, Place, State};
use crate::text::OneLine;
use std::fmt::{self, Display, Formatter};

/// How many samples, failed tasks or discrepancies a summary shows of each.
const SHOWN: usize = 3;

/// The summary of a job, of several lines. `Display` writes it, with a newline at its end.
///
/// Sizes are in units of 1024 bytes, as in DataX's line.
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
        self.discrepancy(f)?;
        self.causes(f)?;
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
        let size = size(counters.writer.committed.bytes);
        let read = grouped(counters.reader.read.records);
        let is = if self.report.has_ended() { "" } else { "is " };
        writeln!(
            f,
            "{name} {is}{state} after {time}: \
             {committed} records committed ({size}) of {read} read"
        )
    }

    /// What is wrong with the sums, if anything is: before everything else.
    fn discrepancy(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let records = self.report.ledger().discrepancy;
        if records == 0 {
            return Ok(());
        }
        let records = grouped(records);
        writeln!(
            f,
            "  DISCREPANCY   the sums disagree by {records} records: they are not counted right"
        )?;
        let job = self.report.snapshot();
        let wrong = job
            .groups
            .iter()
            .flat_map(|group| group.tasks().iter().map(|task| (group.id, task, task.ledger())));
        let wrong = wrong.filter(|(_, _, ledger)| !ledger.balances());
        shown(f, wrong, |(group, task, ledger)| {
            let records = grouped(ledger.discrepancy);
            format!("{}: {records} records", self.task(group, task.id))
        })
    }

    /// The cause, and which other tasks failed.
    fn causes(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(cause) = self.report.error() else { return Ok(()) };
        line(f, "because", cause)?;
        let tasks = self.report.snapshot().tasks();
        let others = tasks.filter_map(|task| task.error());
        shown(f, others.filter(|failure| *failure != cause), Failure::to_string)
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
        line(f, "tasks", format_args!("{by_state} ({})", percentage(self.report.completion())))?;
        self.stale(f)
    }

    fn stale(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let communication = self.report.communication();
        let Some(oldest) = communication.oldest.filter(|_| communication.stale > 0) else {
            return Ok(());
        };
        let age = seconds(self.report.snapshot().at.at.since(oldest.at));
        let stale = grouped(communication.stale);
        line(f, "stale", format_args!("{stale} tasks as they were when last read, up to {age} ago"))
    }

    fn times(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let job = self.report.snapshot();
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
            format_args!(
                "readers for writers {readers}, writers for readers {writers} (all tasks)"
            ),
        )?;
        let transforms = seconds(counters.reader.transform_time());
        line(f, "transforms", format_args!("{transforms} (all tasks)"))
    }

    fn errors(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let errors = self.report.counters().errors().records;
        line(f, "errors", format_args!("{} records", grouped(errors)))?;
        let samples = &self.report.communication().samples;
        samples.iter().take(SHOWN).try_for_each(|sample| line(f, "", self.sample(sample)))?;
        and_more(f, samples.total().saturating_sub(SHOWN as u64))
    }

    fn sample(&self, sample: &Message) -> String {
        let Message { group, task, key, text, .. } = sample;
        format!("{}, {key}: {}", self.task(*group, *task), OneLine(text))
    }

    /// How people are told of a task: as in a failure, but without its side.
    fn task(&self, group: u32, id: u32) -> String {
        let task = self.report.snapshot().group(group).and_then(|group| group.task(id));
        let name = task.and_then(|task| task.name.as_deref());
        Place::of_task(group, id, name)
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
        match ledger.discrepancy {
            0 => line(f, "discrepancy", "none"),
            records => rest(f, "DISCREPANCY", records),
        }
    }

    fn custom(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let communication = self.report.communication();
        if !communication.custom.is_empty() {
            writeln!(f, "\n  counted by the job")?;
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

/// The first of `items`, a line each, and how many more there are.
fn shown<T>(
    f: &mut Formatter<'_>,
    mut items: impl Iterator<Item = T>,
    text: impl Fn(T) -> String,
) -> fmt::Result {
    items.by_ref().take(SHOWN).try_for_each(|item| line(f, "", text(item)))?;
    and_more(f, items.count() as u64)
}

fn and_more(f: &mut Formatter<'_>, more: u64) -> fmt::Result {
    match more {
        0 => Ok(()),
        more => line(f, "", format_args!("and {} more", grouped(more))),
    }
}

fn amount(f: &mut Formatter<'_>, title: &str, amount: Amount) -> fmt::Result {
    let (records, bytes) = (grouped(amount.records), grouped(amount.bytes));
    writeln!(f, "  {title:<14}{records:>20}{bytes:>24}")
}

fn rest(f: &mut Formatter<'_>, title: &str, records: impl Into<i128>) -> fmt::Result {
    writeln!(f, "  {title:<14}{:>20}", grouped(records))
}

fn speed(speed: Option<Speed>) -> String {
    let Some(Speed { records, bytes, .. }) = speed else {
        return "no time has passed".to_owned();
    };
    format!("{} records/s, {}/s", per_second(records), size(bytes as u64))
}

/// Below ten a second the fraction tells a slow job from one that stands still.
fn per_second(records: f64) -> String {
    match records {
        ..10.0 if records > 0.0 => format!("{records:.2}"),
        _ => grouped(records as u64),
    }
}

fn size(bytes: u64) -> String {
    byte_size(i64::try_from(bytes).unwrap_or(i64::MAX))
}
