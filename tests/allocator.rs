//! A global allocator that counts what it allocates, also while a thread gets the memory in which it counts.
#![cfg(target_os = "linux")]
// An allocator can't be written without.
#![allow(unsafe_code)]

use flowmeter::Counter;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::OnceLock;
use std::thread;

static ALLOCATIONS: OnceLock<Counter> = OnceLock::new();

struct Counting;

// Whatever it is asked for it asks the system's allocator for.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(allocations) = ALLOCATIONS.get() {
            allocations.inc();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn an_allocator_may_count() {
    let allocations = ALLOCATIONS.get_or_init(Counter::default);
    let before = allocations.value();
    let allocate = || (0..1_000).for_each(|n| drop(std::hint::black_box(vec![0_u8; n + 1])));
    // Counters are made and dropped beside it: it is at the pool when that allocates.
    let make = || drop((0..10_000).map(|_| Counter::default()).collect::<Vec<_>>());
    thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(allocate)));
        (0..4).for_each(|_| drop(scope.spawn(make)));
    });
    let counted = allocations.value() - before;
    assert!(counted >= 4 * 1_000 + 4 * 10_000, "{counted}");
}
