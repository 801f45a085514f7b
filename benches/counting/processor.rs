//! How long a thread has waited for a processor, where the system says so.

use std::fs;
use std::time::Duration;

/// For how long in all the calling thread could have run, but had no processor. `None` where that can't be known.
pub(crate) fn waited() -> Option<Duration> {
    // How long it ran stands there too, but only as of the last tick of the system's clock.
    let said = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    said.split_whitespace().nth(1)?.parse().ok().map(Duration::from_nanos)
}
