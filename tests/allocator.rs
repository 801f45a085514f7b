//! A global allocator that counts what it allocates, also while a thread gets the memory in which it counts.
#![cfg(target_os = "linux")]
// An allocator can't be written without.
#![allow(unsafe_code)]

use flowmeter::Counter;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

static ALLOCATIONS: OnceLock<Counter> = OnceLock::new();
/// What the counter is held against.
static EXACT: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

struct Counting;

// Whatever it is asked for it asks the system's allocator for.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(allocations) = ALLOCATIONS.get() {
            allocations.inc();
            EXACT.fetch_add(1, Ordering::Relaxed);
            BYTES.fetch_add(layout.size() as u64, Ordering::Relaxed);
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
    let allocate = || (0..1_000).for_each(|n| drop(std::hint::black_box(vec![0_u8; n + 1])));
    // Counters are made and dropped beside it: it is at the pool when that allocates.
    let make = || drop((0..10_000).map(|_| Counter::default()).collect::<Vec<_>>());
    thread::scope(|scope| {
        let works: [&(dyn Fn() + Sync); 2] = [&allocate, &make];
        let threads: Vec<_> = works.repeat(4).into_iter().map(|work| scope.spawn(work)).collect();
        // The join of the threads themselves: the end of a scope does not wait for what they do at their end.
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    // What is counted in is not asked of an allocator, which might clear all of it by hand.
    assert!(BYTES.load(Ordering::Relaxed) < 100_000_000);
    let counted = allocations.value();
    assert!(counted >= 4 * 1_000 + 4 * 10_000);
    assert_eq!(counted, EXACT.load(Ordering::Relaxed));
}
