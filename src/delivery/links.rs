//! `Links`: all reporters of a registry, as it and their guards know them.

use super::link::Link;
use parking_lot::Mutex;
use std::sync::Arc;

/// The links of the attached reporters, in the order in which they were attached. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    links: Arc<Mutex<Vec<Arc<Link>>>>,
}

impl Links {
    /// Adds what `make` makes for the name, or for the first of its numbers that is free.
    pub(super) fn add(&self, name: String, make: impl FnOnce(String) -> Link) -> Arc<Link> {
        let mut links = self.links.lock();
        links.retain(|link| !link.is_over());
        let numbered = (2_u64..).map(|number| format!("{name}-{number}"));
        let mut free = std::iter::once(name.clone()).chain(numbered);
        let is_free = |name: &String| links.iter().all(|link| link.name != *name);
        // Cannot fail: there are more numbers than reporters.
        let link = Arc::new(make(free.find(is_free).expect("a number is free")));
        links.push(Arc::clone(&link));
        link
    }

    /// Takes one out that has ended. One that was left behind stays, for as long as it hangs.
    pub(super) fn forget(&self, ended: &Arc<Link>) {
        if !ended.was_left() {
            self.links.lock().retain(|link| !Arc::ptr_eq(link, ended));
        }
    }

    /// Those that are there, but for those that were left behind and have ended since.
    pub(super) fn all(&self) -> Vec<Arc<Link>> {
        let mut links = self.links.lock();
        links.retain(|link| !link.is_over());
        links.clone()
    }
}
