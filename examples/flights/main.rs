//! Copies a month of flights from a CSV file into SQLite, and tells the truth about it.
//!
//! One task per carrier, in four task groups that run in parallel. In each task a reader thread
//! parses and transforms the rows of its carrier, and a writer thread commits them, 1,000 at a time.
//! `cargo run --release --example flights -- --help` tells the options.

mod options;
mod reporting;
mod source;
mod store;
mod task;

use flowmeter::{Job, JobReport, Registry, Task};
use options::Options;
use reporting::{Reporting, complain};
use source::Source;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use store::Store;
use task::{Copy, ErrorLimit};

const TASK_GROUPS: usize = 4;

/// What the main thread waits for.
enum Event {
    Interrupted,
    AllGroupsEnded,
}

fn main() -> ExitCode {
    match Options::from_args()
        .and_then(|options| options.map_or(Ok(ExitCode::SUCCESS), |o| run(&o)))
    {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let source = Source::open(&options.input)?;
    let output = options.output.clone().map_or_else(in_new_directory, Ok)?;
    store::spare(&options.input, &output)?;
    let store = Store::create(&output, options.replace)?;
    let (events, news) = channel();
    let interrupts = events.clone();
    ctrlc::set_handler(move || drop(interrupts.send(Event::Interrupted)))?;

    let registry = Registry::new();
    let job = registry.job("flights")?;
    let copies = plan(&job, &source, &store);
    let limit = ErrorLimit::new(&job, options.error_limit);
    let reporting = Reporting::begin(&registry, options);
    let interrupted = thread::scope(|scope| {
        scope.spawn(|| run_groups(&copies, &limit, &events));
        wait_for_groups(&job, &news)
    });

    let report = end(job, interrupted);
    reporting.end(&output);
    Ok(report.exit_code())
}

fn in_new_directory() -> Result<PathBuf, Box<dyn Error>> {
    let directory = tempfile::Builder::new().prefix("flights-").tempdir()?;
    Ok(directory.keep().join("flights.sqlite"))
}

/// One task per carrier, dealt out to the task groups.
fn plan<'a>(job: &Job, source: &'a Source, store: &'a Store) -> Vec<Vec<Copy<'a>>> {
    let mut groups: Vec<Vec<Copy<'a>>> = (0..TASK_GROUPS).map(|_| Vec::new()).collect();
    for (id, carrier) in source.carriers().iter().enumerate() {
        let group = id % TASK_GROUPS;
        let task: Task = job.task_group(group as u32).task(id as u32).named(carrier.as_str());
        groups[group].push(Copy { task, carrier, is_first: id == 0, source, store });
    }
    groups
}

/// Runs the groups side by side, and the tasks of each one after the other.
fn run_groups(groups: &[Vec<Copy<'_>>], limit: &ErrorLimit<'_>, events: &Sender<Event>) {
    thread::scope(|scope| {
        let run_group = |group: &[Copy<'_>]| group.iter().all(|copy| copy.run(limit));
        let threads: Vec<_> =
            groups.iter().map(|group| scope.spawn(move || run_group(group))).collect();
        // A side that panics has failed its task: there is nothing to add to that here.
        threads.into_iter().for_each(|thread| drop(thread.join()));
    });
    let _ = events.send(Event::AllGroupsEnded);
}

/// Waits until all groups have ended; true if Ctrl-C ended them.
fn wait_for_groups(job: &Job, news: &Receiver<Event>) -> bool {
    let mut interrupted = false;
    while let Ok(Event::Interrupted) = news.recv() {
        job.stop("interrupted");
        interrupted = true;
    }
    interrupted
}

fn end(job: Job, interrupted: bool) -> JobReport {
    match interrupted {
        true => job.kill("interrupted"),
        false => job.finish(),
    }
}
