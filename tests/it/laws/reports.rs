//! A run that ended is in exactly one report of each cursor, as a whole, or is counted as missed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use flowmeter::{
    Amount, Clock, Job, JobReport, ManualClock, Moment, ReaderSide, Registry, Reports, Speed,
    WriterSide,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const NAMES: [&str; 3] = ["hourly", "daily", "weekly"];

#[derive(Clone, Debug)]
enum Step {
    Start(usize),
    Read(usize, u64),
    End(usize),
    Pass(u64),
    Open,
    Report(Index),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || 0..NAMES.len();
    prop_oneof![
        4 => name().prop_map(Step::Start),
        2 => (name(), 0..100_u64).prop_map(|(name, n)| Step::Read(name, n)),
        3 => name().prop_map(Step::End),
        2 => (0..10_u64).prop_map(Step::Pass),
        1 => Just(Step::Open),
        4 => any::<Index>().prop_map(Step::Report),
    ]
}

/// A run that lives, and what a report should know of it.
struct Live {
    job: Job,
    sides: (ReaderSide, WriterSide),
    known: Known,
}

/// What a report should say of a run.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    name: &'static str,
    run: u64,
    ended: bool,
    started: Moment,
    read: u64,
    interval: Duration,
    speed: Option<Speed>,
}

/// A cursor, and up to where it has read.
struct Cursor {
    /// None for the registry's own.
    reports: Option<Reports>,
    at: Moment,
    ended_seen: usize,
    read_then: BTreeMap<u64, u64>,
}

struct World {
    manual: ManualClock,
    clock: Clock,
    registry: Registry,
    kept: usize,
    live: BTreeMap<usize, Live>,
    ended: Vec<Known>,
    cursors: Vec<Cursor>,
}

impl World {
    fn new(kept: usize) -> World {
        let manual = ManualClock::new();
        let clock = manual.clock();
        let registry = Registry::builder().clock(clock.clone()).ended_runs_kept(kept).build();
        let own =
            Cursor { reports: None, at: clock.now(), ended_seen: 0, read_then: BTreeMap::new() };
        let (live, ended) = (BTreeMap::new(), Vec::new());
        World { manual, clock, registry, kept, live, ended, cursors: vec![own] }
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Start(name) => self.start(*name),
            Step::Read(name, n) => self.read(*name, *n),
            Step::End(name) => self.end(*name),
            Step::Pass(seconds) => self.manual.advance(Duration::from_secs(*seconds)),
            Step::Open => self.open(),
            Step::Report(cursor) => return self.report(cursor.index(self.cursors.len())),
        }
        Ok(())
    }

    fn start(&mut self, name: usize) {
        if self.live.contains_key(&name) {
            assert!(self.registry.job(NAMES[name]).is_err());
            return;
        }
        let job = self.registry.job(NAMES[name]).unwrap();
        let sides = job.task_group(0).task(0).start().unwrap();
        let (run, started) = (job.run(), self.clock.now());
        let interval = Duration::ZERO;
        let (ended, read, speed) = (false, 0, None);
        let known = Known { name: NAMES[name], run, ended, started, read, interval, speed };
        self.live.insert(name, Live { job, sides, known });
    }

    fn read(&mut self, name: usize, n: u64) {
        if let Some(live) = self.live.get_mut(&name) {
            live.sides.0.read_batch(n, 0);
            live.known.read += n;
        }
    }

    fn end(&mut self, name: usize) {
        let Some(Live { job, sides, mut known }) = self.live.remove(&name) else { return };
        match known.run % 4 {
            0 => drop(job.finish()),
            1 => drop(job.fail("disk full")),
            2 => drop(job.kill("enough")),
            _ => drop(job),
        }
        drop(sides);
        known.ended = true;
        known.cover(known.started, 0, self.clock.now());
        self.ended.push(known);
    }

    fn open(&mut self) {
        let reports = Some(self.registry.reports());
        let (at, ended_seen) = (self.clock.now(), self.ended.len());
        self.cursors.push(Cursor { reports, at, ended_seen, read_then: self.read_by_run() });
    }

    fn read_by_run(&self) -> BTreeMap<u64, u64> {
        self.live.values().map(|live| (live.known.run, live.known.read)).collect()
    }

    fn report(&mut self, cursor: usize) -> Result<(), TestCaseError> {
        let (expected, missed) = self.expected(&self.cursors[cursor]);
        let (at, ended_seen, read_then) = (self.clock.now(), self.ended.len(), self.read_by_run());
        let cursor = &mut self.cursors[cursor];
        let report = match &mut cursor.reports {
            Some(reports) => reports.read(),
            None => self.registry.report(),
        };
        let said: Vec<_> = report.jobs().iter().map(said).collect();
        prop_assert_eq!(said, expected);
        prop_assert_eq!(report.missed_runs(), missed);
        prop_assert_eq!(report.interval(), at.since(cursor.at));
        (cursor.at, cursor.ended_seen, cursor.read_then) = (at, ended_seen, read_then);
        Ok(())
    }

    /// What the next report of a cursor says of each job, and how many runs it misses.
    fn expected(&self, cursor: &Cursor) -> (Vec<Known>, u64) {
        let oldest_kept = self.ended.len().saturating_sub(self.kept);
        let first = cursor.ended_seen.max(oldest_kept);
        let mut jobs = self.ended[first..].to_vec();
        for Live { known, .. } in self.live.values() {
            let read_then = cursor.read_then.get(&known.run).copied().unwrap_or(0);
            let mut known = known.clone();
            known.cover(cursor.at.max(known.started), read_then, self.clock.now());
            jobs.push(known);
        }
        jobs.sort_by_key(|job| (job.name, job.run));
        (jobs, (first - cursor.ended_seen) as u64)
    }
}

