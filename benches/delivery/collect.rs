//! From a registry to a report: what comes before the lines.

use crate::input::{Input, counters};
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use flowmeter::Points;
use std::hint::black_box;

pub(crate) fn measure(scale: Scale) {
    let input = counters(scale.series);
    let Input { name, registry, report, count, .. } = &input;
    let mut reports = registry.reports();
    let (mut points, mut lines) = (Points::new(), Vec::new());
    let collect = || Turn::of(|| black_box(registry.collect()).series().len() as u64);
    let take = || Turn::of(|| black_box(reports.read()).snapshot().series().len() as u64);
    let encode = || {
        lines.clear();
        Turn::of(|| points.encode(black_box(report), &mut lines).lines)
    };
    Contest::new(format!("collect {count} {name}"), "series")
        .way("Registry::collect", collect)
        .way("Reports::read, which collects", take)
        .way("Points::encode, for scale", encode)
        .run(scale.turns)
        .show();
    assert_eq!(lines, input.lines);
}
