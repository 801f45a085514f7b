//! From a report to lines.

use crate::input::{Input, counters, gauges, histograms};
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use flowmeter::{Point, Points};
use std::hint::black_box;

pub(crate) fn measure(scale: Scale) {
    for make in [counters, gauges, histograms] {
        measure_with(&make(scale.series), scale);
    }
}

fn measure_with(input: &Input, scale: Scale) {
    let Input { name, report, lines, count, points, .. } = input;
    let title = format!("encode {count} lines of {} bytes: {name}", input.bytes_a_line());
    let (mut by_serde, mut by_us, mut copy) = (Vec::new(), Vec::new(), Vec::new());
    let mut writer = Points::new();
    let serde = || {
        by_serde.clear();
        Turn::of(|| write_all(black_box(points), &mut by_serde))
    };
    let ours = || {
        by_us.clear();
        Turn::of(|| writer.encode(black_box(report), &mut by_us).lines)
    };
    let limit = || {
        copy.clear();
        Turn::of(|| {
            copy.extend_from_slice(black_box(lines));
            *count
        })
    };
    let contest = Contest::new(title, "line").way("serde_json::to_writer of ready points", serde);
    contest
        .way("Points::encode", ours)
        .way("limit: a copy of the same bytes", limit)
        .run(scale.turns)
        .show();
    assert!(by_us == by_serde && by_us == copy, "not the same lines");
}

/// Appends the points, a line each, and says how many there are.
fn write_all(points: &[Point], out: &mut Vec<u8>) -> u64 {
    for point in points {
        serde_json::to_writer(&mut *out, point).unwrap();
        out.push(b'\n');
    }
    points.len() as u64
}
