//! What systems tell of themselves, where what one of them does not tell is `None`; and shares of it.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

/// How busy the processors were since the reading before: each a percentage of all their time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct CpuUsage {
    pub(super) usage: Option<f64>,
    pub(super) user: Option<f64>,
    pub(super) system: Option<f64>,
    pub(super) iowait: Option<f64>,
    pub(super) steal: Option<f64>,
}

/// In bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MemoryFacts {
    pub(super) total: u64,
    pub(super) available: Option<u64>,
    pub(super) free: Option<u64>,
    pub(super) active: Option<u64>,
    pub(super) inactive: Option<u64>,
    pub(super) buffers: Option<u64>,
    pub(super) cached: Option<u64>,
    pub(super) shared: Option<u64>,
}

/// In bytes; the last two since the start of the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SwapFacts {
    pub(super) total: u64,
    pub(super) free: u64,
    pub(super) moved_in: Option<u64>,
    pub(super) moved_out: Option<u64>,
}

/// A file system where it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) place: PathBuf,
    /// The number that the system gave to it, so that what lies on top of it is not taken for it.
    pub(super) id: Option<u64>,
    /// Without `/dev/`.
    pub(super) device: String,
    /// Two of one device are the same file system.
    pub(super) has_device: bool,
    /// Whether most would want to know of it.
    pub(super) is_usual: bool,
}

impl Mount {
    pub(super) fn point(&self) -> Cow<'_, str> {
        self.place.to_string_lossy()
    }
}

/// The space of a file system, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Space {
    pub(super) total: u64,
    pub(super) used: u64,
    /// To everyone; some file systems keep a part for the administrator.
    pub(super) free: u64,
}

/// What a disk did since the start of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DiskWork {
    /// Without `/dev/`.
    pub(super) device: String,
    pub(super) is_usual: bool,
    pub(super) read_bytes: u64,
    pub(super) written_bytes: u64,
    pub(super) reads: u64,
    pub(super) writes: u64,
    pub(super) busy: Duration,
}

/// What a system lists, and how many more there are of which it can't be read what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed<T> {
    pub(super) all: Vec<T>,
    pub(super) unreadable: usize,
}

/// What went through a network interface since it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Interface {
    pub(super) name: String,
    pub(super) received: Traffic,
    pub(super) sent: Traffic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) bytes: u64,
    pub(super) packets: u64,
    pub(super) errors: u64,
    pub(super) dropped: Option<u64>,
}

/// Of this process; sizes in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ProcessFacts {
    pub(super) resident: u64,
    pub(super) reserved: u64,
    pub(super) cpu: Option<Duration>,
    pub(super) threads: Option<u64>,
    pub(super) descriptors: Option<u64>,
    pub(super) read_bytes: Option<u64>,
    pub(super) written_bytes: Option<u64>,
}

/// The limits of a container, and what is used of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Limits {
    pub(super) memory: Option<MemoryLimit>,
    pub(super) cpu: Option<CpuLimit>,
}

/// In bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoryLimit {
    pub(super) limit: u64,
    pub(super) used: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CpuLimit {
    /// So many processors, also parts of one.
    pub(super) processors: f64,
    pub(super) spent: Option<Duration>,
    pub(super) throttled: Option<Duration>,
}

/// A part of a whole, from 0 to 100; of nothing there is none.
pub(super) fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 100.0).min(100.0))
}

/// How much of the time of so many processors was spent, from 0 to 100.
pub(super) fn share(spent: Duration, passed: Duration, processors: f64) -> Option<f64> {
    let all = passed.as_secs_f64() * processors;
    (all > 0.0).then(|| (spent.as_secs_f64() / all * 100.0).min(100.0))
}

/// A size in MiB.
pub(super) fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// For 584 years.
pub(super) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
