//! What counting costs: no allocation on any hot path.

use allocation_counter::measure;
use flowmeter::Registry;
use std::sync::mpsc::sync_channel;

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
