//! What the tests share: all sources, each read whenever it is asked.

use flowmeter::builtin::{self, HostSource};
use flowmeter::{Clock, Registry, Snapshot, SourceGuards};
use std::process::Command;
use std::time::Duration;
use std::{env, hint};

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

/// Whether the test of this name is alone in its process. If it is not, it is run so, and has to pass there: other tests
/// take memory, time and descriptors too.
pub(crate) fn is_alone(test: &str) -> bool {
    if env::var_os("ALONE").is_some() {
        return true;
    }
    let mut alone = Command::new(env::current_exe().unwrap());
    let alone = alone.args(["--exact", test, "--nocapture"]).env("ALONE", "1").output().unwrap();
    let (said, why) =
        (String::from_utf8_lossy(&alone.stdout), String::from_utf8_lossy(&alone.stderr));
    assert!(alone.status.success() && said.contains("1 passed"), "{said}{why}");
    print!("{said}");
    false
}
