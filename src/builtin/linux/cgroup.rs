//! The limits of a container: cgroup v2, in `/sys/fs/cgroup`.

use crate::builtin::between::Between;
use crate::builtin::chosen::Chosen;
use crate::builtin::facts::percent;
use crate::builtin::host_source::Subject;
use crate::builtin::readings::Readings;
use crate::clock::Moment;
use procfs::process::Process;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The group of this process, if there is one of this version.
pub(crate) struct Cgroup {
    folder: Option<PathBuf>,
    cpu: Between<u64, f64>,
}

impl Cgroup {
    pub(crate) fn new() -> Cgroup {
        Cgroup::at(folder(Path::new("/sys/fs/cgroup")))
    }

    fn at(folder: Option<PathBuf>) -> Cgroup {
        Cgroup { folder, cpu: Between::new() }
    }
}

/// Inside a container the group is often the root of what can be seen; else it is where the process says.
fn folder(root: &Path) -> Option<PathBuf> {
    let groups = Process::myself().ok()?.cgroups().ok()?.0;
    let group = groups.into_iter().find(|group| group.hierarchy == 0)?.pathname;
    let own = root.join(group.trim_start_matches('/'));
    [own, root.to_owned()].into_iter().find(|folder| folder.join("cgroup.controllers").exists())
}

impl Subject for Cgroup {
    fn read(&mut self, now: Moment, _: &Chosen, readings: &mut Readings) {
        let Some(folder) = &self.folder else { return };
        let text = |file: &str| fs::read_to_string(folder.join(file)).ok();
        if let Some(limit) = text("memory.max").as_deref().and_then(number) {
            let used = text("memory.current").as_deref().and_then(number);
            readings.bytes("mem.limit", limit);
            readings.bytes("mem.used", used);
            readings.level("mem.percent", used.and_then(|used| percent(used, limit)));
        }
        let times = text("cpu.stat").unwrap_or_default();
        if let Some(processors) = text("cpu.max").as_deref().and_then(processors) {
            readings.level("cpu.limit", processors);
            let usage = field(&times, "usage_usec").and_then(|spent| {
                self.cpu.next(now, spent, |before, spent, passed| {
                    usage(spent.saturating_sub(*before), passed, processors)
                })
            });
            readings.level("cpu.usage", usage);
            let throttled = field(&times, "throttled_usec");
            readings.total("cpu.throttled", throttled.map(|micros| micros.saturating_mul(1000)));
        }
    }
}

/// A number, unless it is `max`.
fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// How many processors `cpu.max` allows: so many microseconds in each period.
fn processors(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ')?;
    let (quota, period) = (number(quota)?, number(period)?);
    (period > 0).then(|| quota as f64 / period as f64)
}

/// The value behind a name, of lines that have one each.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| number(line.strip_prefix(name)?.strip_prefix(' ')?))
}

fn usage(micros: u64, passed: Duration, processors: f64) -> Option<f64> {
    let all = passed.as_secs_f64() * 1e6 * processors;
    (all > 0.0).then(|| (micros as f64 / all * 100.0).min(100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Key;
    use crate::snapshot::Sample;
    use tempfile::TempDir;

    /// What a group of these files gives, two seconds after the reading before.
    fn read(cgroup: &mut Cgroup, seconds: u64) -> Vec<String> {
        let mut readings = Readings::default();
        let now = Moment::default() + Duration::from_secs(seconds);
        cgroup.read(now, &Chosen::default(), &mut readings);
        let mut sample = Sample::new(Key::new("cgroup", &[]).unwrap(), 100);
        readings.give(&mut sample);
        let series = sample.into_series().0;
        series.iter().map(|series| format!("{} {:?}", series.key.name(), series.value)).collect()
    }

    fn group(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            fs::write(folder.path().join(file), text).unwrap();
        }
        folder
    }

    #[test]
    fn limits_are_shown_with_what_is_used_of_them() {
        let before = "usage_usec 1000000\nuser_usec 1\nthrottled_usec 5\n";
        let folder = group(&[
            ("memory.max", "1000000\n"),
            ("memory.current", "250000\n"),
            ("cpu.max", "150000 100000\n"),
            ("cpu.stat", before),
        ]);
        let mut cgroup = Cgroup::at(Some(folder.path().to_owned()));
        let memory = [
            "cgroup.mem.limit Gauge(1000000.0)",
            "cgroup.mem.used Gauge(250000.0)",
            "cgroup.mem.percent Gauge(25.0)",
        ];
        let first = read(&mut cgroup, 0);
        assert_eq!(first[..3], memory);
        assert_eq!(
            first[3..],
            ["cgroup.cpu.limit Gauge(1.5)", "cgroup.cpu.throttled Counter(5000)"]
        );

        fs::write(folder.path().join("cpu.stat"), "usage_usec 1600000\nthrottled_usec 5\n")
            .unwrap();
        let second = read(&mut cgroup, 2);
        // 0.6 s of the 3 that 1.5 processors have in 2 s.
        assert_eq!(second[4], "cgroup.cpu.usage Gauge(20.0)");
    }

    #[test]
    fn without_a_limit_nothing_is_shown() {
        let folder = group(&[
            ("memory.max", "max\n"),
            ("memory.current", "250000\n"),
            ("cpu.max", "max 100000\n"),
            ("cpu.stat", "usage_usec 1000000\n"),
        ]);
        let none: [&str; 0] = [];
        assert_eq!(read(&mut Cgroup::at(Some(folder.path().to_owned())), 0), none);
        assert_eq!(read(&mut Cgroup::at(Some(group(&[]).path().to_owned())), 0), none);
        assert_eq!(read(&mut Cgroup::at(None), 0), none);
        let damaged =
            group(&[("memory.max", "-1"), ("cpu.max", "1 0"), ("cpu.stat", "usage_usec")]);
        assert_eq!(read(&mut Cgroup::at(Some(damaged.path().to_owned())), 0), none);
    }
}
