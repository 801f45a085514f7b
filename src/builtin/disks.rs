//! The space of file systems, and what disks do.

use super::chosen::Chosen;
use super::facts::{DiskWork, Mount, Space, mib, percent};
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;
use std::collections::BTreeSet;

pub(super) struct Disks;

impl Subject for Disks {
    fn read(&mut self, _: Moment, chosen: &Chosen, readings: &mut Readings) {
        // First what never waits: a file system that does not answer holds up what comes after it.
        let works = system::disk_work().into_iter();
        let works = works.filter(|work| chosen.has(&[&work.device], work.is_usual)).collect();
        let (works, more_works) = chosen.bounded(works);
        works.iter().for_each(|work| give_work(work, readings));

        let (mounts, more_mounts) = chosen.bounded(wanted(system::mounts(), chosen));
        for mount in &mounts {
            if let Some(space) = system::space(&mount.point) {
                give_space(mount, space, readings);
            }
        }
        readings.level("left_out", (more_works + more_mounts) as f64);
    }
}

/// A file system that can be found at several places is taken at the shortest one.
fn wanted(mut mounts: Vec<Mount>, chosen: &Chosen) -> Vec<Mount> {
    mounts.retain(|mount| chosen.has(&[&mount.point, &mount.device], mount.is_usual));
    mounts.sort_by_cached_key(|mount| (mount.point.len(), mount.point.clone()));
    let (mut points, mut devices) = (BTreeSet::new(), BTreeSet::new());
    mounts.retain(|mount| {
        let is_of_a_disk = mount.device.starts_with('/');
        points.insert(mount.point.clone())
            && (!is_of_a_disk || devices.insert(mount.device.clone()))
    });
    mounts
}

fn give_space(mount: &Mount, space: Space, readings: &mut Readings) {
    let Space { total, used, free } = space;
    // As `df` has it: of what everyone can use.
    let usable = used.saturating_add(free);
    readings
        .of(&[("mount", &mount.point), ("device", &mount.device)])
        .bytes("total", total)
        .bytes("used", used)
        .bytes("free", free)
        .level("usage", mib(used))
        .level("percent", percent(used, usable));
}

fn give_work(work: &DiskWork, readings: &mut Readings) {
    let busy = work.busy.and_then(|busy| u64::try_from(busy.as_nanos()).ok());
    readings
        .of(&[("device", &work.device)])
        .total("read.bytes", work.read_bytes)
        .total("written.bytes", work.written_bytes)
        .total("reads", work.reads)
        .total("writes", work.writes)
        .total("busy", busy);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(point: &str, device: &str, is_usual: bool) -> Mount {
        Mount { point: point.to_owned(), device: device.to_owned(), is_usual }
    }

    #[test]
    fn a_file_system_is_taken_once_where_its_path_is_shortest() {
        let mounts = vec![
            mount("/var/lib/docker/x", "/dev/vda", true),
            mount("/", "/dev/vda", true),
            mount("/dev/shm", "tmpfs", false),
            mount("/data", "server:/data", true),
            mount("/data", "server:/data", true),
            mount("/more", "server:/data", true),
        ];
        let points = |chosen: &Chosen| -> Vec<String> {
            wanted(mounts.clone(), chosen).into_iter().map(|mount| mount.point).collect()
        };
        assert_eq!(points(&Chosen::default()), ["/", "/data", "/more"]);
        let include =
            |pattern: &str| Chosen { included: vec![pattern.to_owned()], ..Chosen::default() };
        assert_eq!(points(&include("/dev/shm")), ["/dev/shm"]);
        assert_eq!(points(&include("server:*")), ["/data", "/more"]);
    }
}
