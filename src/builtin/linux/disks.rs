//! File systems by `/proc/self/mountinfo` and `statvfs`, what disks do by `/proc/diskstats`.

use crate::builtin::facts::{DiskWork, Listed, Mount, Space};
use rustix::fs::{AtFlags, Mode, OFlags, StatxFlags, fstatvfs, open, statx};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
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

/// Names are bytes there, and what is not text is no reason to leave the others out.
pub(crate) fn mounts() -> Option<Listed<Mount>> {
    Some(listed(&fs::read("/proc/self/mountinfo").ok()?))
}

fn listed(text: &[u8]) -> Listed<Mount> {
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let mounts: Vec<Option<Mount>> = lines.map(mount).collect();
    let unreadable = mounts.iter().filter(|mount| mount.is_none()).count();
    Listed { all: mounts.into_iter().flatten().collect(), unreadable }
}

/// Of a line: its number, its parent's, the device's, the root, the place, options …, a dash, the kind, the device, options.
fn mount(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|&byte| byte == b' ');
    let id = std::str::from_utf8(fields.next()?).ok()?.parse().ok();
    let place = OsString::from_vec(unescaped(fields.nth(3)?)).into();
    let mut rest = fields.skip_while(|field| *field != b"-").skip(1);
    let text = |field: &[u8]| String::from_utf8_lossy(&unescaped(field)).into_owned();
    let (kind, device) = (text(rest.next()?), text(rest.next()?));
    // In a container the root is one.
    let is_layer = kind == "overlay" && place != Path::new("/");
    let is_loop = device.starts_with("/dev/loop");
    Some(Mount {
        place,
        id,
        is_usual: !UNUSUAL.contains(&&*kind) && !is_layer && !is_loop,
        has_device: device.contains('/'),
        device: device.strip_prefix("/dev/").unwrap_or(&device).to_owned(),
    })
}

/// The kernel writes a blank as `\040`, and so other bytes that would end a field.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), field);
    while let Some((&byte, after)) = rest.split_first() {
        let octal = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok().filter(|_| byte == b'\\')?;
            u8::from_str_radix(digits, 8).ok()
        };
        let escaped = after.get(..3).and_then(octal);
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[3..] } else { after };
    }
    bytes
}

/// Those of these file systems; it waits for as long as one of them does.
pub(crate) fn spaces(mounts: &[Mount]) -> Vec<Option<Space>> {
    mounts.iter().map(space).collect()
}

/// It is none if another file system lies on top of it, or has taken its place.
fn space(mount: &Mount) -> Option<Space> {
    let place = open(&mount.place, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let there = statx(&place, "", AtFlags::EMPTY_PATH, StatxFlags::MNT_ID).ok();
    // Before Linux 5.8 it is not told.
    let there = there.filter(|there| StatxFlags::MNT_ID.bits() & there.stx_mask != 0);
    if there.is_some_and(|there| mount.id.is_some_and(|id| id != there.stx_mnt_id)) {
        return None;
    }
    let stat = fstatvfs(&place).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
    (stat.f_blocks > 0).then(|| Space {
        total: bytes(stat.f_blocks),
        used: bytes(stat.f_blocks.saturating_sub(stat.f_bfree)),
        free: bytes(stat.f_bavail),
    })
}

pub(crate) fn disk_work() -> Option<Vec<DiskWork>> {
    let stats = procfs::diskstats().ok()?.into_iter();
    let work = stats.map(|stat| DiskWork {
        is_usual: is_whole(&stat.name) && !is_made_up(&stat.name),
        device: stat.name,
        read_bytes: stat.sectors_read.saturating_mul(SECTOR),
        written_bytes: stat.sectors_written.saturating_mul(SECTOR),
        reads: stat.reads,
        writes: stat.writes,
        busy: Duration::from_millis(stat.time_in_progress),
    });
    Some(work.collect())
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

    fn places(text: &[u8], is_wanted: fn(&Mount) -> bool) -> Vec<String> {
        let mounts = listed(text).all.into_iter().filter(is_wanted);
        mounts.map(|mount| mount.point().into_owned()).collect()
    }

    const MOUNTS: &[u8] = b"22 1 0:20 / /proc rw - proc proc rw\n\
        23 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n\
        24 23 0:30 / /var/lib/docker/m rw - overlay overlay rw\n\
        25 23 7:3 / /snap/core ro - squashfs /dev/loop3 ro\n\
        26 23 7:4 / /mnt/image ro - ext4 /dev/loop4 ro\n\
        27 23 254:16 / /mnt/a\\040b rw - ext4 /dev/vdb rw\n\
        28 23 254:17 / /mnt/lit\\134040x rw - ext4 /dev/vdb1 rw\n\
        29 23 254:32 / /mnt/caf\xe9 rw - ext4 /dev/vdc rw\n";

    #[test]
    fn only_what_has_space_of_its_own_is_usual_and_names_are_bytes() {
        let usual = places(MOUNTS, |mount| mount.is_usual);
        assert_eq!(usual, ["/", "/mnt/a b", "/mnt/lit\\040x", "/mnt/caf\u{fffd}"]);
        let root_of_a_container = b"1 0 0:30 / / rw - overlay overlay rw\n";
        assert_eq!(places(root_of_a_container, |mount| mount.is_usual), ["/"]);
        let root = listed(MOUNTS).all.remove(1);
        assert_eq!((root.id, &*root.device, root.has_device), (Some(23), "vda", true));
    }

    #[test]
    fn a_line_that_is_none_is_counted_and_costs_no_other() {
        let listed = listed(b"nonsense\n22 1 0:20 / /x rw - ext4 /dev/vdx rw\n\xff\n");
        assert_eq!((listed.all.len(), listed.unreadable), (1, 2));
    }

    #[test]
    fn a_file_system_under_another_one_has_no_space_to_show() {
        let root = mounts().unwrap().all.into_iter().rfind(|mount| mount.place == Path::new("/"));
        let Some(root) = root else { return };
        assert!(space(&root).is_some());
        assert_eq!(space(&Mount { id: Some(u64::MAX), ..root }), None);
    }

    #[test]
    fn what_is_made_up_is_no_disk() {
        for device in ["loop0", "ram15", "zram0", "fd0", "sr0"] {
            assert!(is_made_up(device), "{device}");
        }
        for device in ["vda", "sda", "nvme0n1", "dm-0", "looper", "md127"] {
            assert!(!is_made_up(device), "{device}");
        }
        assert!(!is_whole("a part"));
    }
}
