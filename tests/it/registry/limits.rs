//! However many series and names are asked for, memory is bounded and nothing counted is lost.

use super::{refusals, series, why};
use flowmeter::{Registry, Sample, SeriesRef, Snapshot, Source, Value};
use proptest::collection::vec;
use proptest::prelude::*;

const OVERFLOW: [(&str, &str); 1] = [("flowmeter.overflow", "true")];

fn limited(limit: usize) -> Registry {
    Registry::builder().series_limit(limit).build()
}

fn overflows(snapshot: &Snapshot) -> u64 {
    snapshot.counter("flowmeter.overflow").unwrap()
}

/// The totals of all series of a name, and its sums.
fn totals(snapshot: &Snapshot, name: &str) -> (u64, u64) {
    let of_name = |series: &SeriesRef<'_>| series.key.name() == name;
    let totals = snapshot.series().filter(of_name).map(|series| match series.value {
        Value::Counter(total) => (total, 0),
        Value::Histogram(all) => (all.count(), all.sum()),
        Value::Timer(all) => (all.count(), all.durations().sum()),
        Value::Meter(all) => (all.total(), 0),
        other => panic!("{other:?} has no total"),
    });
    totals.fold((0, 0), |one, other| (one.0 + other.0, one.1 + other.1))
}

#[test]
fn a_hundred_thousand_values_of_a_label_make_2001_series_and_lose_no_count() {
    let registry = Registry::new();
    for n in 0..100_000 {
        registry.counter_with("rows", &[("id", &n.to_string())]).unwrap().add(n);
    }
    let snapshot = registry.collect();
    assert_eq!(series(&registry), 2001);
    assert_eq!((registry.keys().len(), snapshot.gauge("flowmeter.series")), (2001, Some(2001.0)));
    assert_eq!(overflows(&snapshot), 98_000);
    assert_eq!(totals(&snapshot, "rows").0, (0..100_000).sum::<u64>());
    assert_eq!(snapshot.counter_with("rows", &OVERFLOW), Some((2_000..100_000).sum()));
    assert_eq!(snapshot.counter_with("rows", &[("id", "1999")]), Some(1999));
    assert_eq!(snapshot.counter_with("rows", &[("id", "2000")]), None);
}

#[test]
fn what_is_asked_for_beyond_a_limit_takes_no_more_memory() {
    let registry = limited(10);
    let ask = |n: u64| registry.counter_with("rows", &[("id", &n.to_string())]).unwrap().inc();
    (0..11).for_each(ask);
    let kept = allocation_counter::measure(|| (11..1000).for_each(ask)).bytes_current;
    assert_eq!(kept, 0);
}

#[test]
fn a_name_may_have_a_limit_of_its_own_and_others_keep_theirs() {
    let registry = limited(2);
    for id in ["a", "b", "c", "d", "e"] {
        registry.metric("many").label("id", id).series_limit(4).counter().unwrap().inc();
        registry.counter_with("few", &[("id", id)]).unwrap().inc();
        registry.metric("none").label("id", id).series_limit(0).counter().unwrap().inc();
    }
    let snapshot = registry.collect();
    let overflow = |name| snapshot.counter_with(name, &OVERFLOW);
    assert_eq!([overflow("many"), overflow("few"), overflow("none")], [Some(1), Some(3), Some(5)]);
    assert_eq!(overflows(&snapshot), 9);
    assert_eq!(refusals(&registry), 0);
}

#[test]
fn a_limit_that_is_said_later_lets_in_no_more_and_takes_nothing_out() {
    let registry = limited(2);
    let ask = |id| registry.counter_with("rows", &[("id", id)]).unwrap().inc();
    ["a", "b", "c"].into_iter().for_each(ask);
    registry.metric("rows").label("id", "a").series_limit(1).counter().unwrap();
    ["a", "b", "c"].into_iter().for_each(ask);
    let snapshot = registry.collect();
    assert_eq!(snapshot.counter_with("rows", &[("id", "b")]), Some(2));
    assert_eq!(snapshot.counter_with("rows", &OVERFLOW), Some(2));
}

#[test]
fn a_name_has_room_again_once_a_series_is_taken_out() {
    let registry = limited(1);
    let ask = |id| registry.counter_with("rows", &[("id", id)]).unwrap();
    let [first, beyond] = ["a", "b"].map(ask);
    assert!(registry.unregister_with("rows", &[("id", "a")]));
    let second = ask("b");
    [&first, &beyond, &second].into_iter().for_each(flowmeter::Counter::inc);
    ask("c").inc();
    let snapshot = registry.collect();
    assert_eq!(snapshot.counter_with("rows", &[("id", "b")]), Some(1));
    assert_eq!(snapshot.counter_with("rows", &OVERFLOW), Some(2));
    assert_eq!(overflows(&snapshot), 2);
    assert_eq!(registry.unregister("rows"), 2);
    assert!(!beyond.is_registered());
    ask("c").inc();
    assert_eq!(registry.collect().counter_with("rows", &[("id", "c")]), Some(1));
}

#[test]
fn callbacks_and_checks_have_no_overflow_but_an_error() {
    let registry = limited(1);
    let level = |id| registry.metric("level").label("id", id).callback(|| 1.0);
    let well = |id| registry.metric("well").label("id", id).health(|| Ok::<_, String>(()));
    let guards = (level("a").unwrap(), well("a").unwrap());
    let full = |metric| {
        format!(
            "metric `{metric}` can't be registered: its name has 1 series, and may not have more"
        )
    };
    assert_eq!(why(level("b")), full("level{id=\"b\"}"));
    assert_eq!(why(well("b")), full("well{id=\"b\"}"));
    let taken = "metric `level{id=\"a\"}` is registered already, and what gives its value can't be shared: drop its guard or unregister it first";
    assert_eq!(why(level("a")), taken);
    assert_eq!(why(registry.gauge_with("level", &[("id", "a")])), taken);
    assert_eq!((refusals(&registry), overflows(&registry.collect())), (4, 0));
    drop(guards);
    [level("b"), well("b")].into_iter().for_each(|guard| guard.unwrap().keep());
}

