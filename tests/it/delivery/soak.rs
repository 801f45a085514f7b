//! Hours on a clock that the test owns: three reporters, a peer that comes and goes, jobs that end at any moment.

mod process;
mod random;

use super::checked::{Checked, LastEnd, Taken};
use super::peer::{End, Life, Path, Peer};
use super::{Does, counted};
use flowmeter::{Counter, Job, JsonLines, ManualClock, Moment, Points, Registry, Report};
use flowmeter::{Reporter, ReporterGuard, Tcp, TcpWatch};
use parking_lot::Mutex;
use process::Process;
use random::Random;
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = super::HOUR;
/// Fewer than the runs that may end at one moment.
const RUNS_KEPT: usize = 10;
const LIVE: usize = 8;

/// How much of it there is.
struct Size {
    hours: u64,
    series: usize,
    /// Of `Tcp`, of `JsonLines`, and of one that is the test's own.
    intervals: [Duration; 3],
    buffer: usize,
    /// Nothing else runs in this process.
    alone: bool,
    seed: u64,
}

#[test]
fn two_simulated_hours_drift_nowhere_and_every_run_and_line_is_accounted_for() {
    let intervals = [10, 60, 60].map(Duration::from_secs);
    let (buffer, seed) = (200_000, 1);
    Soak::new(Size { hours: 2, series: 200, intervals, buffer, alone: false, seed }).run();
}

/// A report each minute, each 5 and each 10 minutes.
#[test]
#[ignore = "it takes minutes: `.ci/deep` runs it, optimised and alone in its process"]
fn a_simulated_day_with_ten_thousand_series_needs_no_more_memory_than_its_first_hour() {
    let intervals = [1, 10, 5].map(|minutes| minutes * MINUTE);
    let (buffer, seed) = (8 * 1024 * 1024, 1);
    Soak::new(Size { hours: 24, series: 10_000, intervals, buffer, alone: true, seed }).run();
}

/// The reporters in the order of their intervals.
struct Soak {
    size: Size,
    clock: ManualClock,
    registry: Registry,
    peer: Peer,
    watch: TcpWatch,
    json_lines: Arc<AtomicU64>,
    guards: Vec<ReporterGuard>,
    taken: Vec<Arc<Mutex<Taken>>>,
    random: Random,
    series: Vec<Counter>,
    live: Vec<Job>,
    started: u64,
    /// How many runs have ended.
    ended: u64,
    last_end: LastEnd,
    after_an_hour: Option<Process>,
}

