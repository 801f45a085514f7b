//! Each line of `docs/host.md` is there, of its kind and within its range; and nothing else is.

use crate::support::{all, work};
use flowmeter::Value;
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// A line of the page.
#[derive(Clone, Debug)]
struct Line {
    kind: String,
    unit: String,
    is_always_there: bool,
}

fn lines() -> BTreeMap<String, Line> {
    let page = fs::read_to_string("docs/host.md").unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    rows.map(cells)
        .map(|cells| {
            let [_, name, kind, unit, _, there, ..] = &cells[..] else { panic!("{cells:?}") };
            let is_always_there = there.starts_with("always");
            assert!(is_always_there || there.starts_with("if "), "{cells:?}");
            let line = Line { kind: kind.clone(), unit: unit.clone(), is_always_there };
            (name.trim_matches('`').to_owned(), line)
        })
        .collect()
}

fn assert_in_range(name: &str, line: &Line, value: &Value) {
    let (kind, level) = match value {
        Value::Counter(_) => ("counter", 0.0),
        Value::Gauge(level) => ("gauge", *level),
        other => panic!("{name} is {other:?}"),
    };
    assert_eq!(kind, line.kind, "{name}");
    let most = match &*line.unit {
        "%" => 100.0,
        "bytes" | "ns" => 2_f64.powi(60),
        "MiB" => 2_f64.powi(40),
        "1" => 1e7,
        other => panic!("{name} has the unit {other}"),
    };
    assert!((0.0..=most).contains(&level), "{name} is {level}");
}

#[test]
fn each_line_of_the_page_is_there_and_in_its_range_and_nothing_else_is() {
    let (registry, _guards) = all();
    drop(registry.collect());
    work(Duration::from_millis(300));
    let snapshot = registry.collect();
    let mut lines = lines();
    assert!(lines.len() > 50, "{}", lines.len());
    let mut seen = BTreeMap::new();
    for series in snapshot.series().filter(|series| !series.key.name().starts_with("flowmeter.")) {
        let name = series.key.name().to_owned();
        let line = lines.get(&name).unwrap_or_else(|| panic!("the page does not have {name}"));
        assert_in_range(&name, line, &series.value);
        *seen.entry(name).or_insert(0) += 1;
    }
    lines.retain(|name, line| line.is_always_there && !seen.contains_key(name));
    assert!(lines.is_empty(), "not there: {lines:?}");
}

/// The page's code is compiled and run by a documentation test.
#[test]
fn the_readme_shows_a_line_of_the_page() {
    let (readme, page) =
        (fs::read_to_string("README.md").unwrap(), fs::read_to_string("docs/host.md").unwrap());
    let line = readme.lines().find(|line| line.contains("builtin::all()")).unwrap();
    assert!(page.lines().any(|of_page| of_page == line), "{line}");
}

#[test]
fn what_lies_between_two_readings_is_absent_at_the_first() {
    let (registry, _guards) = all();
    let snapshot = registry.collect();
    for name in ["cpu.usage", "cpu.user", "cpu.iowait", "process.cpu.usage"] {
        assert_eq!(snapshot.gauge(name), None, "{name}");
    }
    assert!(snapshot.gauge("cpu.load1").is_some() && snapshot.gauge("mem.used").is_some());
}
