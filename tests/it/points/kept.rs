//! What is kept from one report to the next changes nothing of what is written.

use super::registry;
use crate::snapshot::level;
use flowmeter::{
    Key, ManualClock, Points, Registry, Report, SeriesSnapshot, Snapshot, Stamp, Value,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::sync::Arc;

fn encoded(points: &mut Points, report: &Report) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let encoded = points.encode(report, &mut out);
    (out, encoded.left_out)
}

/// Asserts that points which have seen other reports write what new ones do, and that these are the
/// lines of the points.
fn check(long_lived: &mut Points, report: &Report) {
    let (lines, left_out) = encoded(long_lived, report);
    assert_eq!((&lines, left_out), (&encoded(&mut Points::new(), report).0, left_out));
    let of_points = Points::new().of(report).into_iter().map(|point| point.to_line() + "\n");
    assert_eq!(String::from_utf8(lines).unwrap(), of_points.collect::<String>());
}

#[derive(Clone, Debug)]
enum Step {
    Count(u8, u8),
    /// What was a counter may become a histogram.
    Record(u8),
    TakeOut(u8),
    TakeOutAll(u8),
    Job(u8),
    Report,
}

fn step() -> impl Strategy<Value = Step> {
    let (name, label) = (0..6_u8, 0..4_u8);
    prop_oneof![
        6 => (name.clone(), label).prop_map(|(name, label)| Step::Count(name, label)),
        1 => name.clone().prop_map(Step::Record),
        2 => name.clone().prop_map(Step::TakeOut),
        1 => name.clone().prop_map(Step::TakeOutAll),
        1 => name.prop_map(Step::Job),
        4 => Just(Step::Report),
    ]
}

fn take(step: Step, registry: &Registry, long_lived: &mut Points) {
    let named = |name: u8| format!("name.{name}");
    match step {
        // A name of another kind is refused, and stays as it is.
        Step::Count(name, label) => {
            let label = label.to_string();
            let counter = registry.counter_with(&named(name), &[("label", &label)]);
            counter.map(|counter| counter.add(1)).unwrap_or_default();
        }
        Step::Record(name) => {
            let histogram = registry.histogram(&named(name));
            histogram.map(|histogram| histogram.record(1)).unwrap_or_default();
        }
        Step::TakeOut(name) => {
            registry.unregister_with(&named(name), &[("label", "1")]);
        }
        Step::TakeOutAll(name) => {
            registry.unregister(&named(name));
        }
        Step::Job(name) => drop(registry.job(&named(name)).unwrap()),
        Step::Report => check(long_lived, &registry.report()),
    }
}

proptest! {
    #[test]
    fn points_that_saw_other_reports_write_what_new_ones_do(steps in vec(step(), 1..60)) {
        let registry = registry(&ManualClock::new()).build();
        let mut long_lived = Points::new();
        steps.into_iter().for_each(|step| take(step, &registry, &mut long_lived));
        check(&mut long_lived, &registry.report());
    }

    /// Sources give keys that are equal and not the same; a report may also be of another registry.
    #[test]
    fn no_order_of_reports_makes_a_difference(
        all in vec((btree_map(0..8_u8, level(), 0..8), 0..2_u8), 1..8),
    ) {
        let mut long_lived = Points::new();
        for (levels, endpoint) in all {
            let series = levels.into_iter().map(|(name, level)| {
                let key = Key::new(&format!("name.{name}"), &[("label", "value")]).unwrap();
                SeriesSnapshot::new(key, Value::Gauge(level))
            });
            let snapshot = Snapshot::new(1, Stamp::default(), series.collect(), Vec::new(), 0)
                .measured_at(endpoint.to_string().into(), Arc::default());
            check(&mut long_lived, &Report::between(&Snapshot::default(), &snapshot));
        }
    }
}