impl Known {
    fn cover(&mut self, from: Moment, read_before: u64, until: Moment) {
        self.interval = until.since(from);
        self.speed = Speed::of(Amount::new(self.read - read_before, 0), self.interval);
    }
}

fn said(report: &JobReport) -> Known {
    let job = report.snapshot();
    Known {
        name: NAMES.into_iter().find(|name| *name == report.name()).unwrap(),
        run: job.run,
        ended: job.ended.is_some(),
        started: job.started.at,
        read: report.counters().reader.read.records,
        interval: report.interval(),
        speed: report.read_speed(),
    }
}

proptest! {
    #[test]
    fn each_cursor_tells_of_each_ended_run_once_and_as_a_whole_or_counts_it_as_missed(
        kept in select(vec![0, 1, 2, 5, 100]),
        steps in vec(step(), 0..80),
    ) {
        let mut world = World::new(kept);
        for step in &steps {
            world.take(step)?;
        }
        for cursor in (0..world.cursors.len()).chain(0..world.cursors.len()) {
            world.report(cursor)?;
        }
    }
}

fn run_once(registry: &Registry, name: &str) {
    registry.job(name).unwrap().finish();
}

#[test]
fn as_many_runs_are_missed_as_ended_beyond_the_limit_since_the_cursor() {
    for (ended, missed) in [(0, 0), (2, 0), (3, 1), (102, 100)] {
        let registry = Registry::builder().ended_runs_kept(2).build();
        run_once(&registry, "before");
        let mut reports = registry.reports();
        (0..ended).for_each(|_| run_once(&registry, "etl"));
        let report = reports.read();
        assert_eq!(report.missed_runs(), missed, "of {ended}");
        assert_eq!(report.jobs().len() as u64, ended - missed, "of {ended}");
        assert_eq!(reports.read().missed_runs(), 0, "of {ended}");
    }
}

#[test]
fn a_report_of_the_registry_begins_at_its_start_and_a_cursor_where_it_is_made() {
    let registry = Registry::new();
    run_once(&registry, "etl");
    let mut reports = registry.reports();
    assert!(reports.read().jobs().is_empty());
    assert_eq!(registry.report().jobs().len(), 1);
    assert!(registry.report().jobs().is_empty());
}

#[test]
fn a_clone_of_a_cursor_reads_on_its_own() {
    let registry = Registry::new();
    let mut reports = registry.reports();
    run_once(&registry, "etl");
    let mut clone = reports.clone();
    assert_eq!((reports.read().jobs().len(), clone.read().jobs().len()), (1, 1));
}

#[test]
fn no_run_is_out_of_sight_while_another_thread_ends_it() {
    let registry = Registry::builder().ended_runs_kept(2).build();
    let ended = AtomicBool::new(false);
    let look = || {
        let mut seen = None;
        while !ended.load(Ordering::Relaxed) {
            let now = registry.collect().jobs().map(|job| job.run).max();
            assert!(now >= seen, "run {seen:?} was there, and then {now:?} was the newest");
            seen = now;
        }
    };
    thread::scope(|scope| {
        // Several look, so that the one that ends runs has to wait for them in between.
        (0..4).for_each(|_| drop(scope.spawn(look)));
        (0..200_000).for_each(|_| run_once(&registry, "etl"));
        ended.store(true, Ordering::Relaxed);
    });
}
