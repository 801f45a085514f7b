//! Memory by `/proc/meminfo`, and what was swapped by `/proc/vmstat`.

use crate::builtin::facts::{MemoryFacts, SwapFacts};
use procfs::Meminfo;
use procfs::prelude::*;

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
    let counts = procfs::vmstat().ok();
    let moved = |name: &str| {
        let pages = *counts.as_ref()?.get(name)?;
        u64::try_from(pages).ok()?.checked_mul(procfs::page_size())
    };
    Some(SwapFacts {
        total: meminfo.swap_total,
        free: meminfo.swap_free,
        moved_in: moved("pswpin"),
        moved_out: moved("pswpout"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an old kernel tells.
    const OLD: &str = "MemTotal: 100 kB\nMemFree: 40 kB\nBuffers: 5 kB\nCached: 20 kB\nSwapCached: 0 kB\n\
        Active: 30 kB\nInactive: 10 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\nDirty: 0 kB\nWriteback: 0 kB\n\
        Mapped: 1 kB\nSlab: 1 kB\nCommitted_AS: 1 kB\nVmallocTotal: 1 kB\nVmallocUsed: 1 kB\nVmallocChunk: 1 kB\n";

    #[test]
    fn what_a_kernel_does_not_tell_is_not_known() {
        let facts = memory_of(&Meminfo::from_read(OLD.as_bytes()).unwrap());
        assert_eq!((facts.total, facts.free, facts.cached), (102_400, Some(40_960), Some(20_480)));
        assert_eq!((facts.available, facts.shared), (None, None));
    }
}
