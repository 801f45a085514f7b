//! Arbitrary snapshots of disjoint registries that agree on what names mean, and some that do not.

use std::collections::BTreeMap;
use std::sync::Arc;

use flowmeter::{
    Buckets, Description, GaugeMerge, Health, HistogramSnapshot, Key, SeriesSnapshot, Snapshot,
    Value,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::laws::arbitrary::{number, stamp};
use crate::snapshot::{job, level};

/// How the gauges of each of these names become one.
pub(super) const GAUGES: [(&str, GaugeMerge); 4] = [
    ("latest", GaugeMerge::Latest),
    ("max", GaugeMerge::Max),
    ("min", GaugeMerge::Min),
    ("sum", GaugeMerge::Sum),
];

const OTHERS: [&str; 5] = ["calls", "rows", "sizes", "took", "well"];

/// Levels whose sums have no rounding, so that grouping them must not make any difference.
fn even_level() -> impl Strategy<Value = f64> {
    let rare = select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]);
    prop_oneof![1 => rare, 3 => any::<i32>().prop_map(f64::from)]
}

fn histogram() -> impl Strategy<Value = HistogramSnapshot> {
    vec(number(), 0..4).prop_map(|values| HistogramSnapshot::of(Buckets::default(), values))
}

/// The raw numbers of rates, which add up without rounding.
fn decayed() -> impl Strategy<Value = serde_json::Value> {
    let sum = || (0..1_u32 << 20).prop_map(f64::from);
    (0..1000_u64, sum(), sum(), sum())
        .prop_map(|(age_ns, a, b, c)| json!({"age_ns": age_ns, "sums": [a, b, c]}))
}

fn health() -> impl Strategy<Value = Health> {
    let reason = select(vec!["down", "full", "no disk"]).prop_map(Arc::from);
    prop_oneof![Just(Health::Healthy), reason.prop_map(|reason| Health::Unhealthy { reason })]
}

/// A value of the kind that the name has.
fn value(name: &'static str) -> BoxedStrategy<Value> {
    match name {
        "sum" => even_level().prop_map(Value::Gauge).boxed(),
        "latest" | "max" | "min" => level().prop_map(Value::Gauge).boxed(),
        "sizes" => histogram().prop_map(|sizes| Value::Histogram(Arc::new(sizes))).boxed(),
        "calls" => (number(), decayed())
            .prop_map(|(total, decayed)| {
                let form = json!({"total": total, "decayed": decayed});
                Value::Meter(Arc::new(serde_json::from_value(form).unwrap()))
            })
            .boxed(),
        "took" => (histogram(), decayed())
            .prop_map(|(durations, decayed)| {
                let form = json!({"durations": durations, "decayed": decayed});
                Value::Timer(Arc::new(serde_json::from_value(form).unwrap()))
            })
            .boxed(),
        "well" => health().prop_map(Value::Health).boxed(),
        _ => number().prop_map(Value::Counter).boxed(),
    }
}

fn name() -> impl Strategy<Value = &'static str> {
    let names = GAUGES.iter().map(|(name, _)| *name).chain(OTHERS);
    select(names.collect::<Vec<_>>())
}

pub(super) fn key(name: &str, host: Option<&str>) -> Key {
    let labels: Vec<_> = host.into_iter().map(|host| ("host", host)).collect();
    Key::new(name, &labels).unwrap()
}

fn series() -> impl Strategy<Value = Vec<SeriesSnapshot>> {
    let host = option::of(select(vec!["a", "b"]));
    let one =
        (name(), host).prop_flat_map(|(name, host)| (Just((name, host)), value(name), 0..3_u64));
    vec(one, 0..10).prop_map(|all| {
        let all = all.into_iter().map(|((name, host), value, registration)| {
            let mut series = SeriesSnapshot::new(key(name, host), value);
            series.registration = registration;
            series
        });
        all.collect()
    })
}

