//! What other systems tell, by `sysinfo`.

use super::between::Between;
use super::facts::{
    CpuUsage, DiskWork, Interface, Limits, Listed, MemoryFacts, Mount, ProcessFacts, Space,
    SwapFacts, Traffic,
};
use crate::clock::Moment;
use std::time::Duration;
use sysinfo::{
    CpuRefreshKind, Disk, DiskRefreshKind, Disks, Networks, ProcessRefreshKind, ProcessesToUpdate,
    System,
};

pub(super) struct CpuTimes {
    system: System,
    between: Between<(), CpuUsage>,
}

impl CpuTimes {
    pub(super) fn new() -> CpuTimes {
        CpuTimes { system: System::new(), between: Between::new() }
    }

    pub(super) fn usage(&mut self, now: Moment) -> Option<CpuUsage> {
        if self.between.is_new() {
            self.system.refresh_cpu_usage();
        }
        let system = &mut self.system;
        self.between.next(now, (), |(), (), _| {
            system.refresh_cpu_usage();
            let usage = Some(f64::from(system.global_cpu_usage()).clamp(0.0, 100.0));
            Some(CpuUsage { usage, ..CpuUsage::default() })
        })
    }
}

/// How many processors there are.
pub(super) fn processors() -> Option<usize> {
    let mut system = System::new();
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    Some(system.cpus().len()).filter(|count| *count > 0)
}

/// Windows has none.
pub(super) fn load() -> Option<[f64; 3]> {
    let load = System::load_average();
    (!cfg!(windows)).then_some([load.one, load.five, load.fifteen])
}

fn memory_of_system() -> System {
    let mut system = System::new();
    system.refresh_memory();
    system
}

pub(super) fn memory() -> Option<MemoryFacts> {
    let system = memory_of_system();
    let facts = MemoryFacts {
        total: system.total_memory(),
        available: Some(system.available_memory()),
        // On Windows it would be what is available.
        free: (!cfg!(windows)).then(|| system.free_memory()),
        ..MemoryFacts::default()
    };
    (facts.total > 0).then_some(facts)
}

pub(super) fn swap() -> Option<SwapFacts> {
    let system = memory_of_system();
    let (total, free) = (system.total_swap(), system.free_swap());
    Some(SwapFacts { total, free, moved_in: None, moved_out: None })
}

pub(super) fn mounts() -> Option<Listed<Mount>> {
    let disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing());
    // The name of a disk is a label, which several can have.
    let mount = |disk: &Disk| {
        let device = disk.name().to_string_lossy().into_owned();
        let place = disk.mount_point().to_owned();
        Mount { place, id: None, device, has_device: false, is_usual: true }
    };
    Some(Listed { all: disks.iter().map(mount).collect(), unreadable: 0 })
}

pub(super) fn spaces(mounts: &[Mount]) -> Vec<Option<Space>> {
    let what = DiskRefreshKind::nothing().with_storage();
    let disks = Disks::new_with_refreshed_list_specifics(what);
    let of =
        |mount: &Mount| disks.iter().find(|disk| disk.mount_point() == mount.place).and_then(space);
    mounts.iter().map(of).collect()
}

fn space(disk: &Disk) -> Option<Space> {
    let (total, free) = (disk.total_space(), disk.available_space());
    (total > 0).then(|| Space { total, used: total.saturating_sub(free), free })
}

/// `sysinfo` tells it by file systems, of which several can be on a disk.
pub(super) fn disk_work() -> Option<Vec<DiskWork>> {
    None
}

pub(super) fn interfaces() -> Option<Listed<Interface>> {
    let networks = Networks::new_with_refreshed_list();
    let traffic = |bytes, packets, errors| Traffic { bytes, packets, errors, dropped: None };
    let interfaces = networks.iter().map(|(name, data)| Interface {
        name: name.clone(),
        received: traffic(
            data.total_received(),
            data.total_packets_received(),
            data.total_errors_on_received(),
        ),
        sent: traffic(
            data.total_transmitted(),
            data.total_packets_transmitted(),
            data.total_errors_on_transmitted(),
        ),
    });
    Some(Listed { all: interfaces.collect(), unreadable: 0 })
}

pub(super) fn this_process() -> Option<ProcessFacts> {
    let (pid, mut system) = (sysinfo::get_current_pid().ok()?, System::new());
    let what = ProcessRefreshKind::nothing().with_memory().with_cpu().with_disk_usage();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
    let process = system.process(pid)?;
    let disk = process.disk_usage();
    Some(ProcessFacts {
        resident: process.memory(),
        reserved: process.virtual_memory(),
        cpu: Some(Duration::from_millis(process.accumulated_cpu_time())),
        threads: None,
        descriptors: None,
        read_bytes: Some(disk.total_read_bytes),
        written_bytes: Some(disk.total_written_bytes),
    })
}

/// There is none.
pub(super) struct Group;

impl Group {
    pub(super) fn new() -> Group {
        Group
    }

    pub(super) fn limits(&self) -> Limits {
        Limits::default()
    }
}
