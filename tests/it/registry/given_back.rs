//! What is taken out gives its memory back, and its slot to the next; nothing that stays is moved.

use crate::own::users;
use allocation_counter::measure;
use flowmeter::{Counter, Registry, Snapshot, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MANY: usize = 100_000;

/// A registry with one counter and one gauge, of which the next will not be the first.
fn registry() -> (Registry, Counter) {
    let registry = Registry::builder().series_limit(MANY).names_limit(MANY + 10).build();
    registry.gauge("level").unwrap().set(1.0);
    let kept = registry.counter_with("rows", &[("of", "first")]).unwrap();
    kept.add(3);
    drop(registry.collect());
    (registry, kept)
}

#[test]
fn a_registry_whose_series_are_taken_out_part_by_part_is_as_small_as_before() {
    let (registry, kept) = registry();
    let part = |n: usize| registry.scope("").label("part", &format!("{}", n % 50));
    let register = || {
        (0..MANY - 1).for_each(|n| {
            part(n).counter_with("rows", &[("of", &format!("{n}"))]).unwrap().inc();
        });
    };
    let held = measure(register).bytes_current;
    let take_out = || {
        let removed: usize = (0..50).map(|n| part(n).unregister("rows")).sum();
        assert_eq!(removed, MANY - 1);
    };
    let left = held + measure(take_out).bytes_current;
    // The process keeps which of its cells are free, of all registries together.
    assert!(held > 10_000_000 && left < 1_000_000, "{left} of {held} bytes");
    assert!(kept.is_registered());
    assert_eq!(registry.collect().counter_with("rows", &[("of", "first")]), Some(3));
}

// Of gauges, which share nothing with other registries.

#[test]
fn so_is_one_whose_scope_is_emptied() {
    let (registry, kept) = registry();
    let scope = registry.scope("").label("job", "copy");
    let left = measure(|| {
        (0..MANY - 1).for_each(|n| {
            scope.gauge_with("level", &[("of", &format!("{n}"))]).unwrap().set(2.0);
        });
        drop(registry.collect());
        assert_eq!(scope.unregister_all(), MANY - 1);
        drop(registry.collect());
    });
    assert!(left.bytes_current < 10_000, "{} bytes", left.bytes_current);
    assert!(kept.is_registered());
    assert_eq!(registry.collect().gauge("level"), Some(1.0));
}

#[test]
fn so_is_one_whose_names_are_taken_out() {
    let (registry, kept) = registry();
    let scope = registry.scope("names");
    let left = measure(|| {
        (0..MANY).for_each(|n| scope.gauge(&format!("{n}")).unwrap().set(2.0));
        drop(registry.collect());
        assert_eq!(scope.unregister_all(), MANY);
        drop(registry.collect());
    });
    assert!(left.bytes_current < 10_000, "{} bytes", left.bytes_current);
    assert!(kept.is_registered());
    assert_eq!(registry.collect().gauge("level"), Some(1.0));
}

/// Something that happens to a registry: to the series with these numbers.
#[derive(Clone, Debug)]
enum Step {
    Count(Vec<u32>),
    TakeOut(Vec<u32>),
    Collect,
}

fn step() -> impl Strategy<Value = Step> {
    // As many as lie together, and more.
    let numbers = (0..200u32, 1..150u32, 1..4usize)
        .prop_map(|(first, count, by)| (first..first + count).step_by(by).collect::<Vec<_>>());
    prop_oneof![
        numbers.clone().prop_map(Step::Count),
        numbers.prop_map(Step::TakeOut),
        Just(Step::Collect),
    ]
}

fn label(number: u32) -> String {
    format!("{number:03}")
}

fn count(registry: &Registry, number: u32) {
    let (label, labels);
    label = self::label(number);
    labels = [("of", &*label)];
    match number % 2 {
        0 => registry.counter_with("even", &labels).unwrap().inc(),
        _ => registry.meter_with("odd", &labels).unwrap().mark(1),
    }
}

fn take_out(registry: &Registry, number: u32) -> bool {
    let name = if number.is_multiple_of(2) { "even" } else { "odd" };
    registry.unregister_with(name, &[("of", &label(number))])
}

/// How much each series has counted, by its number.
fn shown(snapshot: &Snapshot) -> BTreeMap<u32, u64> {
    let shown = users(snapshot).into_iter().map(|series| {
        let number = series.key.labels().next().unwrap().1.parse().unwrap();
        match series.value {
            Value::Counter(total) => (number, total),
            Value::Meter(marks) => (number, marks.total()),
            other => panic!("{other:?} was not registered"),
        }
    });
    shown.collect()
}

proptest! {
    #[test]
    fn whichever_slots_get_free_each_series_keeps_its_own(
        steps in proptest::collection::vec(step(), 0..30),
    ) {
        let (registry, mut model) = (Registry::new(), BTreeMap::new());
        let mut before = Vec::new();
        for step in steps {
            match step {
                Step::Count(numbers) => numbers.into_iter().for_each(|number| {
                    count(&registry, number);
                    *model.entry(number).or_default() += 1;
                }),
                Step::TakeOut(numbers) => numbers.into_iter().for_each(|number| {
                    assert_eq!(take_out(&registry, number), model.remove(&number).is_some());
                }),
                Step::Collect => before.push((registry.collect(), model.clone())),
            }
        }
        before.push((registry.collect(), model));
        // What was collected before something went shows it still.
        for (snapshot, model) in before {
            prop_assert_eq!(shown(&snapshot), model);
        }
    }
}
