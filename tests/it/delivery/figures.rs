//! What the registry says of its reporters.

use super::{Does, HOUR, counted, registry, sent};
use flowmeter::{Change, Counter, Figure, Gauge, Registry, Report, ReportError, Reporter};
use std::time::Duration;

struct Keeps {
    lines: Counter,
    queued: Gauge,
}

impl Reporter for Keeps {
    fn report(&mut self, _: &Report) -> Result<(), ReportError> {
        self.lines.add(7);
        self.queued.set(2.0);
        Ok(())
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        vec![
            ("lines", self.lines.clone().into()),
            ("queued", self.queued.clone().into()),
            ("sent", Counter::default().into()),
            ("no\nname", Counter::default().into()),
        ]
    }
}

#[test]
fn each_reporter_has_figures_and_may_keep_some_of_its_own() {
    let (clock, registry) = registry();
    let keeps = Keeps { lines: Counter::default(), queued: Gauge::default() };
    let guard = registry.attach("keeps", keeps).every(Duration::from_secs(1));
    clock.advance(Duration::from_secs(3));
    let snapshot = registry.collect();
    let of = |figure| counted(&snapshot, figure, "keeps");
    assert_eq!(of("sent"), Some(3), "a reporter's own does not hide it");
    assert_eq!([of("failed"), of("late"), of("missed")], [Some(0); 3]);
    assert_eq!([of("panicked"), of("left")], [Some(0); 2]);
    assert_eq!(of("lines"), Some(21));
    let labels = [("reporter", "keeps")];
    assert_eq!(snapshot.gauge_with("flowmeter.reporter.queued", &labels), Some(2.0));
    for timer in ["collect", "encode"] {
        let name = format!("flowmeter.reporter.{timer}");
        assert_eq!(snapshot.timer_with(&name, &labels).unwrap().count(), 3);
    }
    drop(guard);
    let own = registry.collect();
    let left = own.series().filter(|series| series.key.name().contains("reporter"));
    assert_eq!(left.count(), 0, "they go with it");
}

#[test]
fn a_reporter_that_is_attached_again_begins_anew() {
    let (clock, registry) = registry();
    let of_seconds = |seconds| {
        let guard =
            registry.attach("again", Does(|_: &Report| Ok(()))).every(Duration::from_secs(1));
        clock.advance(Duration::from_secs(seconds));
        (registry.collect(), guard)
    };
    let (earlier, first) = of_seconds(3);
    drop(first);
    let (now, _second) = of_seconds(5);
    let delta = now.delta(&earlier);
    match delta.get_with("flowmeter.reporter.sent", &[("reporter", "again")]) {
        Some(Change::Counter { total: 5, increase: 5, restarted: true, .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_times_say_what_reporting_costs() {
    let registry = Registry::new();
    let clock = registry.clock().clone();
    let at_least = Duration::from_millis(2);
    let spend = move || {
        let until = clock.now() + at_least;
        while clock.now() < until {
            std::hint::spin_loop();
        }
    };
    let collecting = spend.clone();
    let level = move || {
        collecting();
        1.0
    };
    let _level = registry.callback("level", level).unwrap();
    let reporter = Does(move |_: &Report| {
        spend();
        Ok(())
    });
    let guard = registry.attach("spends", reporter).every(HOUR);
    registry.report();
    while sent(&registry, &guard) == 0 {
        std::thread::yield_now();
    }
    let snapshot = registry.collect();
    for timer in ["collect", "encode"] {
        let name = format!("flowmeter.reporter.{timer}");
        let times = snapshot.timer_with(&name, &[("reporter", "spends")]).unwrap();
        assert!(times.min() >= Some(at_least), "{timer}: {times:?}");
    }
}
