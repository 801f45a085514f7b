//! Turns that find nothing in the caches.

use crate::measure::Turn;
use std::hint::black_box;
use std::sync::{LazyLock, Mutex};

/// More than the caches of a processor hold.
const LARGE: usize = 64 << 20;

/// How many bytes a cache brings from memory at once, or fewer.
const LINE: usize = 64;

static MEMORY: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(|| Mutex::new(vec![1; LARGE]));

/// A turn, after the caches were filled with something else, which is not timed.
pub(crate) fn cold(work: impl FnOnce() -> u64) -> Turn {
    fill_caches();
    Turn::of(work)
}

/// Reads each line and writes it: what is only written may go past the caches.
pub(crate) fn fill_caches() {
    let mut memory = MEMORY.lock().unwrap();
    memory.iter_mut().step_by(LINE).for_each(|byte| *byte = byte.wrapping_add(1));
    black_box(&memory);
}
