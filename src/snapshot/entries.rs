//! The series of one kind by number, kept so that a copy of them all is cheap.

use crate::metric::Key;
use std::sync::Arc;

/// A series, but for its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// The number of its registration.
    pub(crate) registration: u64,
}

/// How many of them are copied at once.
const CHUNK: usize = 64;

/// Series by number. A copy shares them; what changes later in one of the two, is copied then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries {
    chunks: Vec<Arc<Vec<Option<Entry>>>>,
}

impl Entries {
    #[inline]
    pub(crate) fn get(&self, at: u32) -> Option<&Entry> {
        let at = at as usize;
        self.chunks.get(at / CHUNK)?.get(at % CHUNK)?.as_ref()
    }

    /// The number after all that are in use.
    pub(crate) fn len(&self) -> usize {
        let before = self.chunks.len().saturating_sub(1) * CHUNK;
        before + self.chunks.last().map_or(0, |last| last.len())
    }

    /// Puts a series where there is none: at a number that was used before, or at the next one.
    pub(crate) fn put(&mut self, at: u32, entry: Entry) {
        let (chunk, at) = (at as usize / CHUNK, at as usize % CHUNK);
        if chunk == self.chunks.len() {
            self.chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        let chunk = Arc::make_mut(&mut self.chunks[chunk]);
        match chunk.get_mut(at) {
            Some(free) => *free = Some(entry),
            None => chunk.push(Some(entry)),
        }
    }

    pub(crate) fn remove(&mut self, at: u32) {
        let (chunk, at) = (at as usize / CHUNK, at as usize % CHUNK);
        if let Some(gone) = self.chunks.get_mut(chunk).and_then(|c| Arc::make_mut(c).get_mut(at)) {
            *gone = None;
        }
    }

    /// Forgets the numbers from `len` on, where there are no series.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.chunks.truncate(len.div_ceil(CHUNK));
        if let Some(last) = self.chunks.get_mut(len / CHUNK).filter(|last| last.len() > len % CHUNK)
        {
            Arc::make_mut(last).truncate(len % CHUNK);
        }
        if self.chunks.len() < self.chunks.capacity() / 4 {
            self.chunks.shrink_to(self.chunks.len() * 2);
        }
    }

    /// Every series with its number.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &Entry)> {
        let entries = self.chunks.iter().flat_map(|chunk| chunk.iter());
        (0..).zip(entries).filter_map(|(at, entry)| Some((at, entry.as_ref()?)))
    }
}
