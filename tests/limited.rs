//! What is counted where a process may have little address space: in a process of its own, which is told so.

#![cfg(target_os = "linux")]

use flowmeter::Registry;
use std::env;
use std::hint::black_box;
use std::process::Command;
use std::sync::Barrier;
use std::thread;

const INSIDE: &str = "FLOWMETER_TEST_INSIDE_A_LIMIT";

#[test]
fn where_there_is_little_address_space_threads_count_as_exactly_and_leave_some_to_the_program() {
    if env::var_os(INSIDE).is_some() {
        return count_with_little();
    }
    // In KiB. The C library's allocator would take as much again for each thread.
    let limited = r#"ulimit -v 200000 && exec "$0""#;
    let mut command = Command::new("sh");
    command.args(["-c", limited]).arg(env::current_exe().unwrap());
    let limited = command
        .env(INSIDE, "")
        .env("MALLOC_ARENA_MAX", "1")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    assert!(limited.status.success(), "{}", String::from_utf8_lossy(&limited.stdout));
}

fn count_with_little() {
    let registry = Registry::new();
    let rows = registry.counter("rows").unwrap();
    let sizes = registry.histogram("sizes").unwrap();
    let all_count = Barrier::new(5);
    let count = || {
        (1..=1_000).for_each(|size| {
            rows.add(1);
            sizes.record(size);
        });
        all_count.wait();
    };
    thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(count)));
        all_count.wait();
        // This is the program's own.
        black_box(vec![1_u8; 50_000_000]);
    });
    // Those that come later go on in what the others have left.
    let without = || registry.collect().counter("flowmeter.threads_without_cells");
    let before = without();
    let later = || thread::scope(|scope| scope.spawn(|| rows.inc()).join().unwrap());
    (0..100).for_each(|_| later());
    assert_eq!(without(), before);
    let shown = registry.collect();
    assert_eq!(shown.counter("rows"), Some(4_100));
    let sizes = shown.histogram("sizes").unwrap();
    assert_eq!((sizes.count(), sizes.sum()), (4_000, 4 * 500_500));
    assert_eq!((sizes.min(), sizes.max()), (Some(1), Some(1_000)));
    // One is the least that there is room for.
    let without = shown.counter("flowmeter.threads_without_cells").unwrap();
    assert!((1..4).contains(&without), "{without}");
    assert_eq!(shown.gauge("flowmeter.without_cells"), Some(0.0));
}
