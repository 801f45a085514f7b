//! What other systems tell, by `sysinfo`.

use super::between::Between;
use super::facts::{
    CpuUsage, DiskWork, Interface, MemoryFacts, Mount, ProcessFacts, Space, SwapFacts, Traffic,
};
use crate::clock::Moment;
use std::time::Duration;
use sysinfo::{Disk, Disks, Networks, ProcessRefreshKind, ProcessesToUpdate, System};

pub(super) struct CpuTimes {
    system: System,
    between: Between<(), CpuUsage>,
}

impl CpuTimes {
    pub(super) fn new() -> CpuTimes {
        let mut system = System::new();
        system.refresh_cpu_usage();
        CpuTimes { system, between: Between::new() }
    }

    pub(super) fn usage(&mut self, now: Moment) -> Option<CpuUsage> {
        let system = &mut self.system;
        self.between.next(now, (), |(), (), _| {
            system.refresh_cpu_usage();
            let usage = Some(f64::from(system.global_cpu_usage()));
            Some(CpuUsage { usage, ..CpuUsage::default() })
        })
    }
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
        free: Some(system.free_memory()),
        ..MemoryFacts::default()
    };
    (facts.total > 0).then_some(facts)
}

pub(super) fn swap() -> Option<SwapFacts> {
    let system = memory_of_system();
    let (total, free) = (system.total_swap(), system.free_swap());
    Some(SwapFacts { total, free, moved_in: None, moved_out: None })
}

fn point(disk: &Disk) -> String {
    disk.mount_point().to_string_lossy().into_owned()
}

pub(super) fn mounts() -> Vec<Mount> {
    let disks = Disks::new_with_refreshed_list();
    let device = |disk: &Disk| disk.name().to_string_lossy().into_owned();
    disks
        .iter()
        .map(|disk| Mount { point: point(disk), device: device(disk), is_usual: true })
        .collect()
}

pub(super) fn space(of: &str) -> Option<Space> {
    let disks = Disks::new_with_refreshed_list();
    let disk = disks.iter().find(|disk| point(disk) == of)?;
    let (total, free) = (disk.total_space(), disk.available_space());
    (total > 0).then(|| Space { total, used: total.saturating_sub(free), free })
}

pub(super) fn disk_work() -> Vec<DiskWork> {
    let disks = Disks::new_with_refreshed_list();
    let work = disks.iter().map(|disk| {
        let usage = disk.usage();
        DiskWork {
            device: disk.name().to_string_lossy().into_owned(),
            is_usual: true,
            read_bytes: usage.total_read_bytes,
            written_bytes: usage.total_written_bytes,
            reads: None,
            writes: None,
            busy: None,
        }
    });
    // A disk with several file systems is there several times.
    let mut work: Vec<_> = work.collect();
    work.sort_by(|a, b| a.device.cmp(&b.device));
    work.dedup_by(|a, b| a.device == b.device);
    work
}

pub(super) fn interfaces() -> Vec<Interface> {
    let networks = Networks::new_with_refreshed_list();
    let traffic = |bytes, packets, errors| Traffic { bytes, packets, errors, dropped: None };
    networks
        .iter()
        .map(|(name, data)| Interface {
            name: name.clone(),
            is_usual: !name.starts_with("lo"),
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
        })
        .collect()
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
