//! Reporters that panic, hang and fail, beside one that does not.

use super::super::{Does, HOUR, all, counted, ended, registry, told};
use super::{SECOND, SHORT, do_a_job};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use flowmeter::{DeliveryError, Registry, Report, ReportError, Reporter};
use std::time::Duration;

const JOBS: u64 = 5;

#[test]
fn one_that_panics_after_a_while() {
    let (clock, registry) = registry();
    let mut reports = 0;
    let panics = Does(move |_: &Report| {
        reports += 1;
        assert!(reports < 3, "the third one");
        Ok(())
    });
    let panics = registry.attach("panics", panics).every(SECOND);
    let (good, told) = told();
    let good = registry.attach("good", good).every(SECOND);
    for _ in 0..JOBS {
        do_a_job(&registry);
        clock.advance(SECOND);
    }
    let snapshot = registry.collect();
    let figures = ["sent", "failed", "panicked"];
    let of = |name: &str| figures.map(|figure| counted(&snapshot, figure, name).unwrap());
    assert_eq!(of("panics"), [2, 0, 1]);
    assert_eq!(of("good"), [2 * JOBS, 0, 0]);
    assert!(matches!(panics.close(), Err(DeliveryError::Panicked { .. })));
    assert_eq!(good.close(), Ok(()));
    assert_eq!(ended(&all(&told)).len() as u64, JOBS);
}

#[test]
fn one_that_returns_errors_is_tried_with_each_report_and_tells_the_reason() {
    let (clock, registry) = registry();
    let fails = Does(|_: &Report| Err("no way".into()));
    let fails = registry.attach("fails", fails).every(SECOND);
    let (good, told) = told();
    let good = registry.attach("good", good).every(SECOND);
    for _ in 0..JOBS {
        do_a_job(&registry);
        clock.advance(SECOND);
    }
    let snapshot = registry.collect();
    let of = |name: &str| ["sent", "failed"].map(|figure| counted(&snapshot, figure, name));
    assert_eq!(of("fails"), [Some(0), Some(2 * JOBS)]);
    assert_eq!(of("good"), [Some(2 * JOBS), Some(0)]);
    let (reporter, reason) = ("fails".to_owned(), "no way".to_owned());
    assert_eq!(fails.close(), Err(DeliveryError::Failed { reporter, reason }));
    assert_eq!(good.close(), Ok(()));
    assert_eq!(ended(&all(&told)).len() as u64, JOBS);
}

/// Says where it is, and stays there until it is let go.
struct Hangs {
    at: &'static str,
    tell: Sender<&'static str>,
    held: Receiver<()>,
}

impl Hangs {
    fn pass(&self, place: &'static str) {
        let _ = self.tell.send(place);
        if place == self.at {
            let _ = self.held.recv();
        }
    }
}

impl Reporter for Hangs {
    fn report(&mut self, _: &Report) -> Result<(), ReportError> {
        self.pass("report");
        Ok(())
    }

    fn close(&mut self, _: Duration) -> Result<(), ReportError> {
        self.pass("close");
        Ok(())
    }
}

impl Drop for Hangs {
    fn drop(&mut self) {
        self.pass("drop");
    }
}

#[test]
fn one_that_hangs_wherever_it_does_is_left_behind_and_nobody_else_is() {
    for at in ["report", "close", "drop"] {
        let registry = Registry::new();
        let (hold, held) = bounded(0);
        let (tell, places) = unbounded();
        let hangs = registry.attach("hangs", Hangs { at, tell, held }).every(HOUR).deadline(SHORT);
        let (good, told) = told();
        let good = registry.attach("good", good).every(HOUR).deadline(HOUR);
        registry.report();
        assert_eq!(places.recv(), Ok("report"));
        for _ in 0..JOBS {
            do_a_job(&registry);
        }
        let late = DeliveryError::LeftBehind { reporter: "hangs".to_owned(), within: SHORT };
        // Before its drop its last report has gone out.
        let expected = if at == "drop" { Ok(()) } else { Err(late) };
        assert_eq!(hangs.close(), expected, "in {at}");
        do_a_job(&registry);
        assert_eq!(counted(&registry.collect(), "left", "hangs"), Some(1));
        assert_eq!(good.close(), Ok(()));
        assert_eq!(ended(&told.iter().collect::<Vec<_>>()).len() as u64, JOBS + 1);
        drop(hold);
        assert_eq!(places.iter().last(), Some("drop"));
    }
}
