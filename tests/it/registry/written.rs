//! What is registered together is written apart, by what exporters write, told here once more.

use super::clashes::{Asked, asked};
use super::series;
use flowmeter::{MetricError, MetricKind, Registry};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A name of few characters.
fn plain(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match plain.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("_{plain}"),
        false => plain,
    }
}

const DISTRIBUTION: [&str; 7] = ["count", "sum", "min", "max", "p50", "p90", "p99"];
const RATES: [&str; 5] = ["count", "rate_1m", "rate_5m", "rate_15m", "rate_mean"];

/// The names of points: one for each number.
fn points(name: &str, kind: MetricKind) -> Vec<String> {
    let numbers: Vec<&str> = match kind {
        MetricKind::Histogram => DISTRIBUTION.to_vec(),
        MetricKind::Meter => RATES.to_vec(),
        MetricKind::Timer => DISTRIBUTION.into_iter().chain(RATES).collect(),
        _ => return vec![plain(name)],
    };
    numbers.iter().map(|number| plain(&format!("{name}.{number}"))).collect()
}

fn ending(name: &str, end: &str) -> String {
    match name.ends_with(&format!("_{end}")) {
        true => name.to_owned(),
        false => format!("{name}_{end}"),
    }
}

/// The names in the text form of Prometheus: the family, and its samples.
fn families(name: &str, kind: MetricKind, unit: Option<&str>) -> Vec<String> {
    let name = plain(name);
    let counts = matches!(kind, MetricKind::Counter | MetricKind::Meter);
    let name = match counts {
        true => name.strip_suffix("_total").unwrap_or(&name),
        false => &name,
    };
    let name = match unit {
        Some(unit) => ending(name, &plain(unit)),
        None => name.to_owned(),
    };
    let samples: &[&str] = match kind {
        MetricKind::Counter => &["total"],
        MetricKind::Meter => &["total", "rate_1m", "rate_5m", "rate_15m", "rate_mean"],
        MetricKind::Histogram | MetricKind::Timer => &["bucket", "sum", "count"],
        _ => &[],
    };
    let samples: Vec<_> = samples.iter().map(|sample| format!("{name}_{sample}")).collect();
    samples.into_iter().chain([name]).collect()
}

/// Whatever exporters write for it.
fn written(asked: Asked) -> BTreeSet<String> {
    let Asked { name, kind, unit } = asked;
    let units = match kind {
        MetricKind::Timer => vec![None, Some("seconds"), Some("nanoseconds")],
        _ => vec![None, unit],
    };
    let families = units.into_iter().flat_map(|unit| families(name, kind, unit));
    points(name, kind).into_iter().chain(families).collect()
}

/// Whether the refusal is of a kind that a clash of names explains; a contradiction is another matter.
fn is_clash(error: &MetricError) -> bool {
    matches!(error, MetricError::Alike { .. })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_accepted_is_written_apart(all in vec(asked(), 0..6)) {
        let registry = Registry::new();
        let mut accepted: Vec<Asked> = Vec::new();
        for asked in all {
            if asked.of(&registry).is_ok() {
                for other in accepted.iter().filter(|other| other.name != asked.name) {
                    let (one, other) = (written(asked), written(*other));
                    prop_assert!(one.is_disjoint(&other), "{:?} and {:?}", one, other);
                }
                accepted.push(asked);
            }
        }
    }

    #[test]
    fn what_is_refused_is_written_like_something_there(all in vec(asked(), 0..6)) {
        let registry = Registry::new();
        let mut accepted: Vec<Asked> = Vec::new();
        for asked in all {
            let before = series(&registry);
            match asked.of(&registry) {
                Ok(()) => accepted.push(asked),
                Err(error) => {
                    prop_assert_eq!(series(&registry), before);
                    let alike = accepted.iter().any(|other| may_be_alike(*other, asked));
                    let same_name = accepted.iter().any(|other| other.name == asked.name);
                    prop_assert!(if is_clash(&error) { alike } else { same_name }, "{}", error);
                }
            }
        }
    }
}

/// Whether two may be written alike by an exporter that writes any number with or without the unit.
fn may_be_alike(one: Asked, other: Asked) -> bool {
    !may_be_written(one).is_disjoint(&may_be_written(other))
}

fn may_be_written(asked: Asked) -> BTreeSet<String> {
    let Asked { name, kind, unit } = asked;
    let units: &[_] = match kind {
        MetricKind::Timer => &[None, Some("seconds"), Some("nanoseconds")],
        _ => &[None, unit],
    };
    let plain_name = plain(name);
    let stripped = plain_name.strip_suffix("_total").unwrap_or(&plain_name).to_owned();
    let numbers = match kind {
        MetricKind::Counter => vec!["total"],
        MetricKind::Histogram => [&DISTRIBUTION[..], &["bucket"]].concat(),
        MetricKind::Meter => [&RATES[..], &["total"]].concat(),
        MetricKind::Timer => [&DISTRIBUTION[..], &RATES[..], &["bucket", "total"]].concat(),
        _ => vec![],
    };
    let mut all = BTreeSet::new();
    for name in [plain_name, stripped] {
        for unit in units {
            let name = unit.map_or_else(|| name.clone(), |unit| ending(&name, unit));
            all.extend(numbers.iter().map(|number| format!("{name}_{number}")));
            all.insert(name);
        }
    }
    all
}
