//! Host gauges: the machine beside the job, each subject a [`Source`](crate::Source).
//!
//! One line adds all of them, for as long as what it returns is held:
//!
//! ```
//! # use flowmeter::{Registry, builtin};
//! # let registry = Registry::new();
//! let _host = registry.sources(builtin::all())?;
//!
//! let snapshot = registry.collect();
//! assert!(snapshot.gauge("mem.used").is_some());
//! # Ok::<(), flowmeter::MetricError>(())
//! ```
//!
//! Or only some, each with what it is told:
//!
//! ```
//! # use flowmeter::{Registry, builtin};
//! # use std::time::Duration;
//! # let registry = Registry::new();
//! let _disk = registry.source("disk", builtin::disks().exclude("/mnt/*"))?;
//! let _cpu = registry.source("cpu", builtin::cpu().every(Duration::from_secs(5)))?;
//! # Ok::<(), flowmeter::MetricError>(())
//! ```
//!
//! `docs/host.md` has every name, with its unit, its kind, and where it comes from. What a system does not tell is
//! absent, never zero; percentages are from 0 to 100, sizes in bytes unless the name is `usage`; whatever only grows is a
//! counter. File systems have the label `mount`, disks `device`, interfaces `interface`.

mod between;
mod cgroup;
mod chosen;
mod cpu;
mod disks;
mod facts;
mod host_source;
mod memory;
mod networks;
mod process;
mod readings;

#[cfg(target_os = "linux")]
mod linux;
// Tested where the tests run, beside what is used there.
#[cfg(any(test, not(target_os = "linux")))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(test)]
mod tests;

pub use host_source::HostSource;

use std::time::Duration;

/// What costs little is read whenever it is asked for, but for those who ask all the time.
const SOON: Duration = Duration::from_millis(200);

/// How busy the processors are, and the load: as `cpu`. Usage is that between two readings: the
/// first one has none.
pub fn cpu() -> HostSource {
    HostSource::new(cpu::Cpu::new(), SOON)
}

/// The memory of the machine: as `mem`.
pub fn memory() -> HostSource {
    HostSource::new(memory::Memory, SOON)
}

/// Its swap: as `swap`.
pub fn swap() -> HostSource {
    HostSource::new(memory::Swap, SOON)
}

/// The space of file systems, and what disks read and write: as `disk`. A file system that does not answer, as one of a
/// network may, holds up this source alone.
pub fn disks() -> HostSource {
    HostSource::new(disks::Disks, SOON * 5)
}

/// What goes through network interfaces: as `net`.
pub fn networks() -> HostSource {
    HostSource::new(networks::Networks, SOON)
}

/// This process: as `process`.
pub fn process() -> HostSource {
    HostSource::new(process::Process::new(), SOON)
}

/// The limits of the container that this process is in, and how much of them is used: as `cgroup`. It gives only
/// those that there are, of version 2; elsewhere than on Linux there is none.
pub fn cgroup() -> HostSource {
    HostSource::new(cgroup::Cgroup::new(), SOON)
}

/// All of them, each with the name that its documentation gives it.
pub fn all() -> Vec<(&'static str, HostSource)> {
    vec![
        ("cpu", cpu()),
        ("mem", memory()),
        ("swap", swap()),
        ("disk", disks()),
        ("net", networks()),
        ("process", process()),
        ("cgroup", cgroup()),
    ]
}
