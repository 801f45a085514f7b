//! The space of file systems, and what disks do.

use super::chosen::Chosen;
use super::facts::{DiskWork, Listed, Mount, Space, mib, nanos, percent};
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;
use std::collections::BTreeSet;

pub(super) struct Disks;

impl Subject for Disks {
    fn read(&mut self, _: Moment, chosen: &Chosen, readings: &mut Readings) {
        let is_wanted = |DiskWork { device, is_usual, .. }: &DiskWork| {
            chosen.has(&[device, &format!("/dev/{device}")], *is_usual)
        };
        let works = system::disk_work().unwrap_or_default().into_iter().filter(is_wanted);
        let (works, more_works) = chosen.bounded(works.collect());
        works.iter().for_each(|work| give_work(work, readings));

        let Some(Listed { all, unreadable }) = system::mounts() else { return };
        let (mounts, more_mounts) = chosen.bounded(wanted(all, chosen));
        readings.of(&[]).gauge("left_out", (more_works + more_mounts + unreadable) as f64);
        for (mount, space) in mounts.iter().zip(system::spaces(&mounts)) {
            space.inspect(|space| give_space(mount, *space, readings));
        }
    }
}

/// A file system that can be found at several places is taken at the shortest one; of several at one place the last
/// one, which is on top.
fn wanted(mut mounts: Vec<Mount>, chosen: &Chosen) -> Vec<Mount> {
    mounts.reverse();
    let mut places = BTreeSet::new();
    mounts.retain(|mount| places.insert(mount.place.clone()));
    mounts.retain(|mount| {
        let device = &mount.device;
        chosen.has(&[&mount.point(), device, &format!("/dev/{device}")], mount.is_usual)
    });
    mounts.sort_by_cached_key(|mount| (mount.place.as_os_str().len(), mount.place.clone()));
    let mut devices = BTreeSet::new();
    // What is in memory has no device, but a word in its place.
    mounts.retain(|mount| !mount.has_device || devices.insert(mount.device.clone()));
    mounts
}

fn give_space(mount: &Mount, space: Space, readings: &mut Readings) {
    let Space { total, used, free } = space;
    // As `df` has it: of what everyone can use.
    let usable = used.saturating_add(free);
    readings
        .of(&[("mount", &mount.point())])
        .bytes("total", total)
        .bytes("used", used)
        .bytes("free", free)
        .gauge("usage", mib(used))
        .gauge("percent", percent(used, usable));
}

fn give_work(work: &DiskWork, readings: &mut Readings) {
    readings
        .of(&[("device", &work.device)])
        .counter("read.bytes", work.read_bytes)
        .counter("written.bytes", work.written_bytes)
        .counter("reads", work.reads)
        .counter("writes", work.writes)
        .counter("busy", nanos(work.busy));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(point: &str, device: &str, is_usual: bool) -> Mount {
        let (place, device) = (point.into(), device.to_owned());
        Mount { has_device: !device.contains("tmpfs"), id: None, place, device, is_usual }
    }

    #[test]
    fn a_file_system_is_taken_once_where_its_path_is_shortest() {
        let mounts = vec![
            mount("/", "rootfs", true),
            mount("/var/lib/docker/x", "vda", true),
            mount("/", "vda", true),
            mount("/dev/shm", "tmpfs", false),
            mount("/run", "tmpfs", false),
            mount("/data", "server:/data", true),
            mount("/more", "server:/data", true),
        ];
        let found = |chosen: &Chosen| -> Vec<(String, String)> {
            let wanted = wanted(mounts.clone(), chosen).into_iter();
            wanted.map(|mount| (mount.point().into_owned(), mount.device)).collect()
        };
        let pair = |point: &str, device: &str| (point.to_owned(), device.to_owned());
        assert_eq!(found(&Chosen::default()), [pair("/", "vda"), pair("/data", "server:/data")]);
        let include =
            |pattern: &str| Chosen { included: vec![pattern.to_owned()], ..Chosen::default() };
        assert_eq!(found(&include("tmpfs")), [pair("/run", "tmpfs"), pair("/dev/shm", "tmpfs")]);
        for of_vda in ["vda", "/dev/vd*", "/"] {
            assert_eq!(found(&include(of_vda)), [pair("/", "vda")], "{of_vda}");
        }
    }
}
