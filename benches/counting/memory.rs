//! What memory the process has: what it asked the allocator for, and what is resident.

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::fs;
use std::ops::Sub;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// So much by a moment; or, as a difference, since one.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) allocations: i64,
    /// Bytes that were asked for, ever.
    pub(crate) asked: i64,
    /// Bytes that were asked for, and not given back.
    pub(crate) live: i64,
    /// Bytes in memory, whoever asked for them; `None` where the system does not say.
    pub(crate) resident: Option<i64>,
    /// Bytes of address space, the same.
    pub(crate) mapped: Option<i64>,
}

impl Memory {
    pub(crate) fn now() -> Memory {
        // First: this allocates.
        let (resident, mapped) = (resident(), mapped());
        let stats = ALLOCATOR.stats();
        Memory {
            allocations: (stats.allocations + stats.reallocations) as i64,
            asked: stats.bytes_allocated as i64,
            live: stats.bytes_allocated as i64 - stats.bytes_deallocated as i64,
            resident,
            mapped,
        }
    }
}

impl Sub for Memory {
    type Output = Memory;

    fn sub(self, before: Memory) -> Memory {
        let since = |now: Option<i64>, before| now.zip(before).map(|(now, before)| now - before);
        Memory {
            allocations: self.allocations - before.allocations,
            asked: self.asked - before.asked,
            live: self.live - before.live,
            resident: since(self.resident, before.resident),
            mapped: since(self.mapped, before.mapped),
        }
    }
}

// Not `statm`, which newer kernels let lag behind.
fn resident() -> Option<i64> {
    bytes("/proc/self/smaps_rollup", "Rss:")
}

fn mapped() -> Option<i64> {
    bytes("/proc/self/status", "VmSize:")
}

/// What the file says in KiB.
fn bytes(file: &str, of: &str) -> Option<i64> {
    let all = fs::read_to_string(file).ok()?;
    let line = all.lines().find_map(|line| line.strip_prefix(of))?;
    let kib: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

pub(crate) fn series_head() {
    println!(
        "| {:42} | {:41} | {:>13} | {:>12} | {:>12} | {:25} |",
        "bytes each", "of which", "address space", "asked for", "resident", "to reach"
    );
    println!("|---|---|---:|---:|---:|---|");
}

/// A line of what `memory` is for each of so many series.
pub(crate) fn show_series(what: &str, part: &str, memory: Memory, series: usize, target: &str) {
    let each = |bytes: i64| format!("{:.1}", bytes as f64 / series as f64);
    let known = |bytes: Option<i64>| bytes.map_or("unknown".to_owned(), each);
    let (live, mapped, resident) =
        (each(memory.live), known(memory.mapped), known(memory.resident));
    print!("| {what:42} | {part:41} | {mapped:>13} | {live:>12} | {resident:>12} ");
    println!("| {target:25} |");
}

pub(crate) fn collections_head() {
    println!("| {:22} | collection | {:>12} | {:>12} |", "of", "allocations", "bytes");
    println!("|---|---|---:|---:|");
}

pub(crate) fn show_collection(what: &str, which: &str, memory: Memory) {
    let Memory { allocations, asked, .. } = memory;
    println!("| {what:22} | {which:10} | {allocations:>12} | {asked:>12} |");
}
