//! `Kept`: a list that only grows, read from any thread without a lock.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What is added stays where it is, at its number, until all is dropped: so whoever reads may hold on to it.
pub(crate) struct Kept<T> {
    /// Each has room for twice as many as the one before.
    chunks: [OnceLock<Box<[OnceLock<T>]>>; CHUNKS],
    /// How many numbers were given out.
    numbers: AtomicU32,
}

/// How many the first chunk has room for.
const FIRST: u32 = 8;
/// In all there is room for some eight million.
const CHUNKS: usize = 20;

impl<T> Kept<T> {
    pub(crate) fn new() -> Kept<T> {
        Kept { chunks: [const { OnceLock::new() }; CHUNKS], numbers: AtomicU32::new(0) }
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let (chunk, at) = place(number);
        self.chunks.get(chunk)?.get()?.get(at)?.get()
    }

    /// How many were added; exact while nobody adds.
    pub(crate) fn len(&self) -> usize {
        self.numbers.load(Ordering::Relaxed) as usize
    }

    /// Adds one: its number. `None`, and it is handed back, if there is no room any more.
    pub(crate) fn add(&self, new: T) -> Result<u32, T> {
        // Relaxed: the slot itself hands over what is in it.
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let (chunk, at) = place(number);
        let Some(chunk_at) = self.chunks.get(chunk) else {
            // Nobody could count so far that it starts over.
            self.numbers.store(number, Ordering::Relaxed);
            return Err(new);
        };
        let slots = chunk_at.get_or_init(|| (0..FIRST << chunk).map(|_| OnceLock::new()).collect());
        match slots.get(at) {
            Some(slot) => slot.set(new).map(|()| number),
            None => Err(new),
        }
    }
}

/// In which chunk it is, and where there.
#[inline]
fn place(number: u32) -> (usize, usize) {
    let number = u64::from(number) + u64::from(FIRST);
    let chunk = number.ilog2() - FIRST.ilog2();
    (chunk as usize, (number - (u64::from(FIRST) << chunk)) as usize)
}

impl<T> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("numbers", &self.numbers).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::thread;

    #[test]
    fn what_several_threads_add_is_each_at_a_number_of_its_own() {
        let kept = &Kept::new();
        let add =
            |from: u32| Vec::from_iter((from..from + 1_000).map(|n| (kept.add(n).unwrap(), n)));
        let added: Vec<(u32, u32)> = thread::scope(|scope| {
            let threads = [0, 1_000, 2_000].map(|from| scope.spawn(move || add(from)));
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert!(added.iter().all(|(number, n)| kept.get(*number) == Some(n)));
        let numbers: BTreeSet<u32> = added.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, BTreeSet::from_iter(0..3_000));
        assert_eq!(kept.get(3_000), None);
    }

    #[test]
    fn what_there_is_no_room_for_is_handed_back() {
        let kept = Kept::new();
        let all = (FIRST << CHUNKS) - FIRST;
        kept.numbers.store(all, Ordering::Relaxed);
        assert_eq!([kept.add("a"), kept.add("b")], [Err("a"), Err("b")]);
        assert_eq!((kept.get(all), kept.get(u32::MAX)), (None, None));
    }
}
