//! What holds of merged snapshots: grouping, order, neutral element, refusals; and what each kind becomes.

mod arbitrary;
mod promises;
mod refusals;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flowmeter::{
    Change, Description, GaugeMerge, JobSnapshot, Key, MergeError, SeriesRef, SeriesSnapshot,
    Snapshot, Stamp, Value,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::grouping;
use crate::snapshot::level;
use arbitrary::{GAUGES, contradictory_parts, key, parts};

fn merged(one: &Snapshot, other: &Snapshot) -> Result<Snapshot, MergeError> {
    let mut whole = one.clone();
    whole.merge(other)?;
    Ok(whole)
}

fn whole(parts: &[Snapshot]) -> Result<Snapshot, MergeError> {
    parts.iter().try_fold(Snapshot::default(), |whole, part| merged(&whole, part))
}

/// The whole of `parts`, of which `grouping` says which two come together next.
fn grouped(mut parts: Vec<Snapshot>, grouping: &[(Index, Index)]) -> Result<Snapshot, MergeError> {
    for (to, from) in grouping.iter().cycle() {
        if parts.len() < 2 {
            break;
        }
        let part = parts.swap_remove(from.index(parts.len()));
        let to = to.index(parts.len());
        parts[to].merge(&part)?;
    }
    Ok(parts.pop().unwrap_or_default())
}

/// The error as whoever merges the other way round is told it.
fn mirrored(mut error: MergeError) -> MergeError {
    match &mut error {
        MergeError::Kind { own, other, .. } => std::mem::swap(own, other),
        MergeError::Unit { own, other, .. } => std::mem::swap(own, other),
        MergeError::Gauge { own, other, .. } => std::mem::swap(own, other),
        MergeError::Buckets { mismatch, .. } => {
            std::mem::swap(&mut mismatch.own, &mut mismatch.other);
        }
        _ => {}
    }
    error
}

/// Each part's own value of a series, with the time it was read by the wall and whose it is.
fn values(parts: &[Snapshot], key: &Key) -> Vec<(i64, u64, Value)> {
    let of = |part: &Snapshot| {
        let series = part.series().find(|series| *series.key == *key)?;
        Some((part.taken().unix_ms, part.parts()[0].registry, series.value))
    };
    parts.iter().filter_map(of).collect()
}

fn gauges(values: &[(i64, u64, Value)]) -> Vec<f64> {
    let level = |value: &Value| match value {
        Value::Gauge(level) => *level,
        other => panic!("{other:?} is no gauge"),
    };
    values.iter().map(|(_, _, value)| level(value)).collect()
}

/// The place of a level in the order of all levels, in which NaN comes last.
fn place(level: &f64) -> (bool, i64) {
    let bits = level.to_bits() as i64;
    (level.is_nan(), bits ^ (((bits >> 63) as u64) >> 1) as i64)
}

/// What the levels of several registries are, if they are more than one.
fn one_level(merge: GaugeMerge, values: &[(i64, u64, Value)]) -> f64 {
    let levels = gauges(values);
    match merge {
        GaugeMerge::Sum if levels.len() == 1 => levels[0],
        GaugeMerge::Sum => {
            let sum = levels.iter().skip(1).fold(levels[0], |sum, level| sum + level);
            if sum.is_nan() { f64::NAN } else { sum }
        }
        GaugeMerge::Min => levels.into_iter().min_by_key(place).unwrap(),
        GaugeMerge::Max => {
            let numbers: Vec<f64> = levels.iter().copied().filter(|it| !it.is_nan()).collect();
            let of = if numbers.is_empty() { levels } else { numbers };
            of.into_iter().max_by_key(place).unwrap()
        }
        _ => {
            let latest = values.iter().max_by_key(|value| (value.0, value.1)).unwrap();
            gauges(std::slice::from_ref(latest))[0]
        }
    }
}

proptest! {
    #[test]
    fn merging_in_any_grouping_gives_the_same_whole(parts in parts(), grouping in grouping()) {
        prop_assert_eq!(grouped(parts.clone(), &grouping).unwrap(), whole(&parts).unwrap());
    }

    #[test]
    fn merging_is_commutative(parts in parts(), grouping in grouping(), at in any::<Index>()) {
        let (one, other) = parts.split_at(at.index(parts.len() + 1));
        let [one, other] = [one, other].map(|parts| grouped(parts.to_vec(), &grouping).unwrap());
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn a_sum_of_any_two_levels_is_commutative_bit_for_bit(one in level(), other in level()) {
        let [one, other] = [(1, one), (2, other)].map(|(registry, level)| gauge(registry, level));
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn regrouping_a_sum_of_levels_only_makes_a_difference_by_rounding(
        levels in vec(-1e300..1e300_f64, 0..8),
        grouping in grouping(),
    ) {
        let parts: Vec<_> = (0..).zip(&levels).map(|(registry, level)| gauge(registry, *level)).collect();
        let [one, other] = [whole(&parts), grouped(parts, &grouping)]
            .map(|whole| whole.unwrap().gauge("sum").unwrap_or_default());
        let size: f64 = levels.iter().map(|level| level.abs()).sum();
        prop_assert!((one - other).abs() <= levels.len() as f64 * f64::EPSILON * size);
    }

    #[test]
    fn whether_a_sum_of_levels_is_a_number_does_not_depend_on_the_grouping(
        levels in vec(level(), 0..6),
        grouping in grouping(),
    ) {
        let parts: Vec<_> = (0..).zip(&levels).map(|(registry, level)| gauge(registry, *level)).collect();
        let [one, other] = [whole(&parts), grouped(parts, &grouping)]
            .map(|whole| whole.unwrap().gauge("sum").unwrap_or_default());
        prop_assert_eq!(one.is_nan(), other.is_nan());
        prop_assert_eq!(one.is_infinite(), other.is_infinite());
        prop_assert_eq!(one.is_finite(), levels.iter().all(|level| level.is_finite()));
        prop_assert!(one.is_finite() || one.is_nan() || one == other);
    }

    #[test]
    fn the_snapshot_of_no_registry_is_neutral(parts in parts(), grouping in grouping()) {
        let any = grouped(parts, &grouping).unwrap();
        let nothing = Snapshot::default();
        prop_assert_eq!(&merged(&any, &nothing).unwrap(), &any);
        prop_assert_eq!(&merged(&nothing, &any).unwrap(), &any);
    }

    #[test]
    fn no_grouping_can_merge_what_no_two_can_and_every_grouping_all_else(
        parts in contradictory_parts(),
        grouping in grouping(),
    ) {
        let pairs = (0..parts.len()).flat_map(|at| (0..at).map(move |before| (before, at)));
        let mut errors = pairs.filter_map(|(one, other)| merged(&parts[one], &parts[other]).err());
        let (own, some_pair) = (parts.clone(), errors.next().is_some());
        prop_assert_eq!(grouped(own, &grouping).is_err(), some_pair);
        prop_assert_eq!(whole(&parts).is_err(), some_pair);
        if let (false, Ok(whole)) = (some_pair, whole(&parts)) {
            prop_assert_eq!(grouped(parts, &grouping).unwrap(), whole);
        }
    }

    #[test]
    fn both_sides_are_told_the_same_error_and_keep_what_they_were(
        parts in contradictory_parts(),
    ) {
        for pair in parts.windows(2) {
            let mut one = pair[0].clone();
            let names: BTreeMap<&str, BTreeSet<String>> = kinds(pair);
            // More than one kind of a name in one snapshot: which of them is told is not promised.
            if names.values().any(|kinds| kinds.len() > 1) {
                continue;
            }
            if let Err(error) = one.merge(&pair[1]) {
                prop_assert_eq!(merged(&pair[1], &pair[0]).map_err(mirrored), Err(error));
                prop_assert_eq!(&one, &pair[0]);
            }
        }
    }

    #[test]
    fn what_is_merged_is_written_and_read_back_equal(parts in parts(), grouping in grouping()) {
        let whole = grouped(parts, &grouping).unwrap();
        let text = whole.to_json();
        let read = Snapshot::from_json(&text).unwrap();
        prop_assert_eq!(&read, &whole);
        prop_assert_eq!(read.to_json(), text);
    }

    #[test]
    fn parts_that_went_through_json_merge_as_those_that_did_not(
        parts in parts(),
        at in any::<Index>(),
    ) {
        let read = |snapshot: &Snapshot| Snapshot::from_json(&snapshot.to_json()).unwrap();
        let (first, rest) = parts.split_at(at.index(parts.len() + 1));
        let [first, rest] = [first, rest].map(|parts| read(&whole(parts).unwrap()));
        prop_assert_eq!(merged(&first, &rest).unwrap(), whole(&parts).unwrap());
    }

    #[test]
    fn every_series_of_any_part_is_there_once_and_in_order(parts in parts()) {
        let whole = whole(&parts).unwrap();
        let keys: BTreeSet<_> =
            parts.iter().flat_map(Snapshot::series).map(|series| series.key).collect();
        prop_assert!(whole.series().map(|series| series.key).eq(keys));
    }

    #[test]
    fn gauges_become_one_as_was_said_of_their_name(parts in parts()) {
        let whole = whole(&parts).unwrap();
        for series in whole.series() {
            let (name, values) = (series.key.name(), values(&parts, series.key));
            if let Some((_, merge)) = GAUGES.iter().find(|(gauge, _)| *gauge == name) {
                let level = one_level(*merge, &values);
                prop_assert_eq!(&series.value, &Value::Gauge(level), "{} of {:?}", name, values);
            }
        }
    }

    #[test]
    fn counters_add_up_and_stop_at_the_largest_number(parts in parts()) {
        let whole = whole(&parts).unwrap();
        for series in whole.series().filter(|series| series.key.name() == "rows") {
            let sum = values(&parts, series.key).iter().fold(0, |sum: u64, (_, _, value)| {
                match value {
                    Value::Counter(total) => sum.saturating_add(*total),
                    other => panic!("{other:?} is no counter"),
                }
            });
            prop_assert_eq!(&series.value, &Value::Counter(sum));
        }
    }

    #[test]
    fn all_runs_stay_apart_and_as_they_are(parts in parts()) {
        let whole = whole(&parts).unwrap();
        let mut runs = Vec::new();
        for part in &parts {
            let of_several = parts.len() > 1;
            let registry = part.parts()[0].registry;
            for run in part.jobs() {
                let mut run = JobSnapshot::clone(run);
                run.registry = of_several.then_some(registry);
                prop_assert_eq!(whole.run_of(registry, run.run).map(|run| &**run), Some(&run));
                runs.push(run);
            }
        }
        let order = |run: &JobSnapshot| (run.name.clone(), run.registry, run.run);
        runs.sort_by_key(order);
        prop_assert!(whole.jobs().map(|run| &**run).eq(&runs));
        let ended = parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.ended_runs()));
        prop_assert_eq!(whole.ended_runs(), ended);
    }

    #[test]
    fn a_whole_knows_its_parts_and_was_taken_when_the_first_of_them_was(parts in parts()) {
        let whole = whole(&parts).unwrap();
        let mut all: Vec<_> = parts.iter().map(|part| part.parts()[0].clone()).collect();
        all.sort_by_key(|part| part.registry);
        prop_assert_eq!(whole.parts(), &all);
        let first = all.first().map(|part| part.taken).unwrap_or_default();
        prop_assert_eq!(whole.taken(), first);
    }

    #[test]
    fn a_counter_of_a_whole_has_grown_by_what_its_parts_have(
        counted in vec((0..1000_u64, 0..1000_u64), 1..5),
        grouping in grouping(),
    ) {
        let at = |nanos, counted: Vec<u64>| {
            let parts = (1..).zip(counted).map(|(registry, total)| counter(registry, nanos, total, 0));
            grouped(parts.collect(), &grouping).unwrap()
        };
        let earlier = at(5, counted.iter().map(|(before, _)| *before).collect());
        let now = at(12, counted.iter().map(|(before, more)| before + more).collect());
        let grown: u64 = counted.iter().map(|(_, more)| more).sum();
        let delta = now.delta(&earlier);
        prop_assert_eq!(delta.interval.as_nanos(), 7);
        let change = delta.get("rows").unwrap();
        let grew = matches!(
            change,
            Change::Counter { increase, restarted: false, .. } if increase == grown
        );
        prop_assert!(grew);
    }
}

/// The kinds of each name in each of two snapshots, as texts.
fn kinds(pair: &[Snapshot]) -> BTreeMap<&str, BTreeSet<String>> {
    let mut kinds: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let kind = |series: &SeriesRef<'_>| format!("{}", series.value.kind());
    for snapshot in pair {
        let mut here: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for series in snapshot.series() {
            here.entry(series.key.name()).or_default().insert(kind(&series));
        }
        here.into_iter().filter(|(_, all)| all.len() > 1).for_each(|(name, all)| {
            kinds.insert(name, all);
        });
    }
    kinds
}

/// A snapshot of a registry with a gauge that is summed.
fn gauge(registry: u64, level: f64) -> Snapshot {
    let series = SeriesSnapshot::new(key("sum", None), Value::Gauge(level));
    let mut description = Description::new(Arc::from("sum"));
    description.merge = GaugeMerge::Sum;
    let snapshot = Snapshot::new(registry, Stamp::default(), vec![series], Vec::new(), 0);
    snapshot.described(vec![description])
}

/// A snapshot of a registry with a counter.
fn counter(registry: u64, nanos: u64, total: u64, registration: u64) -> Snapshot {
    let at = flowmeter::Moment::from_nanos(nanos * registry);
    let mut series = SeriesSnapshot::new(key("rows", None), Value::Counter(total));
    series.registration = registration;
    Snapshot::new(registry, Stamp { at, unix_ms: 0 }, vec![series], Vec::new(), 0)
}
