//! Reports whose lines are known.

use flowmeter::{Key, Points, Report, SeriesSnapshot, Snapshot, Stamp, TcpStatus, Value};
use std::ops::Range;

/// A report with one line for each number, unlike all others, all of one length.
pub(super) fn report(numbers: Range<u64>) -> Report {
    let series = numbers.map(|number| {
        let key = Key::new(&format!("row.{number:06}"), &[]).unwrap();
        SeriesSnapshot::new(key, Value::Counter(1_000_000 + number))
    });
    let now = Snapshot::new(1, Stamp::default(), series.collect(), Vec::new(), 0);
    Report::between(&now, &now)
}

/// The text of such a report.
pub(super) fn text(numbers: Range<u64>) -> String {
    let mut text = Vec::new();
    Points::default().encode(&report(numbers), &mut text);
    String::from_utf8(text).unwrap()
}

/// Holds what holds in every cut.
#[track_caller]
pub(super) fn assert_sums(cut: &TcpStatus) {
    assert_eq!(cut.produced, cut.written + cut.dropped + cut.queued, "{cut:?}");
    assert_eq!(cut.written, cut.closed_in_order + cut.unconfirmed + cut.open, "{cut:?}");
}

pub(super) fn is_alive(line: &str) -> bool {
    line.contains("\"flowmeter.alive\"")
}
