//! Which reports a run is in.

use super::{Does, HOUR, all, counted, ended, registry, sent, told};
use flowmeter::{Registry, Report};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

#[test]
fn a_run_that_ends_is_told_at_once() {
    let (clock, registry) = registry();
    let (reporter, told) = told();
    let _guard = registry.attach("told", reporter).every(HOUR);
    registry.job("short").unwrap().finish();
    clock.advance(Duration::ZERO);
    assert_eq!(ended(&all(&told)), [("short".to_owned(), 1)]);
    clock.advance(HOUR);
    assert_eq!(ended(&all(&told)), [], "and never again");
}

#[test]
fn a_run_that_ended_before_a_reporter_was_attached_is_not_its_business() {
    let (clock, registry) = registry();
    registry.job("before").unwrap().finish();
    let (reporter, told) = told();
    let guard = registry.attach("told", reporter);
    registry.job("after").unwrap().finish();
    clock.advance(Duration::ZERO);
    drop(guard);
    let reports = all(&told);
    assert_eq!(ended(&reports), [("after".to_owned(), 2)]);
    assert!(reports.iter().all(|report| report.missed_runs() == 0));
}

/// Every run is final in one report of each reporter, or counted there as missed.
#[test]
fn of_a_thousand_runs_on_eight_threads_none_is_forgotten_and_none_told_twice() {
    let registry = Registry::builder().ended_runs_kept(7).build();
    let told: [_; 2] = std::array::from_fn(|_| told());
    let (guards, told): (Vec<_>, Vec<_>) = told
        .into_iter()
        .map(|(reporter, told)| (registry.attach("told", reporter).every(HOUR), told))
        .unzip();
    thread::scope(|scope| {
        for id in 0..8 {
            let registry = &registry;
            scope.spawn(move || {
                for _ in 0..125 {
                    registry.job(&format!("job {id}")).unwrap().finish();
                }
            });
        }
    });
    let names: Vec<_> = guards.iter().map(|guard| guard.name().to_owned()).collect();
    registry.close(HOUR).unwrap();
    for (told, name) in told.iter().zip(names) {
        let reports = all(told);
        let runs = ended(&reports);
        let once: BTreeSet<_> = runs.iter().collect();
        assert_eq!(once.len(), runs.len(), "each once");
        let missed: u64 = reports.iter().map(Report::missed_runs).sum();
        assert_eq!(runs.len() as u64 + missed, 1_000);
        assert_eq!(counted(&registry.collect(), "missed", &name), Some(missed));
    }
}

#[test]
fn what_a_reporter_failed_with_is_in_its_next_report() {
    let (clock, registry) = registry();
    let (tell, told) = crossbeam_channel::unbounded();
    let mut tries = 0;
    let reporter = Does(move |report: &Report| {
        tries += 1;
        if tries < 3 {
            return Err("no room".into());
        }
        tell.send(report.clone())?;
        Ok(())
    });
    let guard = registry.attach("tries", reporter).every(Duration::from_secs(10));
    registry.job("one").unwrap().finish();
    clock.advance(Duration::from_secs(5));
    assert_eq!(guard.failure().as_deref(), Some("no room"));
    registry.job("two").unwrap().finish();
    clock.advance(Duration::from_secs(5));
    let reports = all(&told);
    assert_eq!(ended(&reports), [("one".to_owned(), 1), ("two".to_owned(), 2)]);
    assert_eq!(reports[0].interval(), Duration::from_secs(10), "all that was not delivered");
    assert_eq!(guard.failure(), None);
    assert_eq!(sent(&registry, &guard), 1);
    assert_eq!(counted(&registry.collect(), "failed", "tries"), Some(2));
}

/// What happens to a registry with reporters.
#[derive(Clone, Debug)]
enum Step {
    Run,
    Advance(u64),
    Report,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step =
        prop_oneof![Just(Step::Run), (0..40_u64).prop_map(Step::Advance), Just(Step::Report),];
    prop::collection::vec(step, 0..30)
}

proptest! {
    /// Whatever fails, and whatever is not kept: taken or missed, each run once; each report begins where
    /// the last one that was taken ended.
    #[test]
    fn each_run_is_told_once_whatever_fails(
        steps in steps(),
        fails in prop::collection::vec(any::<bool>(), 0..30),
        kept in 0..4_usize,
    ) {
        let clock = flowmeter::ManualClock::new();
        let registry = Registry::builder().clock(clock.clock()).ended_runs_kept(kept).build();
        let (tell, told) = crossbeam_channel::unbounded();
        let mut fails = fails.into_iter();
        let reporter = Does(move |report: &Report| {
            if fails.next().unwrap_or(false) {
                return Err("told to fail".into());
            }
            tell.send(report.clone())?;
            Ok(())
        });
        let guard = registry.attach("told", reporter).every(Duration::from_secs(10));
        let runs = AtomicU64::new(0);
        for step in steps {
            match step {
                Step::Run => {
                    registry.job("job").unwrap().finish();
                    runs.fetch_add(1, Ordering::Relaxed);
                }
                Step::Advance(seconds) => clock.advance(Duration::from_secs(seconds)),
                Step::Report => drop(registry.report()),
            }
        }
        let closed = guard.close();
        // If its last one failed there is one more, which does not.
        let reports = all(&told);
        let told_runs = ended(&reports);
        let once: BTreeSet<_> = told_runs.iter().collect();
        prop_assert_eq!(once.len(), told_runs.len());
        let missed: u64 = reports.iter().map(Report::missed_runs).sum();
        let total = told_runs.len() as u64 + missed;
        let runs = runs.into_inner();
        match closed {
            Ok(()) => prop_assert_eq!(total, runs),
            Err(_) => prop_assert!(total <= runs),
        }
        let mut from = flowmeter::Moment::default();
        for report in &reports {
            let taken = report.snapshot().taken().at;
            prop_assert_eq!(taken.since(from), report.interval());
            from = taken;
        }
    }
}
