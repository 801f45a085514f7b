//! What is taken out gives its memory back, and its slot to the next; nothing that stays is moved.

use crate::own::users;
use allocation_counter::measure;
use flowmeter::{Counter, Registry, Snapshot, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MANY: usize = 100_000;
/// In bytes: of what MANY series take less than a hundredth. Other tests take cells in between.
const LITTLE: i64 = 100_000;

fn registry() -> Registry {
    Registry::builder().series_limit(MANY).names_limit(MANY + 10).build()
}

/// How many bytes more there are after `work`, done as often before.
fn left_by(mut work: impl FnMut()) -> i64 {
    // What a process keeps for all of its registries: which cells are free.
    work();
    measure(work).bytes_current
}

/// Many counters, each of which counts.
fn register(counter: impl Fn(&str) -> Counter) {
    (0..MANY).for_each(|n| counter(&format!("{n}")).inc());
}

#[test]
fn a_registry_whose_series_are_taken_out_part_by_part_is_as_small_as_before() {
    let registry = registry();
    let kept = registry.counter_with("rows", &[("of", "first")]).unwrap();
    kept.add(3);
    let part = |n: usize| registry.scope("").label("part", &format!("{}", n % 50));
    let left = left_by(|| {
        (0..MANY - 1).for_each(|n| {
            part(n).counter_with("rows", &[("of", &format!("{n}"))]).unwrap().inc();
        });
        drop(registry.collect());
        let removed: usize = (0..50).map(|n| part(n).unregister("rows")).sum();
        assert_eq!(removed, MANY - 1);
        assert_eq!(registry.collect().counter_with("rows", &[("of", "first")]), Some(3));
    });
    assert!(left < LITTLE, "{left} bytes");
    assert!(kept.is_registered());
}

#[test]
fn so_is_one_whose_scope_is_emptied() {
    let registry = registry();
    let kept = registry.counter_with("rows", &[("of", "first")]).unwrap();
    let job = registry.scope("copy");
    let left = left_by(|| {
        register(|n| job.counter_with("rows", &[("of", n)]).unwrap());
        drop(registry.collect());
        assert_eq!(job.unregister_all(), MANY);
        assert_eq!(users(&registry.collect()).len(), 1);
    });
    assert!(left < LITTLE, "{left} bytes");
    assert!(kept.is_registered());
}

#[test]
fn so_is_one_whose_names_are_taken_out() {
    let registry = registry();
    let kept = registry.counter("first").unwrap();
    let names = registry.scope("names");
    let left = left_by(|| {
        register(|n| names.counter(n).unwrap());
        drop(registry.collect());
        assert_eq!(names.unregister_all(), MANY);
        assert_eq!(users(&registry.collect()).len(), 1);
    });
    assert!(left < LITTLE, "{left} bytes");
    assert!(kept.is_registered());
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
