//! The text reporter: what an operator reads while a job runs, and at its end.

use flowmeter::{ManualClock, Registry, Report, Reporter, Text};
use std::time::Duration;

const HEAD: &str = "2000-01-01T00:00:01Z [copy";

fn registry() -> Registry {
    let clock = ManualClock::new();
    clock.advance(Duration::from_secs(1));
    Registry::builder().clock(clock.clock()).ended_runs_kept(1).build()
}

fn text(report: &Report) -> String {
    let mut out = Vec::new();
    Text::new(&mut out).report(report).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_running_job_is_one_line_with_its_state() {
    let registry = registry();
    let job = registry.job("copy").unwrap();
    let _sides = job.task_group(0).task(0).start().unwrap();
    let report = registry.report();
    let line = report.job("copy").unwrap().datax();
    assert_eq!(text(&report), format!("{HEAD} running] {line}\n"));
}

#[test]
fn a_failing_job_says_why_while_it_still_runs() {
    let registry = registry();
    let job = registry.job("copy").unwrap();
    let (_reader, writer) = job.task_group(0).task(3).named("orders").start().unwrap();
    writer.fail("disk full\nforged line");
    let text = text(&registry.report());
    let why = "because group 0, task 3 (orders), writer side: disk full\\nforged line";
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.ends_with(&format!("{HEAD} failed] {why}\n")), "{text}");
}

#[test]
fn a_discrepancy_is_loud_while_the_job_still_runs_and_at_its_end() {
    let registry = registry();
    let job = registry.job("copy").unwrap();
    let (reader, mut writer) = job.task_group(0).task(3).named("orders").start().unwrap();
    writer.committed(5, 5);
    let running = text(&registry.report());
    assert!(running.contains("running] DISCREPANCY: the sums disagree by 5 records"), "{running}");
    reader.done().unwrap();
    writer.done();
    job.finish();
    let ended = text(&registry.report());
    assert!(ended.contains("\n  DISCREPANCY   the sums disagree by 5 records"), "{ended}");
    assert!(ended.contains("group 0, task 3 (orders): 5 records\n"), "{ended}");
}

#[test]
fn an_ended_job_is_followed_by_its_summary_and_missed_runs_are_counted() {
    let registry = registry();
    registry.job("copy").unwrap().finish();
    registry.job("copy").unwrap().finish();
    let report = registry.report();
    let text = text(&report);
    let summary = report.job("copy").unwrap().summary().to_string();
    assert!(text.contains(&format!("Percentage 100.00%\n\n{summary}")), "{text}");
    assert!(text.ends_with("1 runs ended and are not kept any more\n"), "{text}");
}

#[test]
fn series_follow_sorted_on_request() {
    let registry = registry();
    registry.gauge("depth").unwrap().set(f64::NAN);
    registry.counter_with("rows", &[("table", "b\"c")]).unwrap().add(2);
    registry.counter_with("rows", &[("table", "a")]).unwrap().add(1);
    let mut out = Vec::new();
    Text::new(&mut out).with_series().report(&registry.report()).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "depth NaN\nflowmeter.series 3\n\
         rows{table=\"a\"} 1\nrows{table=\"b\\\"c\"} 2\n"
    );
}

#[test]
fn every_kind_of_series_is_one_line() {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    let sizes = registry.histogram("sizes").unwrap();
    registry.histogram("none").unwrap();
    registry.meter("pages").unwrap().mark(3);
    registry.timer("load").unwrap().record(Duration::from_micros(1500));
    let _db = registry.health("db", || Err::<(), _>("no\nanswer")).unwrap();
    (1..=4).for_each(|size| sizes.record(size));
    clock.advance(Duration::from_secs(2));
    let mut out = Vec::new();
    Text::new(&mut out).with_series().report(&registry.report()).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with("flowmeter.")).collect();
    assert_eq!(
        lines,
        [
            "db unhealthy: no\\nanswer",
            "load count=1 sum=1.5ms min=1.5ms mean=1.5ms p50=1.5ms p90=1.5ms p99=1.5ms max=1.5ms \
             rate_1m=0.500/s rate_5m=0.500/s rate_15m=0.500/s rate_mean=0.500/s",
            "none count=0 sum=0",
            "pages total=3 rate_1m=1.500/s rate_5m=1.500/s rate_15m=1.500/s rate_mean=1.500/s",
            "sizes count=4 sum=10 min=1 mean=2.500 p50=2 p90=4 p99=4 max=4",
        ]
    );
}
