//! `Sheet`: the memory in which one thread counts.

use super::sync::AtomicU64;

/// A cell of every number. Empty: none at all.
pub(crate) type Sheet = &'static [AtomicU64];

/// How many cells a sheet has. With 64 bits that is 32 MiB of address space, of which only what is touched is
/// resident. It is no less because the C library's allocator asks the system for so much in any case, whose
/// memory is zero, where it might clear a smaller block by hand.
pub(super) const CELLS: u32 = if cfg!(loom) {
    1 << 6
} else if cfg!(miri) {
    1 << 13
} else if cfg!(target_pointer_width = "64") {
    1 << 22
} else {
    1 << 16
};

/// A new sheet of zeros, if there is memory for it.
#[cfg(not(loom))]
pub(super) fn new() -> Option<Sheet> {
    let cells = bytemuck::allocation::try_zeroed_slice_box(CELLS as usize).ok()?;
    Some(Box::leak(cells))
}

#[cfg(loom)]
pub(super) fn new() -> Option<Sheet> {
    let cells: Box<[AtomicU64]> = (0..CELLS).map(|_| AtomicU64::new(0)).collect();
    Some(Box::leak(cells))
}
