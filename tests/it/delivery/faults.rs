//! What goes wrong in one reporter touches no job and no other reporter.

use super::{Does, HOUR, all, counted, ended, registry, told};
use flowmeter::{DeliveryError, Figure, Registry, Report, ReportError, Reporter};
use std::fmt;
use std::time::Duration;

#[test]
fn a_reporter_that_panics_is_set_aside_and_named() {
    let (clock, registry) = registry();
    let panics = Does(|_: &Report| -> Result<(), ReportError> { panic!("bad\nluck") });
    let panics = registry.attach("panics", panics).every(Duration::from_secs(1));
    let (good, told) = told();
    let good = registry.attach("good", good).every(Duration::from_secs(1));
    clock.advance(Duration::from_secs(3));
    registry.job("goes on").unwrap().finish();
    clock.advance(Duration::ZERO);
    let snapshot = registry.collect();
    assert_eq!(counted(&snapshot, "panicked", "panics"), Some(1), "it was not called again");
    assert_eq!(counted(&snapshot, "sent", "panics"), Some(0));
    assert_eq!(counted(&snapshot, "panicked", "good"), Some(0));
    assert_eq!(panics.failure().as_deref(), Some("bad\\nluck"));
    let expected =
        DeliveryError::Panicked { reporter: "panics".to_owned(), reason: "bad\\nluck".to_owned() };
    assert_eq!(panics.close(), Err(expected));
    assert_eq!(ended(&all(&told)), [("goes on".to_owned(), 1)]);
    assert_eq!(good.close(), Ok(()));
}

/// Panics where it can.
#[derive(Default)]
struct Panics {
    in_figures: bool,
    in_close: bool,
    in_drop: bool,
    with_error: bool,
}

struct Mute;

impl fmt::Debug for Mute {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

impl fmt::Display for Mute {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("an error that can't be told");
    }
}

impl std::error::Error for Mute {}

impl Reporter for Panics {
    fn report(&mut self, _: &Report) -> Result<(), ReportError> {
        if self.with_error { Err(Box::new(Mute)) } else { Ok(()) }
    }

    fn close(&mut self, _: Duration) -> Result<(), ReportError> {
        assert!(!self.in_close, "in close");
        Ok(())
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        assert!(!self.in_figures, "in figures");
        Vec::new()
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        assert!(!self.in_drop, "in drop");
    }
}

#[test]
fn a_panic_anywhere_is_that_reporters_failure() {
    let close = |reporter: Panics| {
        let (_, registry) = registry();
        registry.attach("panics", reporter).every(HOUR).close()
    };
    let reason = |reporter| match close(reporter) {
        Err(DeliveryError::Panicked { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(Panics { in_figures: true, ..Panics::default() }), "in figures");
    assert_eq!(reason(Panics { in_close: true, ..Panics::default() }), "in close");
    let with_error = Panics { with_error: true, ..Panics::default() };
    assert_eq!(reason(with_error), "an error that can't be told");
    assert_eq!(close(Panics { in_drop: true, ..Panics::default() }), Ok(()));
}

#[test]
fn a_job_and_the_other_reporters_go_on_while_one_hangs() {
    let (clock, registry) = registry();
    let (good, told) = told();
    let _good = registry.attach("good", good).every(HOUR);
    // On a clock of its own: the one of this registry stands still while a reporter of it works.
    let other = Registry::new();
    let (hold, held) = crossbeam_channel::bounded::<()>(0);
    let hang = move |_: &Report| {
        let _ = held.recv();
        Ok(())
    };
    let hangs = other.attach("hangs", Does(hang)).every(HOUR).deadline(Duration::ZERO);
    let (other_good, other_told) = super::told();
    let other_good = other.attach("good", other_good).every(HOUR);
    for registry in [&registry, &other] {
        for _ in 0..100 {
            registry.job("job").unwrap().finish();
        }
    }
    clock.advance(Duration::ZERO);
    assert_eq!(ended(&all(&told)).len(), 100);
    assert_eq!(other_good.close(), Ok(()));
    assert_eq!(ended(&all(&other_told)).len(), 100);
    drop(hangs);
    drop(hold);
}

#[test]
fn a_source_that_panics_is_no_fault_of_the_reporter() {
    let (clock, registry) = registry();
    let _source = registry.callback("bad", || panic!("each time")).unwrap();
    let (reporter, told) = told();
    let guard = registry.attach("told", reporter).every(Duration::from_secs(1));
    clock.advance(Duration::from_secs(3));
    assert_eq!(all(&told).len(), 3);
    assert_eq!(guard.close(), Ok(()));
}

#[test]
fn a_reporter_may_use_the_registry_that_it_reports() {
    let (clock, registry) = registry();
    let inner = registry.clone();
    let reporter = Does(move |_: &Report| {
        inner.counter("reports")?.inc();
        inner.report();
        inner.collect();
        inner.job("from inside")?.finish();
        Ok(())
    });
    let guard = registry.attach("inside", reporter).every(Duration::from_secs(1)).deadline(HOUR);
    // What it does wakes it again: it is stopped by its end.
    assert_eq!(guard.close(), Ok(()));
    assert_eq!(registry.collect().counter("reports"), Some(1));
    drop(clock);
}
