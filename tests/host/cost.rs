//! What reading everything costs: no descriptor, no memory, little time.

use crate::support::{all, gauge, is_alone};
use std::fs;

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Pages that are resident, and ticks of 10 ms that were spent.
fn pages_and_ticks() -> (u64, u64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let number = |at: usize| fields[at].parse::<u64>().unwrap();
    (number(21), number(11) + number(12))
}

#[test]
fn ten_thousand_readings_leave_nothing_behind_and_take_little() {
    if !is_alone("cost::ten_thousand_readings_leave_nothing_behind_and_take_little") {
        return;
    }
    let (registry, _guards) = all();
    (0..1_000).for_each(|_| drop(registry.collect()));
    let (open, (pages, ticks)) = (descriptors(), pages_and_ticks());
    (0..10_000).for_each(|_| drop(registry.collect()));
    let (pages_now, ticks_now) = pages_and_ticks();
    assert_eq!(descriptors(), open);
    // Whoever counts has the folder open.
    assert_eq!(gauge(&registry.collect(), "process.descriptors"), open as f64 - 1.0);
    assert!(pages_now < pages + 256, "{pages} pages, {pages_now} after it");
    // Of processor time, whatever else the machine does.
    let millis = (ticks_now - ticks) as f64 * 10.0 / 10_000.0;
    assert!(millis < 5.0, "{millis} ms a reading");
    println!("{millis} ms of processor time a reading of everything");
}