#[test]
fn a_call_that_is_refused_for_lack_of_room_takes_no_name() {
    let registry = limited(0);
    why(registry.callback("level", || 1.0));
    assert!(registry.keys().is_empty());
    registry.counter("level").unwrap();
}

struct Nothing;

impl Source for Nothing {
    fn sample(&mut self, _: &mut Sample) {}
}

#[test]
fn beyond_the_limit_of_names_all_kinds_are_refused() {
    let registry = Registry::builder().names_limit(3).build();
    registry.counter("a").unwrap();
    registry.gauge("b").unwrap();
    let guard = registry.source("c", Nothing).unwrap();
    let said = |name| {
        format!(
            "metric `{name}` can't be registered: there are 3 names already, and may not be more"
        )
    };
    assert_eq!(why(registry.counter("d")), said("d"));
    assert_eq!(why(registry.callback("e", || 1.0)), said("e"));
    assert_eq!(why(registry.source("f", Nothing)), said("f"));
    registry.counter_with("a", &[("x", "y")]).unwrap();
    drop(guard);
    registry.counter("d").unwrap();
    assert_eq!(why(registry.counter("e")), said("e"));
    registry.unregister("a");
    registry.counter("e").unwrap();
    assert_eq!(refusals(&registry), 4);
}

#[test]
fn there_may_be_ten_thousand_names_unless_told() {
    let registry = Registry::new();
    for n in 0..10_000 {
        registry.counter(&format!("rows.n{n}")).unwrap();
    }
    let said =
        "metric `more` can't be registered: there are 10000 names already, and may not be more";
    assert_eq!(why(registry.counter("more")), said);
}

#[test]
fn the_newest_hundred_runs_are_kept_unless_told() {
    let registry = Registry::new();
    for n in 0..101 {
        registry.job(&format!("job {n}")).unwrap().finish();
    }
    let snapshot = registry.collect();
    assert_eq!((snapshot.jobs().count(), snapshot.ended_runs()), (100, 101));
    assert_eq!((snapshot.job("job 0"), snapshot.job("job 1").is_some()), (None, true));
}

proptest! {
    #[test]
    fn limits_and_overflow_conserve_the_total(
        limit in 0..6_usize,
        counts in vec((0..12_u8, 0..1_000_u64), 0..60),
    ) {
        let registry = limited(limit);
        let mut known = Vec::new();
        let mut beyond = 0;
        for (id, n) in &counts {
            let id = id.to_string();
            let labels = [("id", &*id)];
            registry.counter_with("rows", &labels).unwrap().add(*n);
            registry.histogram_with("sizes", &labels).unwrap().record(*n);
            registry.meter_with("marks", &labels).unwrap().mark(*n);
            if !known.contains(&id) {
                if known.len() < limit { known.push(id) } else { beyond += 3 }
            }
        }
        let snapshot = registry.collect();
        let sum = counts.iter().map(|(_, n)| n).sum::<u64>();
        prop_assert_eq!(totals(&snapshot, "rows").0, sum);
        prop_assert_eq!(totals(&snapshot, "sizes"), (counts.len() as u64, sum));
        prop_assert_eq!(totals(&snapshot, "marks").0, sum);
        prop_assert_eq!(overflows(&snapshot), beyond);
        prop_assert_eq!(series(&registry), 3 * (known.len() + usize::from(beyond > 0)));
    }
}

#[test]
fn a_total_beyond_the_largest_number_starts_over_and_says_so() {
    let registry = Registry::new();
    let rows = registry.counter("rows").unwrap();
    rows.add(u64::MAX);
    let before = registry.collect();
    rows.add(3);
    let after = registry.collect();
    assert_eq!((before.counter("rows"), after.counter("rows")), (Some(u64::MAX), Some(2)));
    assert_eq!(after.delta(&before).get("rows").unwrap().restarted(), Some(true));
}

#[test]
fn what_is_beyond_a_limit_stays_in_the_scope_that_it_was_asked_for_in() {
    let registry = limited(2);
    let [a, b] = ["a", "b"].map(|job| registry.label("job", job));
    for file in ["1", "2", "3"] {
        a.counter_with("files", &[("file", file)]).unwrap().inc();
    }
    b.counter("files").unwrap().add(7);
    b.counter_with("files", &[("file", "1")]).unwrap().add(5);
    registry.counter_with("files", &[("file", "1")]).unwrap().add(3);
    let snapshot = registry.collect();
    let beyond =
        |labels: &[(&str, &str)]| snapshot.counter_with("files", &[labels, &OVERFLOW].concat());
    assert_eq!([beyond(&[("job", "a")]), beyond(&[("job", "b")])], [Some(1), Some(12)]);
    assert_eq!((beyond(&[]), totals(&snapshot, "files").0), (Some(3), 18));
    assert_eq!(b.keys().len(), 1);
    assert_eq!([b.unregister_all(), a.unregister_all()], [1, 3]);
    assert_eq!(registry.keys().len(), 1);
}

#[test]
fn not_even_scopes_make_more_series_than_the_limit_beyond_it() {
    let registry = limited(3);
    for n in 0..1000 {
        registry.label("job", &n.to_string()).counter("files").unwrap().inc();
    }
    let snapshot = registry.collect();
    assert_eq!((registry.keys().len(), totals(&snapshot, "files").0), (7, 1000));
    assert_eq!(snapshot.counter_with("files", &OVERFLOW), Some(994));
}
