//! Whatever threads register, take out, count and collect, no count of a live series is lost.

use flowmeter::{Counter, Registry, Snapshot, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

const THREADS: usize = 8;

/// One step of a thread, among names that all of them share.
#[derive(Clone, Copy, Debug)]
enum Step {
    CountShared(u8, u64),
    CountOwn(u8, u64),
    TakeShared(u8),
    TakeOwn(u8),
    TakeScope,
    Collect,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, 0..100_u64).prop_map(|(name, n)| Step::CountShared(name, n)),
        4 => (0..3_u8, 0..100_u64).prop_map(|(name, n)| Step::CountOwn(name, n)),
        1 => (0..3_u8).prop_map(Step::TakeShared),
        1 => (0..3_u8).prop_map(Step::TakeOwn),
        1 => Just(Step::TakeScope),
        2 => Just(Step::Collect),
    ]
}

/// A thread at work, with every handle that it was given.
struct Worker<'a> {
    registry: &'a Registry,
    number: usize,
    /// The handles of the thread's own names that live, and what was counted by them.
    own: BTreeMap<String, (Counter, u64)>,
    /// Every handle of a shared name, and what was counted by it.
    shared: Vec<(String, Counter, u64)>,
    seen: BTreeMap<(String, u64), u64>,
    /// What is in no scope and is never taken out.
    lasting: u64,
}

impl Worker<'_> {
    fn take(&mut self, step: Step) {
        self.registry.counter("lasting").unwrap().inc();
        self.lasting += 1;
        match step {
            Step::CountShared(name, n) => self.count_shared(format!("shared.{name}"), n),
            Step::CountOwn(name, n) => self.count_own(format!("own{}.{name}", self.number), n),
            Step::TakeShared(name) => _ = self.registry.unregister(&format!("shared.{name}")),
            Step::TakeOwn(name) => self.take_own(&format!("own{}.{name}", self.number)),
            Step::TakeScope => {
                self.registry.scope(&format!("own{}", self.number)).unregister_all();
                self.own.values().for_each(|(counter, _)| assert!(!counter.is_registered()));
                self.own.clear();
            }
            Step::Collect => self.look(&self.registry.collect()),
        }
    }

    fn count_shared(&mut self, name: String, n: u64) {
        let counter = self.registry.counter(&name).unwrap();
        counter.add(n);
        self.shared.push((name, counter, n));
    }

    fn count_own(&mut self, name: String, n: u64) {
        let counter = self.registry.counter(&name).unwrap();
        counter.add(n);
        let own = self.own.entry(name).or_insert_with(|| (counter.clone(), 0));
        own.1 += n;
        assert_eq!((counter.value(), own.0.value()), (own.1, own.1), "nobody else counts there");
    }

    fn take_own(&mut self, name: &str) {
        let taken = self.registry.unregister(name);
        assert_eq!(taken, usize::from(self.own.remove(name).is_some()));
    }

    /// Every own series that lives is there, whole; no series is there twice or has gone down.
    fn look(&mut self, snapshot: &Snapshot) {
        assert!(snapshot.series().is_sorted_by(|one, other| one.key < other.key));
        for (name, (_, n)) in &self.own {
            assert_eq!(snapshot.counter(name), Some(*n), "{name}");
        }
        for series in snapshot.series() {
            let Value::Counter(total) = series.value else { continue };
            let seen = (series.key.to_string(), series.registration);
            let before = self.seen.insert(seen, total).unwrap_or(0);
            assert!(before <= total, "{series:?} was {before}");
        }
    }
}

fn work<'a>(registry: &'a Registry, number: usize, steps: &[Step]) -> Worker<'a> {
    let (own, shared, seen) = <_>::default();
    let mut worker = Worker { registry, number, own, shared, seen, lasting: 0 };
    steps.iter().cycle().take(20 * steps.len()).for_each(|step| worker.take(*step));
    worker
}

/// What was counted by handles that are registered at the end is what the last collection shows.
fn check(registry: &Registry, workers: &mut [Worker<'_>]) {
    let last = registry.collect();
    workers.iter_mut().for_each(|worker| worker.look(&last));
    let mut live: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, counter, n) in workers.iter().flat_map(|worker| &worker.shared) {
        if counter.is_registered() {
            *live.entry(name).or_default() += n;
        }
    }
    for name in (0..3).map(|name| format!("shared.{name}")) {
        let counted = live.get(&*name).copied();
        assert_eq!(last.counter(&name), counted, "{name}");
    }
    let lasting = workers.iter().map(|worker| worker.lasting).sum::<u64>();
    assert_eq!(last.counter("lasting"), Some(lasting).filter(|n| *n > 0));
    assert_eq!(last.counter("flowmeter.refused"), Some(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_count_of_a_live_series_is_lost(all in vec(vec(step(), 0..20), THREADS)) {
        let registry = Registry::new();
        let together = Barrier::new(THREADS);
        let mut workers: Vec<_> = thread::scope(|scope| {
            let start = |(number, steps): (usize, &Vec<Step>)| {
                let (registry, together, steps) = (&registry, &together, steps.clone());
                scope.spawn(move || {
                    together.wait();
                    work(registry, number, &steps)
                })
            };
            let threads: Vec<_> = all.iter().enumerate().map(start).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        check(&registry, &mut workers);
    }
}

#[test]
fn callbacks_that_come_and_go_are_never_seen_twice_or_beside_a_gauge_of_their_name() {
    let registry = Registry::new();
    let together = Barrier::new(THREADS);
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (registry, together) = (&registry, &together);
            scope.spawn(move || {
                together.wait();
                for n in 0..200 {
                    match (number + n) % 4 {
                        0 => drop(registry.callback("level", || 1.0)),
                        1 => drop(registry.gauge("level")),
                        2 => _ = registry.unregister("level"),
                        _ => {
                            let snapshot = registry.collect();
                            assert!(snapshot.series().is_sorted_by(|a, b| a.key < b.key));
                        }
                    }
                }
            });
        }
    });
}
