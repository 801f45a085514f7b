//! The limits of a container: cgroup v2, in `/sys/fs/cgroup`.

use crate::builtin::facts::{CpuLimit, Limits, MemoryLimit};
use procfs::process::Process;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The group of this process, wherever that is moved to.
pub(crate) struct Group {
    root: PathBuf,
}

impl Group {
    pub(crate) fn new() -> Group {
        // Beside version 1 it is below.
        let roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(PathBuf::from);
        let has_groups = |root: &PathBuf| root.join("cgroup.controllers").exists();
        Group { root: roots.into_iter().find(has_groups).unwrap_or_default() }
    }

    /// The tightest limits, if there is such a hierarchy.
    pub(crate) fn limits(&self) -> Limits {
        if self.root.as_os_str().is_empty() {
            return Limits::default();
        }
        limits(&self.root, &own_path().unwrap_or_default())
    }
}

/// Those of a group and of all around it. Inside a container the group is often the root of what can be seen, whatever
/// the process says.
fn limits(root: &Path, path: &str) -> Limits {
    let own = root.join(path.trim_start_matches('/'));
    let folders = || own.ancestors().take_while(|folder| folder.starts_with(root));
    let memory = folders().filter_map(memory_limit);
    let cpu = folders().filter_map(cpu_limit);
    Limits {
        memory: memory.min_by_key(|memory| memory.limit),
        cpu: cpu.min_by(|a, b| a.processors.total_cmp(&b.processors)),
    }
}

/// Where this process is in the hierarchy of version 2, whose number is 0.
fn own_path() -> Option<String> {
    let groups = Process::myself().ok()?.cgroups().ok()?.0;
    groups.into_iter().find(|group| group.hierarchy == 0).map(|group| group.pathname)
}

fn text(folder: &Path, file: &str) -> Option<String> {
    fs::read_to_string(folder.join(file)).ok()
}

fn memory_limit(folder: &Path) -> Option<MemoryLimit> {
    let limit = number(&text(folder, "memory.max")?)?;
    Some(MemoryLimit { limit, used: text(folder, "memory.current").as_deref().and_then(number) })
}

fn cpu_limit(folder: &Path) -> Option<CpuLimit> {
    let processors = processors(&text(folder, "cpu.max")?)?;
    let times = text(folder, "cpu.stat").unwrap_or_default();
    let time = |name: &str| field(&times, name).map(Duration::from_micros);
    Some(CpuLimit { processors, spent: time("usage_usec"), throttled: time("throttled_usec") })
}

/// A number, unless it is `max`.
fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// How many processors `cpu.max` allows: so many microseconds in each period.
fn processors(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ')?;
    let (quota, period) = (number(quota)?, number(period)?);
    (quota > 0 && period > 0).then(|| quota as f64 / period as f64)
}

/// The value behind a name, of lines that have one each.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| number(line.strip_prefix(name)?.strip_prefix(' ')?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// A hierarchy in which these groups have these files.
    fn hierarchy(groups: &[(&str, &[(&str, &str)])]) -> TempDir {
        let root = tempfile::tempdir().unwrap();
        for (group, files) in groups {
            let folder = root.path().join(group);
            fs::create_dir_all(&folder).unwrap();
            files.iter().for_each(|(file, text)| fs::write(folder.join(file), text).unwrap());
        }
        root
    }

    const INNER: &[(&str, &str)] = &[
        ("memory.max", "1000000\n"),
        ("memory.current", "250000\n"),
        ("cpu.max", "150000 100000\n"),
        ("cpu.stat", "usage_usec 1000000\nuser_usec 1\nthrottled_usec 5\n"),
    ];

    #[test]
    fn limits_are_told_with_what_is_used_of_them() {
        let root = hierarchy(&[("", &[]), ("a", &[]), ("a/b", INNER)]);
        let found = limits(root.path(), "/a/b");
        assert_eq!(found.memory, Some(MemoryLimit { limit: 1_000_000, used: Some(250_000) }));
        let (spent, throttled) = (Duration::from_secs(1), Duration::from_micros(5));
        let cpu = CpuLimit { processors: 1.5, spent: Some(spent), throttled: Some(throttled) };
        assert_eq!(found.cpu, Some(cpu));
    }

    #[test]
    fn the_tightest_limit_counts_whichever_group_has_it() {
        let outer = &[("memory.max", "500"), ("memory.current", "400"), ("cpu.max", "max 100000")];
        let root = hierarchy(&[("", &[]), ("a", outer), ("a/b", INNER)]);
        let found = limits(root.path(), "/a/b");
        assert_eq!(found.memory, Some(MemoryLimit { limit: 500, used: Some(400) }));
        assert_eq!(found.cpu.map(|cpu| cpu.processors), Some(1.5));
        // What a container sees as the root, wherever it says that it is.
        let root = hierarchy(&[("", INNER)]);
        assert!(limits(root.path(), "/elsewhere/x").memory.is_some());
    }

    #[test]
    fn without_a_limit_there_is_none() {
        let none =
            &[("memory.max", "max\n"), ("memory.current", "1\n"), ("cpu.max", "max 100000\n")];
        let damaged = &[("memory.max", "-1"), ("cpu.max", "1 0"), ("cpu.stat", "usage_usec")];
        for files in [&none[..], &damaged[..], &[]] {
            let root = hierarchy(&[("", files)]);
            assert_eq!(limits(root.path(), "/"), Limits::default());
        }
        assert_eq!(limits(Path::new("/no/such"), "/"), Limits::default());
    }
}
