//! The points of series: their names by kind, their tags, what is left out.

use super::{lines, points, registry, shown};
use flowmeter::{Encoded, ManualClock, Number, Points, Registry};
use std::time::{Duration, UNIX_EPOCH};

#[test]
fn every_kind_has_its_points() {
    let clock = ManualClock::new();
    let registry = registry(&clock).build();
    registry.counter("rows").unwrap().add(u64::MAX);
    registry.gauge("level").unwrap().set(0.5);
    registry.histogram("sizes").unwrap().record_n(3, 4);
    registry.meter("pages").unwrap().mark(120);
    registry.timer("took").unwrap().record(Duration::from_nanos(64));
    clock.advance(Duration::from_secs(60));
    let all = points(&mut Points::new(), &registry.report());
    let rates = |name: &str, at: usize| all[at].metric == format!("{name}.rate_1m");
    assert!(rates("pages", 2) && rates("took", 21), "{:#?}", shown(&all));
    let mut expected = vec!["level [t] 0.5".to_owned(), "pages.count [t] 120".to_owned()];
    expected.extend(["1m", "5m", "15m", "mean"].map(|of| format!("pages.rate_{of} [t] 2")));
    expected.push(format!("rows [t] {}", u64::MAX));
    let of_sizes = [("count", 4), ("sum", 12), ("min", 3), ("max", 3), ("p50", 3), ("p90", 3)];
    expected.extend(of_sizes.map(|(of, n)| format!("sizes.{of} [t] {n}")));
    expected.push("sizes.p99 [t] 3".to_owned());
    let of_took = [("count", 1), ("sum", 64), ("min", 64), ("max", 64), ("p50", 64), ("p90", 64)];
    expected.extend(of_took.map(|(of, n)| format!("took.{of} [t] {n}")));
    expected.push("took.p99 [t] 64".to_owned());
    let rounded: Vec<_> = all.iter().map(rounded).collect();
    assert_eq!(rounded[..expected.len()], expected);
    let of_took: Vec<_> = all[expected.len()..].iter().map(|point| &*point.metric).collect();
    assert_eq!(of_took, ["took.rate_1m", "took.rate_5m", "took.rate_15m", "took.rate_mean"]);
}

/// Rates are as exact as floats are.
fn rounded(point: &flowmeter::Point) -> String {
    let mut point = point.clone();
    if point.metric.contains("rate") {
        point.value = Number::of((point.value.as_f64() * 1e9).round() / 1e9).unwrap();
    }
    shown(&[point]).remove(0)
}

#[test]
fn a_check_is_1_if_it_is_healthy_and_else_0() {
    let registry = registry(&ManualClock::new()).build();
    registry.health("db", || Err::<(), _>("no answer")).unwrap().keep();
    registry.health("disk", || Ok::<(), String>(())).unwrap().keep();
    let all = points(&mut Points::new(), &registry.report());
    assert_eq!(shown(&all), ["db [t] 0", "disk [t] 1"]);
}

#[test]
fn what_is_not_known_gives_no_point_and_is_not_counted() {
    let registry = registry(&ManualClock::new()).build();
    registry.histogram("sizes").unwrap();
    registry.meter("pages").unwrap();
    let report = registry.report();
    let all = points(&mut Points::new(), &report);
    assert_eq!(shown(&all), ["pages.count [t] 0", "sizes.count [t] 0", "sizes.sum [t] 0"]);
    assert_eq!(Points::new().encode(&report, &mut Vec::new()).left_out, 0);
}

#[test]
fn what_is_not_finite_is_left_out_and_counted() {
    let registry = registry(&ManualClock::new()).build();
    for (name, level) in [("a", f64::NAN), ("b", f64::INFINITY), ("c", -f64::INFINITY), ("d", -0.0)]
    {
        registry.gauge(name).unwrap().set(level);
    }
    let report = registry.report();
    let mut out = b"before\n".to_vec();
    let Encoded { lines: written, left_out, .. } = Points::new().encode(&report, &mut out);
    assert_eq!(left_out, 3);
    assert!(out.starts_with(b"before\n{"));
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count() as u64, written + 1);
    let lines = lines(&mut Points::new(), &report);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains(r#""metric":"d","endpoint":"h","tag":["t"],"value":-0.0,"#));
}

#[test]
fn labels_become_tags_behind_the_bare_ones_and_are_escaped() {
    let clock = ManualClock::new();
    let registry = registry(&clock).endpoint("\"h\\\n").tags(["x", "", "\u{1b}"]).build();
    let labels = [("z", "a\"b\\c\nd"), ("quoted\"", "")];
    registry.counter_with("rows\"", &labels).unwrap().add(1);
    let report = registry.report();
    assert_eq!(
        lines(&mut Points::new(), &report),
        [concat!(
            r#"{"metric":"rows\"","endpoint":"\"h\\\n","tag":["x","","\u001b","quoted\"=","z=a\"b\\c\nd"],"#,
            r#""value":1,"timestamp":946684800}"#
        )]
    );
    let tags = &points(&mut Points::new(), &report)[0].tag;
    assert_eq!(*tags, ["x", "", "\u{1b}", "quoted\"=", "z=a\"b\\c\nd"]);
}

#[test]
fn the_timestamp_is_whole_seconds_also_before_1970() {
    let clock = ManualClock::new();
    let registry = registry(&clock).build();
    registry.counter("rows").unwrap();
    let at = |wall| {
        clock.set_wall(wall);
        points(&mut Points::new(), &registry.report())[0].timestamp
    };
    assert_eq!(at(UNIX_EPOCH + Duration::from_millis(1999)), 1);
    assert_eq!(at(UNIX_EPOCH - Duration::from_millis(1)), -1);
    assert_eq!(at(UNIX_EPOCH - Duration::from_millis(1000)), -1);
}

#[test]
fn endpoint_and_tags_of_the_points_come_before_those_of_the_registry() {
    let registry = registry(&ManualClock::new()).build();
    registry.counter("rows").unwrap();
    let report = registry.report();
    let mut own = Points::new().endpoint("elsewhere").tags(["a", "b"]);
    let first = lines(&mut own, &report);
    assert!(first[0].contains(r#""endpoint":"elsewhere","tag":["a","b"]"#), "{first:?}");
    let mut changed = own.endpoint("again").tags([""; 0]);
    let second = lines(&mut changed, &report);
    assert!(second[0].contains(r#""endpoint":"again","tag":[]"#), "{second:?}");
}

#[test]
fn a_registry_that_was_told_nothing_is_on_this_machine() {
    let registry = Registry::new();
    registry.counter("rows").unwrap();
    let all = points(&mut Points::new(), &registry.report());
    assert_eq!(all[0].tag, [std::env::consts::OS]);
    let name = hostname::get().unwrap();
    let name = name.to_str().filter(|name| !name.is_empty()).unwrap_or("localhost");
    assert_eq!(all[0].endpoint, name);
}

#[test]
fn a_disabled_registry_gives_no_points() {
    let registry = Registry::disabled();
    registry.gauge("level").unwrap().set(f64::NAN);
    let mut out = Vec::new();
    assert_eq!(Points::new().encode(&registry.report(), &mut out), Encoded::default());
    assert!(out.is_empty());
}
