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
