//! Memory by `/proc/meminfo`, and what was swapped by `/proc/vmstat`.

use crate::builtin::facts::{MemoryFacts, SwapFacts};
use procfs::Meminfo;
use procfs::prelude::*;
use std::collections::HashMap;

pub(crate) fn memory() -> Option<MemoryFacts> {
    Some(memory_of(&Meminfo::current().ok()?))
}

fn memory_of(meminfo: &Meminfo) -> MemoryFacts {
    MemoryFacts {
        total: meminfo.mem_total,
        // Kernels before 3.14 do not tell it.
        available: meminfo.mem_available,
        free: Some(meminfo.mem_free),
        active: Some(meminfo.active),
        inactive: Some(meminfo.inactive),
        buffers: Some(meminfo.buffers),
        cached: Some(meminfo.cached),
        shared: meminfo.shmem,
    }
}

pub(crate) fn swap() -> Option<SwapFacts> {
    let meminfo = Meminfo::current().ok()?;
    let counts = procfs::vmstat().unwrap_or_default();
    let moved = |name: &str| moved(&counts, name, procfs::page_size());
    Some(SwapFacts {
        total: meminfo.swap_total,
        free: meminfo.swap_free,
        moved_in: moved("pswpin"),
        moved_out: moved("pswpout"),
    })
}

/// In bytes what is counted in pages.
fn moved(counts: &HashMap<String, i64>, name: &str, page: u64) -> Option<u64> {
    u64::try_from(*counts.get(name)?).ok()?.checked_mul(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_were_moved_are_told_in_bytes() {
        let counts = HashMap::from([("pswpin".to_owned(), 3), ("pswpout".to_owned(), -1)]);
        let all = ["pswpin", "pswpout", "none"].map(|name| moved(&counts, name, 4_096));
        assert_eq!(all, [Some(12_288), None, None]);
    }

    /// What an old kernel tells.
    const OLD: &str = "MemTotal: 100 kB\nMemFree: 40 kB\nBuffers: 5 kB\nCached: 20 kB\nSwapCached: 0 kB\n\
        Active: 30 kB\nInactive: 10 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\nDirty: 0 kB\nWriteback: 0 kB\n\
        Mapped: 1 kB\nSlab: 1 kB\nCommitted_AS: 1 kB\nVmallocTotal: 1 kB\nVmallocUsed: 1 kB\nVmallocChunk: 1 kB\n";

    #[test]
    fn what_a_kernel_does_not_tell_is_not_known() {
        let facts = memory_of(&Meminfo::from_read(OLD.as_bytes()).unwrap());
        assert_eq!((facts.total, facts.free, facts.cached), (102_400, Some(40_960), Some(20_480)));
        assert_eq!(
            (facts.active, facts.inactive, facts.buffers),
            (Some(30_720), Some(10_240), Some(5_120))
        );
        assert_eq!((facts.available, facts.shared), (None, None));
    }
}
