//! What the tests share: all sources, each read whenever it is asked.

use flowmeter::builtin::{self, HostSource};
use flowmeter::{Clock, Registry, Snapshot, SourceGuards};
use std::hint;
use std::time::Duration;

/// A registry with these, each read at each collection.
pub(crate) fn registry(sources: Vec<(&'static str, HostSource)>) -> (Registry, SourceGuards) {
    let registry = Registry::builder().source_wait(Duration::from_secs(60)).build();
    let at_once = |(name, source): (_, HostSource)| (name, source.every(Duration::ZERO));
    let guards = registry.sources(sources.into_iter().map(at_once)).unwrap();
    (registry, guards)
}

pub(crate) fn all() -> (Registry, SourceGuards) {
    registry(builtin::all())
}

/// Keeps this thread's processor busy for so long, as something does that has work.
pub(crate) fn work(time: Duration) {
    let clock = Clock::system();
    let until = clock.now() + time;
    while clock.now() < until {
        hint::spin_loop();
    }
}

/// The gauge of this name, which has to be there.
pub(crate) fn gauge(snapshot: &Snapshot, name: &str) -> f64 {
    snapshot.gauge(name).unwrap_or_else(|| panic!("there is no {name}"))
}
