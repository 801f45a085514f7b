//! What counting costs: no allocation on any hot path; and what a name does.

use allocation_counter::measure;
use flowmeter::{Clock, ManualClock, Moment, Registry, Timer};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// That many calls of `f` allocate nothing at all.
#[track_caller]
fn allocates_nothing(mut f: impl FnMut()) {
    f();
    let info = measure(|| (0..1000).for_each(|_| f()));
    assert_eq!(info.count_total, 0, "{info:?}");
}

#[test]
fn series_allocate_nothing() {
    let registry = Registry::new();
    let (counter, gauge) = (registry.counter("rows").unwrap(), registry.gauge("depth").unwrap());
    allocates_nothing(|| counter.add(3));
    allocates_nothing(|| gauge.set(1.5));
    allocates_nothing(|| gauge.add(1.5));
    let meter = registry.meter("calls").unwrap();
    allocates_nothing(|| meter.mark(3));
    // The first value of an octave allocates.
    let sizes = registry.histogram("sizes").unwrap();
    allocates_nothing(|| sizes.record(2_000));
    allocates_nothing(|| sizes.record_n(2_001, 7));
}

#[test]
fn timing_allocates_nothing() {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).build();
    let timer = registry.timer("load").unwrap();
    let started = Moment::default();
    clock.advance(Duration::from_millis(1));
    allocates_nothing(|| timer.record(Duration::from_nanos(1_500)));
    allocates_nothing(|| timer.record_since(started));
    allocates_nothing(|| timer.time(|| ()));
    allocates_nothing(|| drop(timer.start()));
    allocates_nothing(|| _ = timer.start().stop());
    allocates_nothing(|| timer.start().cancel());
}

/// Asks for the same metric of one kind in every way.
macro_rules! asking_again_allocates_nothing {
    ($kind:ident, $kind_with:ident) => {
        let (registry, long) =
            (Registry::new(), "a value that does not lie in a key, but beside it");
        let labels = [("worker", "1"), ("table", long)];
        let scope = registry.scope("etl").label("job", "copy");
        let narrower = scope.scope("rows").label("task", "7");
        allocates_nothing(|| drop(registry.$kind("rows").unwrap()));
        allocates_nothing(|| drop(registry.$kind_with("rows", &labels).unwrap()));
        let metric = || registry.metric("rows").label("table", long).label("worker", "1");
        allocates_nothing(|| drop(metric().$kind().unwrap()));
        metric().help("What it is").series_limit(7).$kind().unwrap();
        allocates_nothing(|| drop(metric().help("Something").series_limit(7).$kind().unwrap()));
        allocates_nothing(|| drop(scope.$kind("rows").unwrap()));
        allocates_nothing(|| drop(scope.$kind_with("rows", &labels).unwrap()));
        allocates_nothing(|| drop(narrower.$kind_with("done", &labels).unwrap()));
        allocates_nothing(|| drop(narrower.metric("done").labels(&labels).$kind().unwrap()));
    };
}

#[test]
fn asking_again_allocates_nothing() {
    asking_again_allocates_nothing!(counter, counter_with);
    asking_again_allocates_nothing!(gauge, gauge_with);
    asking_again_allocates_nothing!(histogram, histogram_with);
    asking_again_allocates_nothing!(meter, meter_with);
    asking_again_allocates_nothing!(timer, timer_with);
}

/// What a hundred timers hold for each, but for their own cells.
#[test]
fn the_name_of_a_metric_holds_little() {
    let registry = Registry::new();
    let make = |n: u32| registry.timer(&format!("package.load.duration.{n}")).unwrap();
    make(0);
    let own = measure(|| drop(Timer::new(&Clock::system()))).bytes_max;
    let info = measure(|| (1..=100).for_each(|n| drop(make(n))));
    let (bytes, blocks) = (info.bytes_current / 100, info.count_current / 100);
    assert!(bytes < own as i64 + 1_536, "{bytes} in {blocks}");
}

#[test]
fn the_reader_side_allocates_nothing() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (mut reader, mut writer) = job.task_group(0).task(0).start().unwrap();
    let (to_writer, rows) = sync_channel(10);
    allocates_nothing(|| reader.read(7));
    allocates_nothing(|| reader.made(1));
    allocates_nothing(|| reader.filtered(1, 7));
    allocates_nothing(|| reader.transformed(1));
    allocates_nothing(|| _ = reader.transform(7, || Ok::<_, String>(Some(1))));
    allocates_nothing(|| _ = reader.hand_on(1, 7, |_| Ok::<_, ()>(())));
    allocates_nothing(|| reader.wait_for_writer(|| ()));
    allocates_nothing(|| reader.count("pages", 1));
    allocates_nothing(|| _ = reader.stopping());
    allocates_nothing(|| {
        reader.send(&to_writer, 1, 7).unwrap();
        writer.receive(&rows, |_| 7).unwrap();
    });
}

#[test]
fn the_writer_side_allocates_nothing() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (_reader, mut writer) = job.task_group(0).task(0).start().unwrap();
    allocates_nothing(|| writer.received(1, 7));
    allocates_nothing(|| writer.skipped(1, 7));
    allocates_nothing(|| writer.committed(1, 7));
    allocates_nothing(|| writer.wait_for_reader(|| ()));
    allocates_nothing(|| writer.count("pages", 1));
}

#[test]
fn records_in_error_allocate_nothing_once_the_samples_are_full() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (mut reader, mut writer) = job.task_group(0).task(0).start().unwrap();
    (0..100).for_each(|n| reader.unreadable(1, 7, n));
    allocates_nothing(|| reader.unreadable(1, 7, "garbled"));
    allocates_nothing(|| reader.refused(1, 7, "no date"));
    allocates_nothing(|| _ = reader.transform(7, || Err::<Option<()>, _>("no date")));
    allocates_nothing(|| writer.failed(1, 7, "too long"));
    (0..200).for_each(|n| reader.count(&n.to_string(), 1));
    allocates_nothing(|| reader.count("one name too many", 1));
}

/// What the second collection of a job allocates that has so many tasks, each started and counted.
fn allocations_of_a_collection(tasks: u32) -> u64 {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let group = job.task_group(0);
    let mut sides: Vec<_> = (0..tasks).map(|id| group.task(id).start().unwrap()).collect();
    let mut count = || sides.iter_mut().for_each(|(reader, _)| reader.read(7));
    count();
    let before = registry.collect();
    count();
    let info = measure(|| {
        let now = registry.collect();
        assert_eq!(now.job("copy").unwrap().counters().reader.read.records, 2 * u64::from(tasks));
    });
    drop(before);
    info.count_total
}

#[test]
fn collecting_a_task_allocates_nothing() {
    // The first collection of all brings what a registry shows of itself.
    allocations_of_a_collection(1);
    assert_eq!(allocations_of_a_collection(1000), allocations_of_a_collection(1));
}
