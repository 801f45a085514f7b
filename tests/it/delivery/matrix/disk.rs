//! A disk that is full.

use super::super::{HOUR, counted, registry};
use super::{SECOND, do_a_job};
use flowmeter::{DeliveryError, JsonLines};
use parking_lot::Mutex;
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;

/// A file on a disk with so much room.
#[derive(Clone)]
struct Disk {
    room: Arc<Mutex<usize>>,
    file: Arc<Mutex<Vec<u8>>>,
}

impl Disk {
    fn with_room(bytes: usize) -> Disk {
        Disk { room: Arc::new(Mutex::new(bytes)), file: Arc::default() }
    }

    fn text(&self) -> String {
        String::from_utf8(self.file.lock().clone()).unwrap()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut room = self.room.lock();
        let taken = bytes.len().min(*room);
        if taken == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        *room -= taken;
        self.file.lock().write(&bytes[..taken])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn each_report_that_finds_no_room_is_counted_and_all_of_it_is_told_when_there_is_some() {
    let (clock, registry) = registry();
    let disk = Disk::with_room(1_000);
    let guard = registry.attach("file", JsonLines::new(disk.clone())).every(SECOND).deadline(HOUR);
    for number in 1..=5 {
        do_a_job(&registry);
        clock.advance(SECOND);
        // That of its end, and that of the interval.
        let snapshot = registry.collect();
        let [sent, failed] =
            ["sent", "failed"].map(|figure| counted(&snapshot, figure, "file").unwrap());
        assert_eq!((sent, failed), (0, 2 * number));
        assert_eq!(guard.failure(), Some(ErrorKind::StorageFull.to_string()));
    }
    *disk.room.lock() = usize::MAX;
    clock.advance(SECOND);
    assert_eq!(guard.failure(), None);
    do_a_job(&registry);
    assert_eq!(guard.close(), Ok(()));
    let text = disk.text();
    // What broke off is a line, and ends before the next report.
    let whole: Vec<&str> = text.lines().skip(1).collect();
    assert!(whole.iter().all(|line| line.starts_with('{') && line.ends_with('}')), "{text}");
    for run in 1..=6 {
        assert_eq!(told(&whole, run), 1, "run {run}");
    }
}

/// In how many reports a run has ended.
fn told(lines: &[&str], run: u64) -> usize {
    let reports = lines.iter().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let ended = |job: &serde_json::Value| job["run"] == run && job["state"] == "succeeded";
    let in_report = |report: serde_json::Value| {
        report["jobs"].as_array().unwrap().iter().filter(|job| ended(job)).count()
    };
    reports.map(in_report).sum()
}

#[test]
fn one_that_is_still_full_at_the_end_is_told_by_the_guard() {
    let (clock, registry) = registry();
    let guard = registry.attach("file", JsonLines::new(Disk::with_room(0))).every(SECOND);
    for _ in 0..3 {
        do_a_job(&registry);
        clock.advance(SECOND);
    }
    let reason = ErrorKind::StorageFull.to_string();
    assert_eq!(guard.close(), Err(DeliveryError::Failed { reporter: "file".to_owned(), reason }));
}
