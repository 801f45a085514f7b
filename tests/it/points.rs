//! Points: the wire text of one, and which ones a report gives.

mod jobs;
mod kept;
mod merged;
mod series;
mod sizes;
mod wire;

use flowmeter::{ManualClock, Point, Points, Registry, RegistryBuilder, Report};

/// A registry of the host `h` with the bare tag `t`, on a clock that the test moves.
fn registry(clock: &ManualClock) -> RegistryBuilder {
    Registry::builder().clock(clock.clock()).endpoint("h").tags(["t"])
}

/// The lines of a report, those of the registry's own figures left out.
fn lines(points: &mut Points, report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    let encoded = points.encode(report, &mut out);
    let text = String::from_utf8(out).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let lines: Vec<&str> = text.split_terminator('\n').collect();
    assert_eq!(lines.len() as u64, encoded.lines);
    let of_others = lines.into_iter().filter(|line| !line.contains(r#""metric":"flowmeter."#));
    of_others.map(str::to_owned).collect()
}

/// The points of a report, those of the registry's own figures left out.
fn points(points: &mut Points, report: &Report) -> Vec<Point> {
    let mut all = points.of(report);
    all.retain(|point| !point.metric.starts_with("flowmeter."));
    all
}

/// Name, tags and value of each point, as one text: `rows [t] 3`.
fn shown(points: &[Point]) -> Vec<String> {
    let shown =
        |point: &Point| format!("{} [{}] {}", point.metric, point.tag.join(" "), point.value);
    points.iter().map(shown).collect()
}
