//! File systems by `/proc/mounts` and `statvfs`, what disks do by `/proc/diskstats`.

use crate::builtin::facts::{DiskWork, Mount, Space};
use procfs::MountEntry;
use rustix::fs::statvfs;
use std::path::Path;
use std::time::Duration;

/// What `/proc/diskstats` counts in, whatever the disk has.
const SECTOR: u64 = 512;

/// File systems in which nobody looks for space.
const UNUSUAL: [&str; 27] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "fuse.lxcfs",
    "fuse.portal",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "proc",
    "pstore",
    "ramfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tmpfs",
    "tracefs",
];

pub(crate) fn mounts() -> Vec<Mount> {
    procfs::mounts().unwrap_or_default().into_iter().map(mount).collect()
}

fn mount(entry: MountEntry) -> Mount {
    // The reader leaves this one as it is written.
    let spaces = |text: String| text.replace("\\040", " ");
    let (point, kind) = (spaces(entry.fs_file), entry.fs_vfstype.as_str());
    // In a container the root is one.
    let is_layer = kind == "overlay" && point != "/";
    let is_loop = entry.fs_spec.starts_with("/dev/loop");
    let is_usual = !UNUSUAL.contains(&kind) && !is_layer && !is_loop;
    let device = spaces(entry.fs_spec);
    let has_device = device.contains('/');
    let device = device.strip_prefix("/dev/").unwrap_or(&device).to_owned();
    Mount { point, device, has_device, is_usual }
}

/// Those of the file systems at these places; it waits for as long as one of them does.
pub(crate) fn spaces(mounts: &[Mount]) -> Vec<Option<Space>> {
    mounts.iter().map(|mount| space(&mount.point)).collect()
}

fn space(point: &str) -> Option<Space> {
    let stat = statvfs(point).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
    (stat.f_blocks > 0).then(|| Space {
        total: bytes(stat.f_blocks),
        used: bytes(stat.f_blocks.saturating_sub(stat.f_bfree)),
        free: bytes(stat.f_bavail),
    })
}

pub(crate) fn disk_work() -> Vec<DiskWork> {
    let stats = procfs::diskstats().unwrap_or_default().into_iter();
    stats
        .map(|stat| DiskWork {
            is_usual: is_whole(&stat.name) && !is_made_up(&stat.name),
            device: stat.name,
            read_bytes: stat.sectors_read.saturating_mul(SECTOR),
            written_bytes: stat.sectors_written.saturating_mul(SECTOR),
            reads: stat.reads,
            writes: stat.writes,
            busy: Duration::from_millis(stat.time_in_progress),
        })
        .collect()
}

/// Whether it is a disk, and no part of one, whose work would be counted once more.
fn is_whole(device: &str) -> bool {
    Path::new("/sys/block").join(device.replace('/', "!")).exists()
}

fn is_made_up(device: &str) -> bool {
    ["loop", "ram", "zram", "fd", "sr"].iter().any(|kind| {
        device
            .strip_prefix(kind)
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use procfs::prelude::*;
    use std::io::Cursor;

    const MOUNTS: &str = "proc /proc proc rw 0 0\n/dev/vda / ext4 rw 0 0\noverlay /var/lib/docker/m overlay rw 0 0\n\
        /dev/loop3 /snap/core squashfs ro 0 0\n/dev/loop4 /mnt/image ext4 ro 0 0\n/dev/vdb /mnt/a\\040b ext4 rw 0 0\n";

    #[test]
    fn only_what_has_space_of_its_own_is_usual() {
        let entries = Vec::<MountEntry>::from_buf_read(Cursor::new(MOUNTS)).unwrap();
        let mounts: Vec<Mount> = entries.into_iter().map(mount).collect();
        let usual: Vec<&str> =
            mounts.iter().filter(|mount| mount.is_usual).map(|mount| &*mount.point).collect();
        assert_eq!(usual, ["/", "/mnt/a b"]);
        let root_of_a_container = "overlay / overlay rw 0 0\n";
        let entries = Vec::<MountEntry>::from_buf_read(Cursor::new(root_of_a_container)).unwrap();
        assert!(entries.into_iter().map(mount).all(|mount| mount.is_usual));
    }

    #[test]
    fn what_is_made_up_is_no_disk() {
        for device in ["loop0", "ram15", "zram0", "fd0", "sr0"] {
            assert!(is_made_up(device), "{device}");
        }
        for device in ["vda", "sda", "nvme0n1", "dm-0", "looper", "md127"] {
            assert!(!is_made_up(device), "{device}");
        }
    }
}