/// Counts lines, and forgets them.
struct Lines(Arc<AtomicU64>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.0.fetch_add(lines as u64, Ordering::SeqCst);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Soak {
    fn new(size: Size) -> Soak {
        let clock = ManualClock::new();
        let registry = Registry::builder().clock(clock.clock()).ended_runs_kept(RUNS_KEPT).build();
        let peer = flapping(&clock, &size);
        let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(peer.dialler());
        let tcp = tcp.buffer(size.buffer);
        let (watch, json_lines) = (tcp.status(), Arc::<AtomicU64>::default());
        let (random, series) = (Random::new(size.seed), counters(&registry, size.series));
        let mut soak = Soak {
            size,
            clock,
            registry,
            peer,
            watch,
            json_lines: json_lines.clone(),
            guards: Vec::new(),
            taken: Vec::new(),
            random,
            series,
            live: Vec::new(),
            started: 0,
            ended: 0,
            last_end: LastEnd::default(),
            after_an_hour: None,
        };
        soak.attach("tcp", tcp);
        soak.attach("json lines", JsonLines::new(Lines(json_lines)));
        soak.attach("own", Does(|_: &Report| Ok(())));
        soak
    }

    fn attach(&mut self, name: &str, reporter: impl Reporter + 'static) {
        let interval = self.size.intervals[self.guards.len()];
        let checked = Checked::new(reporter, interval, &self.last_end);
        self.taken.push(checked.taken.clone());
        self.guards.push(self.registry.attach(name, checked).every(interval).deadline(HOUR));
    }

    fn run(mut self) {
        for hour in 1..=self.size.hours {
            self.pass_hour(Moment::default() + HOUR * u32::try_from(hour).unwrap());
            self.check_intervals();
            self.check_runs();
            self.check_lines();
            self.check_process();
        }
        self.end();
    }

    fn pass_hour(&mut self, until: Moment) {
        while self.clock.clock().now() < until {
            let left = until.since(self.clock.clock().now());
            let step = Duration::from_millis(1 + self.random.below(240_000));
            self.clock.advance(step.min(left));
            self.count();
            self.start_and_end();
        }
        // Each moment's reports are there.
        self.clock.advance(Duration::ZERO);
    }

    fn count(&mut self) {
        let first = self.random.below(4) as usize;
        let amount = self.random.below(1_000);
        self.series.iter().skip(first).step_by(4).for_each(|counter| counter.add(amount));
    }

    fn start_and_end(&mut self) {
        match self.random.below(8) {
            0..=2 if self.live.len() < LIVE => {
                self.started += 1;
                let job = self.registry.job(&format!("job {}", self.started)).unwrap();
                self.live.push(job);
            }
            3 | 4 if !self.live.is_empty() => {
                let which = self.random.below(self.live.len() as u64) as usize;
                let job = self.live.swap_remove(which);
                self.end_job(job);
            }
            5 => self.burst(),
            _ => {}
        }
    }

    /// More runs than are kept, at one moment.
    fn burst(&mut self) {
        for _ in 0..self.random.below(4 * RUNS_KEPT as u64) {
            let job = self.registry.job("quick").unwrap();
            self.end_job(job);
        }
    }

    fn end_job(&mut self, job: Job) {
        self.last_end.store(self.clock.clock().now().as_nanos(), Ordering::SeqCst);
        self.ended += 1;
        match self.random.below(3) {
            0 => drop(job.finish()),
            1 => drop(job.fail("as drawn")),
            _ => drop(job),
        }
    }

    fn check_intervals(&self) {
        let elapsed = self.clock.clock().now().as_nanos();
        let snapshot = self.registry.collect();
        let each = self.guards.iter().zip(&self.taken).zip(self.size.intervals);
        for ((guard, taken), interval) in each {
            assert_eq!(guard.failure(), None, "{}", guard.name());
            let due = u128::from(elapsed) / interval.as_nanos();
            assert_eq!(u128::from(taken.lock().intervals), due, "{}", guard.name());
            assert_eq!(counted(&snapshot, "late", guard.name()), Some(0));
        }
    }

    /// Each reporter was told each run once, or has missed it.
    fn check_runs(&self) {
        for taken in &self.taken {
            let taken = taken.lock();
            assert_eq!(taken.runs.len() as u64 + taken.missed, self.ended);
        }
        assert_eq!(self.json_lines.load(Ordering::SeqCst), self.taken[1].lock().reports);
    }

    fn check_lines(&self) {
        let cut = self.watch.now();
        self.peer.assert_holds(&cut);
        let newest = self.taken[0].lock().last.clone().unwrap();
        let mut lines = Vec::new();
        Points::default().encode(&newest, &mut lines);
        // What one report has more than the next one is little.
        let most = self.size.buffer + 2 * lines.len();
        assert!(cut.queued_bytes <= most as u64, "{most}: {cut:?}");
        assert!(self.peer.read_now() <= 2, "one thread reads, and one may be about to end");
    }

    fn check_process(&mut self) {
        let Some(now) = Process::now().filter(|_| self.size.alone) else { return };
        let Process { threads, pages } = *self.after_an_hour.get_or_insert(now);
        assert!(now.threads <= threads + 2, "{now:?}, and {threads} threads after an hour");
        assert!(now.pages <= 2 * pages, "{now:?}, and {pages} pages after an hour");
    }

    fn end(mut self) {
        let before = self.watch.now();
        assert!(before.dropped > 0 && before.unconfirmed > 0 && before.dials > 20, "{before:?}");
        assert!(self.peer.held().lines < before.written, "some were lost on their way");
        self.peer.come_back();
        self.peer.end();
        while self.watch.now().connected {
            std::thread::yield_now();
        }
        self.clock.advance(MINUTE);
        self.registry.counter("the.last").unwrap().inc();
        let last = self.registry.job("the last").unwrap();
        self.end_job(last);
        assert_eq!(self.registry.close(HOUR), Ok(()));
        self.check_runs();
        let cut = self.watch.now();
        self.peer.assert_holds(&cut);
        assert_eq!((cut.queued, cut.open), (0, 0), "{cut:?}");
        assert!(self.peer.newest().contains("\"the.last\""), "the last report is there");
        println!("{} runs, {:?}", self.ended, Process::now());
        println!("{} reports, {cut:#?}", self.taken[0].lock().reports);
    }
}

/// So many series, some hundred of a name.
fn counters(registry: &Registry, series: usize) -> Vec<Counter> {
    let counter = |number: usize| {
        let name = format!("rows.{}", number / 500);
        registry.counter_with(&name, &[("table", &number.to_string())]).unwrap()
    };
    (0..series).map(counter).collect()
}

/// A peer that is away for each third of an hour; else its connections end in every way there is.
fn flapping(clock: &ManualClock, size: &Size) -> Peer {
    let (clock, mut random) = (clock.clock(), Random::new(size.seed));
    // About what one report has.
    let report = 100 * size.series as u64;
    Peer::new(move || {
        let away = clock.now().as_nanos() / 1_000_000_000 % 3600 >= 2400;
        match away || random.below(4) == 0 {
            true => Life::Refused,
            false => Life::Lives(path(&mut random, report)),
        }
    })
}

fn path(random: &mut Random, report: u64) -> Path {
    let most = random.one_of([0, 3_000, 60_000, 10 * report, 100 * report]);
    let takes = random.below(1 + most) as usize;
    let end = random.one_of([
        End::Fails(ErrorKind::ConnectionReset),
        End::Fails(ErrorKind::BrokenPipe),
        // What a write gives after its time, if nobody reads.
        End::Fails(ErrorKind::TimedOut),
        End::Closes,
    ]);
    let never = takes < 100_000 && random.below(3) == 0;
    let behind = if never { usize::MAX } else { random.one_of([0, 500, 50_000]) };
    Path { at_once: random.one_of([700, 40_000, usize::MAX]), takes, end, behind }
}