/// What is said of the names: of a gauge always how it merges, of any the unit and the help.
fn descriptions() -> impl Strategy<Value = Vec<Description>> {
    let said = (any::<bool>(), option::of(select(vec!["of rows", "rows", "what is"])));
    btree_map(name(), said, 0..6).prop_map(|mut said| {
        GAUGES.iter().for_each(|(name, _)| {
            said.entry(name).or_default();
        });
        let all = said.into_iter().map(|(name, (unit, help))| {
            let mut description = Description::new(Arc::from(name));
            description.unit = unit.then(|| Arc::from("rows"));
            description.help = help.map(Arc::from);
            let merge = GAUGES.iter().find(|(gauge, _)| *gauge == name);
            description.merge = merge.map(|(_, merge)| *merge).unwrap_or_default();
            description
        });
        all.collect()
    })
}

/// A snapshot of the registry with this number.
fn snapshot(registry: u64) -> impl Strategy<Value = Snapshot> {
    let jobs = btree_map(0..4_u64, job(), 0..2);
    (stamp(), series(), descriptions(), jobs, number()).prop_map(
        move |(taken, series, descriptions, jobs, ended)| {
            let jobs = jobs.into_iter().map(|(run, mut job)| {
                job.run = run;
                Arc::new(job)
            });
            let snapshot = Snapshot::new(registry, taken, series, jobs.collect(), ended);
            snapshot.described(descriptions)
        },
    )
}

/// Snapshots of up to four registries that can be merged.
pub(super) fn parts() -> impl Strategy<Value = Vec<Snapshot>> {
    let registry = prop_oneof![0..8_u64, any::<u64>()];
    let registries = btree_set(registry, 0..5).prop_map(Vec::from_iter).prop_shuffle();
    registries.prop_flat_map(|registries| {
        registries.into_iter().map(|registry| snapshot(registry).boxed()).collect::<Vec<_>>()
    })
}

/// What a registry may mean by the names, where others mean something else.
fn contradictory(registry: u64) -> impl Strategy<Value = Snapshot> {
    let value = prop_oneof![
        Just(Value::Counter(1)),
        Just(Value::Gauge(1.0)),
        select(vec![2, 3]).prop_map(|digits| {
            let buckets = Buckets::new(digits, 1..=1000).unwrap();
            Value::Histogram(Arc::new(HistogramSnapshot::of(buckets, [1])))
        }),
    ];
    let name = || select(vec!["one", "two"]);
    let host = option::weighted(0.3, select(vec!["a", "b"]));
    let series = btree_map((name(), host), value, 0..3);
    let unit = option::weighted(0.4, select(vec!["bytes", "rows"]));
    let merge = prop_oneof![
        3 => Just(GaugeMerge::Latest),
        1 => select(vec![GaugeMerge::Sum, GaugeMerge::Max]),
    ];
    let descriptions = btree_map(name(), (unit, merge), 0..3);
    (series, descriptions).prop_map(move |(series, descriptions)| {
        let series: BTreeMap<_, _> = series;
        let series = series
            .into_iter()
            .map(|((name, host), value)| SeriesSnapshot::new(key(name, host), value));
        let descriptions = descriptions.into_iter().map(|(name, (unit, merge))| {
            let mut description = Description::new(Arc::from(name));
            (description.unit, description.merge) = (unit.map(Arc::from), merge);
            description
        });
        let taken = flowmeter::Stamp::default();
        let snapshot = Snapshot::new(registry, taken, series.collect(), Vec::new(), 0);
        snapshot.described(descriptions.collect())
    })
}

/// Snapshots that may share a registry, or mean different things by a name.
pub(super) fn contradictory_parts() -> impl Strategy<Value = Vec<Snapshot>> {
    vec(0..30_u64, 0..5).prop_flat_map(|registries| {
        registries.into_iter().map(|registry| contradictory(registry).boxed()).collect::<Vec<_>>()
    })
}
