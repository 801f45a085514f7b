//! Runs that end while others look: each is told once, or counted as missed.

use flowmeter::{Registry, Report, State};
use std::collections::BTreeSet;
use std::thread;

fn run_once(registry: &Registry, name: &str) {
    registry.job(name).unwrap().finish();
}

/// What a cursor was told of runs that ended.
#[derive(Default)]
struct Told {
    runs: BTreeSet<u64>,
    missed: u64,
}

impl Told {
    fn hear(&mut self, report: &Report) {
        self.missed += report.missed_runs();
        for job in report.jobs().iter().filter(|job| job.snapshot().ended.is_some()) {
            assert!(
                self.runs.insert(job.snapshot().run),
                "run {} is told twice",
                job.snapshot().run
            );
        }
    }
}

/// Starts and ends `runs` runs on another thread; what a cursor was told meanwhile.
fn told_while_running(registry: &Registry, runs: u64) -> Told {
    let (mut reports, mut told) = (registry.reports(), Told::default());
    thread::scope(|scope| {
        let runner = scope.spawn(|| (0..runs).for_each(|_| run_once(registry, "etl")));
        while !runner.is_finished() {
            told.hear(&reports.read());
        }
    });
    told.hear(&reports.read());
    told
}

#[test]
fn no_run_is_counted_as_missed_that_is_told_while_another_thread_ends_runs() {
    let told = told_while_running(&Registry::builder().ended_runs_kept(100_000).build(), 30_000);
    assert_eq!(told.missed, 0);
}

#[test]
fn every_run_is_told_or_missed_while_another_thread_ends_more_than_are_kept() {
    let told = told_while_running(&Registry::builder().ended_runs_kept(2).build(), 100_000);
    assert_eq!(told.runs.len() as u64 + told.missed, 100_000);
}

#[test]
fn a_job_that_finishes_is_never_seen_to_be_killed() {
    let registry = Registry::new();
    let finish = || {
        for _ in 0..30_000 {
            let job = registry.job("etl").unwrap();
            let (reader, writer) = job.task_group(0).task(0).start().unwrap();
            reader.done().unwrap();
            writer.done();
            assert!(job.finish().succeeded());
        }
    };
    thread::scope(|scope| {
        let runner = scope.spawn(finish);
        while !runner.is_finished() {
            let states = registry.collect().jobs().map(|job| job.state).collect::<Vec<_>>();
            assert!(!states.contains(&State::Killing), "{states:?}");
        }
    });
}
