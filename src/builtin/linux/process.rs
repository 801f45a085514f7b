//! This process by `/proc/self`.

use crate::builtin::facts::ProcessFacts;
use procfs::process::Process;
use std::fs;
use std::time::Duration;

pub(crate) fn this_process() -> Option<ProcessFacts> {
    let process = Process::myself().ok()?;
    let stat = process.stat().ok()?;
    // Some systems keep it to themselves.
    let io = process.io().ok();
    let (spent, ticks) = (stat.utime.saturating_add(stat.stime), procfs::ticks_per_second());
    Some(ProcessFacts {
        resident: stat.rss.saturating_mul(procfs::page_size()),
        reserved: stat.vsize,
        cpu: Some(Duration::from_nanos(spent.saturating_mul(1_000_000_000 / ticks.max(1)))),
        threads: u64::try_from(stat.num_threads).ok(),
        descriptors: descriptors(&process),
        read_bytes: io.as_ref().map(|io| io.read_bytes),
        written_bytes: io.as_ref().map(|io| io.write_bytes),
    })
}

/// Without the two that looking takes: that of the process, and that of the folder.
fn descriptors(_: &Process) -> Option<u64> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    Some(open.saturating_sub(2))
}
