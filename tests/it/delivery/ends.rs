//! The end: the last report goes out, and nobody waits longer than told.

use super::{Does, HOUR, all, counted, ended, registry, told};
use crossbeam_channel::{bounded, unbounded};
use flowmeter::{DeliveryError, Registry, Report, ReportError, Reporter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Long enough for a thread to come to a point where it stays for ever.
const SHORT: Duration = Duration::from_millis(20);

#[test]
fn a_short_job_is_reported_when_its_reporter_is_dropped() {
    let (_, registry) = registry();
    let (reporter, told) = told();
    let guard = registry.attach("told", reporter).every(HOUR);
    registry.counter("rows").unwrap().add(3);
    drop(guard);
    let last = all(&told).pop().unwrap();
    assert_eq!(last.snapshot().counter("rows"), Some(3));
    told.recv().unwrap_err();
}

#[test]
fn the_last_report_goes_out_when_the_program_panics() {
    let (_, registry) = registry();
    let (reporter, told) = told();
    let died = catch_unwind(AssertUnwindSafe(|| {
        let _guard = registry.attach("told", reporter).every(HOUR);
        let _job = registry.job("dies").unwrap();
        panic!("as the test wants it");
    }));
    died.unwrap_err();
    let reports = all(&told);
    assert_eq!(ended(&reports), [("dies".to_owned(), 1)]);
    told.recv().unwrap_err();
}

#[test]
fn a_reporter_outlives_its_registry_until_its_guard_is_dropped() {
    let (clock, registry) = registry();
    let (reporter, told) = told();
    let guard = registry.attach("told", reporter).every(Duration::from_secs(10));
    let rows = registry.counter("rows").unwrap();
    let job = registry.job("goes on").unwrap();
    drop(registry);
    rows.add(5);
    clock.advance(Duration::from_secs(10));
    assert_eq!(all(&told)[0].snapshot().counter("rows"), Some(5));
    job.finish();
    clock.advance(Duration::ZERO);
    assert_eq!(ended(&all(&told)), [("goes on".to_owned(), 1)]);
    assert!(rows.is_registered());
    drop(guard);
    assert!(!rows.is_registered(), "the thread was the last to hold the registry");
}

#[test]
fn a_reporter_is_closed_after_its_last_report_and_dropped() {
    struct Closes(crossbeam_channel::Sender<&'static str>);

    impl Reporter for Closes {
        fn report(&mut self, _: &Report) -> Result<(), ReportError> {
            Ok(self.0.send("report")?)
        }

        fn close(&mut self, within: Duration) -> Result<(), ReportError> {
            let most = Duration::from_millis(2_700);
            assert_eq!(within, most, "of what is left, a tenth is to tell what went wrong");
            self.0.send("close")?;
            Err("three\nlines stay here".into())
        }
    }

    impl Drop for Closes {
        fn drop(&mut self) {
            self.0.send("drop").unwrap();
        }
    }

    let (_, registry) = registry();
    let (tell, told) = unbounded();
    let guard =
        registry.attach("closes", Closes(tell)).every(HOUR).deadline(Duration::from_secs(3));
    let error = guard.close().unwrap_err();
    assert_eq!(
        error.to_string(),
        "reporter `closes` failed with its last report: three\\nlines stay here"
    );
    assert_eq!(told.iter().collect::<Vec<_>>(), ["report", "close", "drop"]);
}

#[test]
fn time_goes_on_while_a_reporter_waits_for_its_peer_at_the_end() {
    struct Waits(flowmeter::Clock, crossbeam_channel::Sender<()>);

    impl Reporter for Waits {
        fn report(&mut self, _: &Report) -> Result<(), ReportError> {
            Ok(())
        }

        fn close(&mut self, within: Duration) -> Result<(), ReportError> {
            let mut waiter = self.0.waiter();
            self.1.send(())?;
            waiter.recv_deadline(&crossbeam_channel::never::<()>(), self.0.now() + within)?;
            Ok(())
        }
    }

    let (clock, registry) = registry();
    let (tell, waits) = unbounded();
    let guard = registry.attach("waits", Waits(clock.clock(), tell)).deadline(HOUR);
    let closing = std::thread::spawn(move || guard.close());
    waits.recv().unwrap();
    clock.advance(HOUR);
    // Both had the same hour: whoever of the two is first tells.
    closing.join().unwrap().unwrap_err();
}

#[test]
fn the_end_does_not_wait_for_a_reporter_that_hangs() {
    let registry = Registry::new();
    let (hold, held) = bounded::<()>(0);
    let (tell, hangs) = unbounded();
    let reporter = Does(move |_: &Report| {
        tell.send(())?;
        let _ = held.recv();
        Ok(())
    });
    let guard = registry.attach("hangs", reporter).every(HOUR).deadline(SHORT);
    registry.report();
    hangs.recv().unwrap();
    let error = guard.close().unwrap_err();
    assert_eq!(error, DeliveryError::LeftBehind { reporter: "hangs".to_owned(), within: SHORT });
    assert_eq!(counted(&registry.collect(), "left", "hangs"), Some(1), "shown while it hangs");
    drop(hold);
    // Its last report, after which its thread ends.
    hangs.iter().for_each(drop);
}

#[test]
fn one_that_was_left_behind_is_forgotten_when_it_has_ended() {
    let registry = Registry::new();
    let (hold, held) = bounded::<()>(0);
    struct Hangs(crossbeam_channel::Receiver<()>);
    impl Reporter for Hangs {
        fn report(&mut self, _: &Report) -> Result<(), ReportError> {
            let _ = self.0.recv();
            Ok(())
        }
    }
    let guard = registry.attach("hangs", Hangs(held)).every(HOUR).deadline(SHORT);
    drop(guard);
    assert_eq!(counted(&registry.collect(), "left", "hangs"), Some(1));
    drop(hold);
    while counted(&registry.collect(), "left", "hangs").is_some() {
        std::thread::yield_now();
    }
}

#[test]
fn a_registry_that_is_closed_ends_all_side_by_side() {
    let registry = Registry::new();
    let (hold, held) = bounded::<()>(0);
    let hanging = || {
        let held = held.clone();
        let hang = move |_: &Report| {
            let _ = held.recv();
            Ok(())
        };
        registry.attach("hangs", Does(hang)).every(HOUR).deadline(HOUR)
    };
    let (first, second) = (hanging(), hanging());
    let (good, told) = told();
    let good = registry.attach("good", good).every(HOUR).deadline(HOUR);
    registry.job("short").unwrap().finish();
    // The good one needs some of it, on a machine that is busy.
    let within = Duration::from_secs(2);
    let error = registry.close(within).unwrap_err();
    let late = |reporter: &str| DeliveryError::LeftBehind { reporter: reporter.to_owned(), within };
    assert_eq!(error.errors, [late("hangs"), late("hangs-2")]);
    assert!(error.to_string().contains("`hangs-2` did not end within 2s"), "{error}");
    assert_eq!(ended(&told.iter().collect::<Vec<_>>()), [("short".to_owned(), 1)]);
    // An hour would be long: those that were left behind are not waited for again.
    drop((first, second));
    assert_eq!(good.close(), Ok(()));
    drop(hold);
}

#[test]
fn nothing_is_reported_after_the_last_report() {
    let (clock, registry) = registry();
    let (reporter, told) = told();
    let guard = registry.attach("told", reporter).every(Duration::from_secs(1));
    registry.close(HOUR).unwrap();
    assert_eq!(told.len(), 1);
    registry.report();
    registry.job("late").unwrap().finish();
    clock.advance(HOUR);
    assert_eq!(guard.every(Duration::from_secs(1)).close(), Ok(()));
    assert_eq!(told.len(), 1);
}
