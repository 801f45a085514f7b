//! What an operator reads in the log of the program, with the feature `tracing`.

use flowmeter::{
    Counter, Family, ManualClock, Registry, Report, ReportError, Reporter, Tcp, counter,
};
use log::{LevelFilter, Log, Metadata, Record};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// Keeps every line.
struct Lines(Mutex<Vec<String>>);

/// Where lines are counted, by names that can't be.
static COUNTING: OnceLock<(Registry, Family<Counter, 1>)> = OnceLock::new();

static LINES: Lines = Lines(Mutex::new(Vec::new()));

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push(line);
        // Whoever hears of it may count, and be refused.
        if let Some((registry, rows)) = COUNTING.get() {
            counter!(registry, "flowmeter.lines").inc();
            rows.of([&"x".repeat(2_000)]).inc();
        }
    }

    fn flush(&self) {}
}

/// Fails twice, goes well twice, then panics.
struct Unsteady(u32);

impl Reporter for Unsteady {
    fn report(&mut self, _: &Report) -> Result<(), ReportError> {
        self.0 += 1;
        match self.0 {
            1 | 2 => Err("no room".into()),
            3 | 4 => Ok(()),
            _ => panic!("bad luck"),
        }
    }
}

fn logged() -> Vec<String> {
    std::mem::take(&mut *LINES.0.lock().unwrap())
}

/// One test, since a process has one log.
#[test]
fn an_operator_reads_what_changes_and_why() {
    log::set_logger(&LINES).unwrap();
    log::set_max_level(LevelFilter::Debug);
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();

    let unsteady = registry.attach("unsteady", Unsteady(0)).every(Duration::from_secs(1));
    clock.advance(Duration::from_secs(5));
    drop(unsteady);
    let lines = logged();
    let begins = [
        "WARN flowmeter::delivery: a report was not delivered: no room",
        "INFO flowmeter::delivery: reports are delivered again",
        "ERROR flowmeter::delivery: the reporter panicked and is set aside: bad luck",
    ];
    assert_eq!(lines.len(), begins.len(), "each change once: {lines:#?}");
    for (line, begin) in lines.iter().zip(begins) {
        assert!(line.starts_with(begin), "{lines:#?}");
        assert!(line.contains("reporter=\"unsteady\""), "{line}");
    }

    let refuses = |_: Duration| Err(std::io::ErrorKind::ConnectionRefused.into());
    let tcp = Tcp::to("nobody").clock(clock.clock()).jitter(false).dialler(refuses);
    let tcp = registry.attach("tcp", tcp).every(Duration::from_secs(1));
    clock.advance(Duration::from_millis(1_050));
    let lines = logged();
    assert!(lines[0].contains("dial failed: connection refused"), "{lines:#?}");
    for part in ["class=\"refused\"", "attempt=1", "pause=100ms"] {
        assert!(lines[0].contains(part), "{part} in {}", lines[0]);
    }
    drop(tcp);

    refused_metrics_are_told_once(&registry);
}

fn refused_metrics_are_told_once(registry: &Registry) {
    registry.gauge("depth").unwrap();
    let rows: Family<Counter, 1> = registry.metric("rows").family(["table"]).unwrap();
    logged();
    for _ in 0..3 {
        counter!(registry, "depth").inc();
        rows.of([&"x".repeat(2_000)]).inc();
    }
    let lines = logged();
    let begin = "WARN flowmeter::series: nothing is counted here: metric `";
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines.iter().all(|line| line.starts_with(begin)), "{lines:#?}");
    assert!(lines[0].contains("tests/logs.rs:"), "{}", lines[0]);
    assert!(lines[1].contains("at=\"the family of `rows`\""), "{}", lines[1]);

    let registry = Registry::new();
    let rows = registry.metric("rows").family(["table"]).unwrap();
    COUNTING.set((registry, rows)).unwrap();
    log::info!("hello");
    let lines = logged();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines[1].contains("`flowmeter.lines`") && lines[2].contains("`rows`"), "{lines:#?}");
}
