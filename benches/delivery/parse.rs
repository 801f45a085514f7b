//! From lines to points.

use crate::input::{Input, counters, gauges};
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use flowmeter::Point;
use serde::Deserialize;
use std::hint::black_box;

/// As somebody may write it who has no `Point`.
#[derive(Deserialize)]
struct Owned {
    metric: String,
    endpoint: String,
    tag: Vec<String>,
    value: f64,
    timestamp: i64,
}

/// Its texts stay in the line, so it can't have any that is escaped there.
#[derive(Deserialize)]
struct Borrowed<'a> {
    metric: &'a str,
    endpoint: &'a str,
    #[serde(borrow)]
    tag: Vec<&'a str>,
    value: f64,
    timestamp: i64,
}

pub(crate) fn measure(scale: Scale) {
    for make in [counters, gauges] {
        measure_with(&make(scale.series), scale);
    }
}

fn measure_with(input: &Input, scale: Scale) {
    let texts = input.texts();
    check(&texts, &input.points);
    let title = format!("parse a line of {} bytes: {}", input.bytes_a_line(), input.name);
    Contest::new(title, "line")
        .way("serde_json::from_str, owned", || each(&texts, owned))
        .way("serde_json::from_str, borrowed", || each(&texts, borrowed))
        .way("Point::from_line", || each(&texts, point))
        .run(scale.turns)
        .show();
}

fn owned(line: &str) -> Owned {
    serde_json::from_str(line).unwrap()
}

fn borrowed(line: &str) -> Borrowed<'_> {
    serde_json::from_str(line).unwrap()
}

fn point(line: &str) -> Point {
    Point::from_line(line).unwrap()
}

fn each<'a, T>(texts: &[&'a str], parse: impl Fn(&'a str) -> T) -> Turn {
    Turn::of(|| {
        texts.iter().for_each(|text| drop(black_box(parse(black_box(text)))));
        texts.len() as u64
    })
}

/// All three read what was written.
fn check(texts: &[&str], points: &[Point]) {
    assert_eq!(texts.len(), points.len());
    for (text, Point { metric, endpoint, tag, value, timestamp }) in texts.iter().zip(points) {
        let (owned, borrowed, value) = (owned(text), borrowed(text), value.as_f64());
        assert_eq!((&owned.metric, &owned.endpoint, &owned.tag), (metric, endpoint, tag));
        assert_eq!((borrowed.metric, borrowed.endpoint), (metric.as_str(), endpoint.as_str()));
        assert_eq!(borrowed.tag, *tag);
        assert_eq!([owned.timestamp, borrowed.timestamp], [*timestamp; 2]);
        assert_eq!([owned.value, borrowed.value], [value; 2]);
    }
    assert!(texts.iter().map(|text| point(text)).eq(points.iter().cloned()));
}
