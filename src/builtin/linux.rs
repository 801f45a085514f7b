//! What Linux tells, in `/proc` and `/sys`.

mod cgroup;
mod cpu;
mod disks;
mod memory;
mod networks;
mod process;

pub(super) use cgroup::Group;
pub(super) use cpu::{CpuTimes, load, processors};
pub(super) use disks::{disk_work, mounts, spaces};
pub(super) use memory::{memory, swap};
pub(super) use networks::interfaces;
pub(super) use process::this_process;
