//! The guard of a callback, a source or a health check, and of several sources.

use super::store::Store;
use crate::metric::Key;
use crate::sampler::CallId;
use std::fmt;
use std::sync::Weak;

/// Keeps a callback, a source or a health check registered: dropped, it takes it out.
///
/// A call that runs just then goes on to its end, unheard; otherwise what was registered is dropped at
/// once. The guard does not keep the registry alive.
#[must_use = "dropped, it takes out at once what was registered; `keep` leaves it there"]
pub struct SourceGuard {
    // `None`: of a disabled registry, or to be kept.
    of: Option<(Weak<Store>, CallId, Key)>,
}

impl SourceGuard {
    pub(super) fn new(store: Weak<Store>, id: CallId, key: Key) -> SourceGuard {
        SourceGuard { of: Some((store, id, key)) }
    }

    /// The guard of nothing.
    pub(super) fn disabled() -> SourceGuard {
        SourceGuard { of: None }
    }

    /// Leaves what was registered in the registry, for as long as that lives.
    pub fn keep(mut self) {
        self.of = None;
    }
}

/// The guards of several sources.
#[derive(Debug)]
#[must_use = "dropped, it takes out at once what was registered; `keep` leaves it there"]
pub struct SourceGuards {
    all: Vec<SourceGuard>,
}

impl SourceGuards {
    /// Leaves all of them in the registry, for as long as that lives.
    pub fn keep(self) {
        self.all.into_iter().for_each(SourceGuard::keep);
    }
}

impl FromIterator<SourceGuard> for SourceGuards {
    fn from_iter<I: IntoIterator<Item = SourceGuard>>(guards: I) -> SourceGuards {
        SourceGuards { all: guards.into_iter().collect() }
    }
}

impl Drop for SourceGuard {
    fn drop(&mut self) {
        if let Some((store, id, key)) = self.of.take()
            && let Some(store) = store.upgrade()
        {
            store.remove_call(id, &key);
        }
    }
}

impl fmt::Debug for SourceGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.of.as_ref().map(|(_, _, key)| key.to_string());
        f.debug_struct("SourceGuard").field("of", &key).finish()
    }
}
