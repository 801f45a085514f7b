//! Reports as lines of JSON: one each, readable, equal to what the report says of itself.

use flowmeter::{Counter, Figure, Job, JsonLines, ManualClock, Registry, Report, Reporter, Text};
use serde_json::Value;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A registry and its job, whose texts would break lines if they were written as they are.
fn registry() -> (Registry, Job) {
    let registry = Registry::builder().clock(ManualClock::new().clock()).build();
    registry.counter_with("rows", &[("table", "a\nb\r\u{2028}\"")]).unwrap().add(3);
    registry.gauge("level").unwrap().set(f64::NAN);
    let job = registry.job("copy").unwrap();
    let (reader, writer) = job.task_group(0).task(0).start().unwrap();
    reader.fail("disk full\nsecond line");
    drop(writer);
    (registry, job)
}

fn reports(registry: &Registry, count: u64) -> Vec<Report> {
    let rows = registry.counter("more").unwrap();
    let report = |_| {
        rows.inc();
        registry.report()
    };
    (0..count).map(report).collect()
}

/// What was written, also when the reporter has the writer; it fails to be flushed while told to.
#[derive(Clone, Default)]
struct Shared {
    written: Arc<Mutex<Vec<u8>>>,
    flush_fails: Arc<Mutex<bool>>,
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        match *self.flush_fails.lock().unwrap() {
            true => Err(ErrorKind::TimedOut.into()),
            false => Ok(()),
        }
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.written.lock().unwrap().clone()).unwrap()
    }
}

#[test]
fn each_report_is_one_line_that_reads_back_and_is_what_the_report_gives_as_json() {
    let (registry, _job) = registry();
    let reports = reports(&registry, 3);
    let mut out = Vec::new();
    let mut lines = JsonLines::new(&mut out);
    reports.iter().for_each(|report| lines.report(report).unwrap());
    let expected: String = reports.iter().map(|report| report.to_json() + "\n").collect();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, expected);
    assert_eq!(text.lines().count(), 3);
    for (line, report) in text.lines().zip(&reports) {
        let read: Value = serde_json::from_str(line).unwrap();
        assert_eq!(read, serde_json::from_str::<Value>(&report.to_json()).unwrap());
        assert_eq!(read["jobs"][0]["name"], "copy");
        assert!(line.contains("disk full\\nsecond line"), "{line}");
    }
}

#[test]
fn each_report_is_one_write_and_is_flushed() {
    #[derive(Default)]
    struct Calls(Arc<Mutex<Vec<&'static str>>>);
    impl Write for Calls {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push("write");
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            self.0.lock().unwrap().push("flush");
            Ok(())
        }
    }
    let calls = Calls::default();
    let seen = Arc::clone(&calls.0);
    let mut lines = JsonLines::new(calls);
    reports(&registry().0, 2).iter().for_each(|report| lines.report(report).unwrap());
    assert_eq!(*seen.lock().unwrap(), ["write", "flush", "write", "flush"]);
}

#[test]
fn what_a_buffer_held_when_it_could_not_be_flushed_is_there_after_closing() {
    let out = Shared::default();
    let reporters: [Box<dyn Reporter>; 2] = [
        Box::new(JsonLines::new(BufWriter::new(out.clone()))),
        Box::new(Text::new(BufWriter::new(out.clone()))),
    ];
    let report = registry().0.report();
    for mut reporter in reporters {
        *out.flush_fails.lock().unwrap() = true;
        assert!(reporter.report(&report).is_err());
        assert!(reporter.close(Duration::ZERO).is_err());
        *out.flush_fails.lock().unwrap() = false;
        reporter.close(Duration::ZERO).unwrap();
        let written = out.text();
        assert!(written.ends_with('\n') && written.len() > 1, "{written}");
        out.written.lock().unwrap().clear();
    }
}

#[test]
fn after_a_flush_that_failed_the_next_report_begins_on_a_new_line() {
    let out = Shared::default();
    let mut lines = JsonLines::new(out.clone());
    let (registry, _job) = registry();
    let reports = reports(&registry, 3);
    *out.flush_fails.lock().unwrap() = true;
    assert!(lines.report(&reports[0]).is_err());
    *out.flush_fails.lock().unwrap() = false;
    lines.report(&reports[1]).unwrap();
    lines.report(&reports[2]).unwrap();
    let [first, second, third] = [0, 1, 2].map(|i: usize| reports[i].to_json());
    assert_eq!(out.text(), format!("{first}\n\n{second}\n{third}\n"));
}

#[test]
fn a_figure_of_the_writer_is_among_the_reporters() {
    let failed = Counter::default();
    let reporters: [Box<dyn Reporter>; 2] = [
        Box::new(JsonLines::new(io::sink()).with_figure("failed_rotations", failed.clone())),
        Box::new(Text::new(io::sink()).with_figure("failed_rotations", failed.clone())),
    ];
    failed.add(2);
    for reporter in reporters {
        let figures = reporter.figures();
        let [("failed_rotations", Figure::Counter(shown))] = figures.as_slice() else {
            panic!("{figures:?}");
        };
        assert_eq!(shown.value(), 2);
    }
}
