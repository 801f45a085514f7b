//! What this process takes of the machine, where the system tells it.

use std::fs::read_to_string;

#[derive(Clone, Copy, Debug)]
pub(super) struct Process {
    pub(super) threads: u64,
    /// Of memory.
    pub(super) pages: u64,
}

impl Process {
    pub(super) fn now() -> Option<Process> {
        let status = read_to_string("/proc/self/status").ok()?;
        let threads = status.lines().find_map(|line| line.strip_prefix("Threads:"))?;
        let memory = read_to_string("/proc/self/statm").ok()?;
        let pages = memory.split(' ').nth(1)?;
        Some(Process { threads: threads.trim().parse().ok()?, pages: pages.parse().ok()? })
    }
}
