//! Custom counters: a job's own totals, of which there is a limited number of names.

use crate::job::{Started, start};
use flowmeter::{Communication, Registry};

const NAMES: u64 = 100;

/// Everything that was added, under whatever name.
fn sum(now: &Communication) -> u64 {
    now.custom.values().sum::<u64>() + now.custom_overflow
}

#[test]
fn a_custom_counter_adds_up_over_sides_tasks_and_groups() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let mut sides: Vec<_> = [(0, 0), (0, 1), (7, 0)].map(|(g, t)| start(&job, g, t)).into();
    for (_, reader, writer) in &mut sides {
        reader.count("pages", 2);
        writer.count("pages", 3);
        writer.count("tables", 1);
    }
    let now = job.snapshot().communication();
    assert_eq!((now.custom["pages"], now.custom["tables"]), (15, 3));
    assert_eq!((now.custom.len(), now.custom_overflow), (2, 0));
    assert_eq!(sides[0].0.snapshot().communication().custom["pages"], 5);
}

#[test]
fn beyond_a_hundred_names_everything_is_counted_together_and_nothing_is_lost() {
    let mut started = Started::new();
    for n in 0..NAMES + 20 {
        started.reader.count(&format!("counter {n}"), n);
    }
    let now = started.now();
    assert_eq!(now.custom.len() as u64, NAMES);
    assert_eq!(now.custom_overflow, (NAMES..NAMES + 20).sum::<u64>());
    assert_eq!(sum(&now), (0..NAMES + 20).sum::<u64>());
    // Those that were there go on under their names.
    started.reader.count("counter 7", 1000);
    assert_eq!(started.now().custom["counter 7"], 1007);
}

#[test]
fn the_limit_of_names_is_one_for_the_whole_job() {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let (_, mut reader, mut writer) = start(&job, 0, 0);
    let (_, mut elsewhere, _writer) = start(&job, 1, 0);
    for n in 0..60 {
        reader.count(&format!("read {n}"), 1);
        writer.count(&format!("write {n}"), 1);
    }
    elsewhere.count("one more", 5);
    elsewhere.count("read 0", 1);
    let now = job.snapshot().communication();
    assert_eq!((now.custom.len() as u64, sum(&now)), (NAMES, 126));
    assert_eq!((now.custom["read 0"], now.custom_overflow), (2, 20 + 5));
}

#[test]
fn another_job_has_names_of_its_own() {
    let registry = Registry::new();
    let (full, other) = (registry.job("full").unwrap(), registry.job("other").unwrap());
    let (_, mut of_full, _writer) = start(&full, 0, 0);
    let (_, mut of_other, _writer) = start(&other, 0, 0);
    (0..=NAMES).for_each(|n| of_full.count(&n.to_string(), 1));
    of_other.count("first", 1);
    let now = other.snapshot().communication();
    assert_eq!((now.custom["first"], now.custom.len(), now.custom_overflow), (1, 1, 0));
}

#[test]
fn a_name_has_at_most_two_hundred_bytes() {
    let mut started = Started::new();
    let (longest, too_long) = ("é".repeat(100), format!("{}x", "é".repeat(100)));
    started.writer.count(&longest, 1);
    started.writer.count(&too_long, 2);
    started.writer.count(&"x".repeat(1_000_000), 4);
    let now = started.now();
    assert_eq!((now.custom[&*longest], now.custom.len(), now.custom_overflow), (1, 1, 6));
}
