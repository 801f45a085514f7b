//! A registry that counts nothing: everything works, and reads zero.

use allocation_counter::measure;
use flowmeter::{Registry, Sample, Source};
use std::sync::Arc;
use std::time::Duration;

struct Never(#[expect(dead_code)] Arc<()>);

impl Source for Never {
    fn sample(&mut self, _: &mut Sample) {
        panic!("it is called");
    }
}

#[test]
fn every_kind_of_handle_works_and_reads_zero() {
    let registry = Registry::disabled();
    let (rows, level) = (registry.counter("rows").unwrap(), registry.gauge("level").unwrap());
    let (sizes, marks) = (registry.histogram("sizes").unwrap(), registry.meter("marks").unwrap());
    let load = registry.timer("load").unwrap();
    rows.add(3);
    level.set(3.0);
    level.add(1.0);
    sizes.record(3);
    marks.mark(3);
    load.record(Duration::from_secs(3));
    assert_eq!(load.time(|| 7), 7);
    drop(load.start());
    assert_eq!((rows.value(), level.value(), sizes.snapshot().count()), (0, 0.0, 0));
    assert_eq!((marks.snapshot().total(), load.snapshot().count()), (0, 0));
    assert!(!rows.is_registered() && !level.is_registered() && !sizes.is_registered());
    assert!(!marks.is_registered() && !load.is_registered());
}

#[test]
fn nothing_is_allocated_for_it() {
    let registry = Registry::disabled();
    let info = measure(|| {
        let rows = registry.counter("rows").unwrap();
        let (level, sizes) =
            (registry.gauge("level").unwrap(), registry.histogram("sizes").unwrap());
        let (marks, load) = (registry.meter("marks").unwrap(), registry.timer("load").unwrap());
        for n in 0..100 {
            rows.clone().add(n);
            level.set(1.0);
            sizes.record(n);
            marks.mark(n);
            load.time(|| ());
        }
    });
    assert_eq!(info.count_total, 0, "{info:?}");
}

#[test]
fn what_would_be_called_is_dropped_and_never_called() {
    let registry = Registry::disabled();
    let held = Arc::new(());
    let clone = || Arc::clone(&held);
    let (level, well) = (clone(), clone());
    let guards = [
        registry.callback("level", move || panic!("{level:?}")).unwrap(),
        registry.health("well", move || Err(format!("{well:?}"))).unwrap(),
        registry.source("pool", Never(clone())).unwrap(),
    ];
    assert_eq!(Arc::strong_count(&held), 1);
    assert!(registry.collect().series().next().is_none());
    drop(guards);
}

#[test]
fn nothing_is_refused_listed_or_taken_out() {
    let registry = Registry::disabled();
    registry.counter("rows").unwrap();
    registry.gauge("rows").unwrap();
    registry.counter("").unwrap();
    registry.counter_with("job.x", &[("le", "1"), ("le", "1")]).unwrap();
    registry.scope("a").label("b", "c").metric("x").unit("").timer().unwrap();
    assert!(registry.keys().is_empty());
    assert_eq!((registry.unregister("rows"), registry.unregister_all()), (0, 0));
    let snapshot = registry.collect();
    assert!(snapshot.series().next().is_none() && snapshot.descriptions().is_empty());
}

#[test]
fn jobs_work_as_ever() {
    let registry = Registry::disabled();
    let job = registry.job("copy").unwrap();
    let (mut reader, writer) = job.task_group(0).task(0).start().unwrap();
    reader.read(7);
    reader.done().unwrap();
    writer.done();
    job.scope().counter("pages").unwrap().inc();
    let report = job.finish();
    assert_eq!(report.counters().reader.read.records, 1);
    assert!(registry.report().job("copy").is_some());
}
