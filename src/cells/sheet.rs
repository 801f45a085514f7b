//! `Sheet`: the memory in which one thread counts.

use super::sync::AtomicU64;
#[cfg(not(any(loom, miri)))]
use memmap2::{MmapMut, MmapOptions};
#[cfg(not(any(loom, miri)))]
use zerocopy::FromBytes;
#[cfg(miri)]
use zerocopy::FromZeros;

/// A cell of every number. Empty: none at all.
pub(crate) type Sheet = &'static [AtomicU64];

/// How many cells a sheet has. With 64 bits that is 32 MiB of address space, of which only what is touched is
/// resident.
pub(super) const CELLS: u32 = if cfg!(loom) {
    1 << 6
} else if cfg!(miri) {
    1 << 13
} else if cfg!(target_pointer_width = "64") {
    1 << 22
} else {
    1 << 16
};

/// There must be address space for so many, or there is none for one: the rest is left to the program.
#[cfg(not(any(loom, miri)))]
const LEFT: usize = 4;

/// A new sheet of zeros, if there is memory for it.
///
/// It comes from the system, which gives zeros page by page as they are touched. The program's allocator might clear
/// all of it by hand.
#[cfg(not(any(loom, miri)))]
pub(super) fn new() -> Option<Sheet> {
    drop(map(LEFT)?);
    let bytes: &mut MmapMut = Box::leak(Box::new(map(1)?));
    <[AtomicU64]>::mut_from_bytes(bytes).ok().map(|cells| &*cells)
}

#[cfg(not(any(loom, miri)))]
fn map(sheets: usize) -> Option<MmapMut> {
    let bytes = sheets * CELLS as usize * size_of::<AtomicU64>();
    MmapOptions::new().len(bytes).no_reserve_swap().map_anon().ok()
}

#[cfg(miri)]
pub(super) fn new() -> Option<Sheet> {
    <[AtomicU64]>::new_box_zeroed_with_elems(CELLS as usize).ok().map(|cells| &*Box::leak(cells))
}

#[cfg(loom)]
pub(super) fn new() -> Option<Sheet> {
    let cells: Box<[AtomicU64]> = (0..CELLS).map(|_| AtomicU64::new(0)).collect();
    Some(Box::leak(cells))
}
