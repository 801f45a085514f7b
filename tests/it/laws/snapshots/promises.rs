//! Two processes seen as one: their snapshots come as JSON, are merged, and reported.

use std::sync::Arc;
use std::time::Duration;

use flowmeter::{
    Change, Health, Job, ManualClock, MergeError, Moment, Registry, Report, SeriesSnapshot,
    Snapshot, Stamp, Value,
};

use super::arbitrary::key;
use super::{counter, merged};

/// A process that copies, and sends what it knows of itself.
struct Process {
    clock: ManualClock,
    registry: Registry,
    job: Job,
}

impl Process {
    fn new(started_after: Duration) -> Process {
        let clock = ManualClock::new();
        clock.advance(started_after);
        let registry = Registry::builder().clock(clock.clock()).build();
        let job = registry.job("copy").unwrap();
        Process { clock, registry, job }
    }

    fn copy(&self, task: u32, rows: u64) {
        let (mut reader, writer) = self.job.task_group(0).task(task).start().unwrap();
        (0..rows).for_each(|_| reader.read(10));
        reader.filtered(rows, 10 * rows);
        reader.done().unwrap();
        writer.done();
        self.registry.counter("rows").unwrap().add(rows);
        self.clock.advance(Duration::from_secs(2));
    }

    fn send(&self) -> String {
        self.registry.collect().to_json()
    }
}

fn whole_of(sent: &[String]) -> Result<Snapshot, Box<dyn std::error::Error>> {
    let mut whole = Snapshot::default();
    for text in sent {
        whole.merge(&Snapshot::from_json(text)?)?;
    }
    Ok(whole)
}

#[test]
fn two_processes_are_reported_as_one() {
    let [one, other] = [3, 700].map(|seconds| Process::new(Duration::from_secs(seconds)));
    one.copy(0, 5);
    let earlier = whole_of(&[one.send(), other.send()]).unwrap();
    one.copy(1, 20);
    other.copy(0, 100);
    let now = whole_of(&[other.send(), one.send()]).unwrap();

    let report = Report::between(&earlier, &now);
    assert_eq!(report.interval(), Duration::from_secs(2));
    let change = report.delta().get("rows").unwrap();
    assert!(matches!(change, Change::Counter { total: 125, increase: 120, restarted: false, .. }));
    let mut speeds: Vec<_> =
        report.jobs().iter().map(|job| job.read_speed().unwrap().records).collect();
    speeds.sort_by(f64::total_cmp);
    assert_eq!(speeds, [10.0, 50.0], "each run against its own earlier state: both have number 1");
    assert_eq!(report.job("copy").unwrap().counters().reader.read.records, 100);

    other.job.finish();
    let ended = whole_of(&[one.send(), other.registry.collect().to_json()]).unwrap();
    let report = Report::between(&now, &ended);
    assert_eq!(report.jobs().iter().filter(|job| job.has_ended()).count(), 1);
    assert_eq!((ended.ended_runs(), report.missed_runs()), (1, 0));
    assert!(Report::between(&ended, &ended).jobs().iter().all(|job| !job.has_ended()));
    one.job.finish();
}

#[test]
fn the_same_process_is_not_counted_twice() {
    let registry = Registry::new();
    let sent = [registry.collect().to_json(), registry.collect().to_json()];
    let error = whole_of(&sent).unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(MergeError::Registry { .. })), "{error}");
}

#[test]
fn wholes_of_other_registries_are_not_subtracted() {
    let [one, two, three] = [1, 2, 3].map(|registry| counter(registry, 5, 4, 0));
    let earlier = merged(&one, &two).unwrap();
    for now in [merged(&one, &three).unwrap(), one, merged(&earlier, &three).unwrap()] {
        assert!(!now.is_of_same_registries(&earlier) && now.delta(&earlier).other_registry);
    }
    assert!(earlier.is_of_same_registries(&merged(&two, &counter(1, 9, 5, 0)).unwrap()));
}

#[test]
fn a_whole_has_begun_anew_where_a_part_has() {
    let at = |nanos, registrations: [u64; 2]| {
        let [one, two] = registrations;
        merged(&counter(1, nanos, 10, one), &counter(2, nanos, 10, two)).unwrap()
    };
    let began_anew = |now: &Snapshot, earlier: &Snapshot| {
        now.delta(earlier).get("rows").unwrap().restarted().unwrap()
    };
    assert!(began_anew(&at(9, [0, 1]), &at(5, [0, 0])));
    assert!(began_anew(&at(9, [u64::MAX, 2]), &at(5, [u64::MAX, 0])));
    assert!(!began_anew(&at(9, [u64::MAX, 2]), &at(5, [u64::MAX, 2])));
}

#[test]
fn the_latest_level_is_by_wall_time_and_of_one_millisecond_the_higher_registrys() {
    let level = |registry, unix_ms, level: f64| {
        let stamp = Stamp { at: Moment::from_nanos(1000 - registry), unix_ms };
        let series = SeriesSnapshot::new(key("level", None), Value::Gauge(level));
        Snapshot::new(registry, stamp, vec![series], Vec::new(), 0)
    };
    let whole = merged(&level(7, 50, 1.0), &level(3, 60, 2.0)).unwrap();
    assert_eq!((whole.gauge("level"), whole.series().next().unwrap().origin), (Some(2.0), Some(3)));
    let whole = merged(&level(1, 10, 9.0), &whole).unwrap();
    assert_eq!((whole.gauge("level"), whole.taken().unix_ms), (Some(2.0), 10));
    let whole = merged(&whole, &level(5, 60, 3.0)).unwrap();
    assert_eq!(whole.gauge("level"), Some(3.0));
}

#[test]
fn of_health_checks_the_unhealthy_one_counts_and_of_two_the_lesser_reason() {
    let health = |registry, reason: Option<&str>| {
        let health =
            reason.map_or(Health::Healthy, |reason| Health::Unhealthy { reason: reason.into() });
        let series = SeriesSnapshot::new(key("disk", None), Value::Health(health));
        Snapshot::new(registry, Stamp::default(), vec![series], Vec::new(), 0)
    };
    let one = merged(&health(1, None), &health(2, Some("full"))).unwrap();
    assert_eq!(one.health("disk").unwrap().to_string(), "unhealthy: full");
    let both = merged(&one, &health(3, Some("away"))).unwrap();
    assert_eq!(both.health("disk").unwrap().to_string(), "unhealthy: away");
}

#[test]
fn nothing_is_copied_that_need_not_be() {
    let sizes = Arc::new(flowmeter::HistogramSnapshot::of(flowmeter::Buckets::default(), [5]));
    let series = SeriesSnapshot::new(key("sizes", None), Value::Histogram(Arc::clone(&sizes)));
    let one = Snapshot::new(1, Stamp::default(), vec![series], Vec::new(), 0);
    let other = Snapshot::new(2, Stamp::default(), Vec::new(), Vec::new(), 0);
    let whole = merged(&one, &other).unwrap();
    assert!(
        matches!(whole.value_with("sizes", &[]), Some(Value::Histogram(same)) if Arc::ptr_eq(&same, &sizes))
    );
}
