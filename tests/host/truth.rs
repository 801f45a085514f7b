//! Values beside those of independent tools, at rest and under load, ten times each; and what this process does.

use crate::support::{all, gauge, is_alone, registry, work};
use flowmeter::{Snapshot, builtin};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{fs, thread};

const TIMES: usize = 10;

/// Runs it ten times while the machine has nothing else to do for us, and ten times while two threads work and write.
fn at_rest_and_under_load(mut check: impl FnMut()) {
    (0..TIMES).for_each(|_| check());
    let goes_on = AtomicBool::new(true);
    thread::scope(|scope| {
        for n in 0..2 {
            let goes_on = &goes_on;
            scope.spawn(move || {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join(n.to_string());
                while goes_on.load(Ordering::Relaxed) {
                    fs::write(&file, vec![n; 4 << 20]).unwrap();
                }
            });
        }
        let _until_here = Ends(&goes_on);
        (0..TIMES).for_each(|_| check());
    });
}

/// Also if a check fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C").output().unwrap();
    assert!(output.status.success(), "{program}");
    String::from_utf8(output.stdout).unwrap()
}

/// The numbers of the line that begins with this word.
fn numbers(text: &str, begin: &str) -> Vec<f64> {
    let line = text.lines().find(|line| line.trim_start().starts_with(begin));
    let line = line.unwrap_or_else(|| panic!("no {begin} in {text}"));
    let (_, rest) = line.split_once(begin).unwrap();
    rest.split_whitespace().filter_map(|word| word.trim_end_matches('%').parse().ok()).collect()
}

#[track_caller]
fn near(ours: f64, theirs: f64, by: f64) {
    assert!((ours - theirs).abs() <= by, "{ours} {theirs}, more than {by}");
}

/// Between two values of a tool, which was asked before and after, and a little more.
#[track_caller]
fn between(ours: f64, before: f64, after: f64, slack: f64) {
    let (least, most) = (before.min(after) - slack, before.max(after) + slack);
    assert!((least..=most).contains(&ours), "{least} {ours} {most}");
}

#[test]
fn memory_and_swap_are_what_free_says() {
    const MIB_64: f64 = (64 << 20) as f64;
    if Command::new("free").arg("--version").output().is_err() {
        println!("skipped: `free` is not installed");
        return;
    }
    let (registry, _guards) = all();
    at_rest_and_under_load(|| {
        let before = output("free", &["-b", "-w"]);
        let snapshot = registry.collect();
        let after = output("free", &["-b", "-w"]);
        let is = |name: &str| gauge(&snapshot, name);
        let names = ["total", "used", "free", "shared", "buffers", "", "available"];
        let (before_all, after_all) = (numbers(&before, "Mem:"), numbers(&after, "Mem:"));
        assert_eq!(is("mem.total"), before_all[0]);
        for (i, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            between(is(&format!("mem.{name}")), before_all[i], after_all[i], MIB_64);
        }
        near(is("mem.usage"), is("mem.used") / f64::from(1 << 20), 0.001);
        // In the seed of these names it was a hundred times the used bytes.
        near(is("mem.percent"), is("mem.used") / is("mem.total") * 100.0, 1e-9);
        let swap = numbers(&before, "Swap:");
        assert_eq!(is("swap.total"), swap[0]);
        between(is("swap.used"), swap[1], numbers(&after, "Swap:")[1], MIB_64);
        near(is("swap.total"), is("swap.used") + is("swap.free"), 0.0);
    });
}

/// The ticks of `/proc/stat`: those that were spent, and all.
fn ticks() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/stat").unwrap();
    let all = numbers(&stat, "cpu ");
    // user nice system idle iowait irq softirq steal, and guests, which are in user already.
    let idle = all[3] + all[4];
    let sum: f64 = all[..8].iter().sum();
    (sum - idle, sum)
}

#[test]
fn how_busy_the_processors_are_is_the_arithmetic_of_proc_stat() {
    let (registry, _guards) = registry(vec![("cpu", builtin::cpu())]);
    drop(registry.collect());
    at_rest_and_under_load(|| {
        // The readings of ours lie between those of the test, a tick or two away.
        let begin = ticks();
        work(Duration::from_millis(250));
        drop(registry.collect());
        let first = ticks();
        work(Duration::from_millis(500));
        let last = ticks();
        let snapshot = registry.collect();
        let end = ticks();
        let usage = |(busy, all): (f64, f64), (busy_now, all_now): (f64, f64)| {
            (busy_now - busy) / (all_now - all) * 100.0
        };
        let ours = gauge(&snapshot, "cpu.usage");
        assert!(begin.1 < first.1);
        between(ours, usage(first, last), usage(first, end), 6.0);
        let parts = ["cpu.user", "cpu.system", "cpu.steal"].map(|name| gauge(&snapshot, name));
        near(parts.iter().sum(), ours, 1e-6);
    });
}

#[test]
fn the_load_is_that_of_the_kernel() {
    let (registry, _guards) = all();
    at_rest_and_under_load(|| {
        let read = || numbers(&fs::read_to_string("/proc/loadavg").unwrap(), "");
        let (before, snapshot, after) = (read(), registry.collect(), read());
        for (i, name) in ["cpu.load1", "cpu.load5", "cpu.load15"].into_iter().enumerate() {
            between(gauge(&snapshot, name), before[i], after[i], 1e-9);
        }
    });
}

/// Size, used, available and percent of `/`.
fn df() -> Vec<f64> {
    let text = output("df", &["-B1", "--output=size,used,avail,pcent", "/"]);
    let line = text.lines().nth(1).unwrap().trim();
    line.split_whitespace().map(|word| word.trim_end_matches('%').parse().unwrap()).collect()
}

fn of_root(snapshot: &Snapshot, name: &str) -> f64 {
    snapshot.gauge_with(name, &[("mount", "/")]).unwrap_or_else(|| panic!("{name} has no root"))
}

#[test]
fn the_space_of_the_root_is_what_df_says() {
    const MIB_256: f64 = (256 << 20) as f64;
    let (registry, _guards) = registry(vec![("disk", builtin::disks().include("/"))]);
    at_rest_and_under_load(|| {
        let (before, snapshot, after) = (df(), registry.collect(), df());
        let is = |name: &str| of_root(&snapshot, name);
        near(is("disk.total"), before[0], 0.0);
        between(is("disk.used"), before[1], after[1], MIB_256);
        between(is("disk.free"), before[2], after[2], MIB_256);
        near(is("disk.usage"), is("disk.used") / f64::from(1 << 20), 0.001);
        // It rounds up.
        between(is("disk.percent"), before[3] - 1.0, after[3], 0.3);
    });
}

#[test]
fn network_counters_are_those_of_proc_net_dev() {
    let (registry, _guards) = registry(vec![("net", builtin::networks().include("*"))]);
    let read =
        |name: &str| numbers(&fs::read_to_string("/proc/net/dev").unwrap(), &format!("{name}:"));
    at_rest_and_under_load(|| {
        let (before, snapshot, after) = (read("lo"), registry.collect(), read("lo"));
        let of = |name: &str| snapshot.counter_with(name, &[("interface", "lo")]).unwrap() as f64;
        for (name, column) in [
            ("net.in.bytes", 0),
            ("net.in.packets", 1),
            ("net.in.errors", 2),
            ("net.in.dropped", 3),
            ("net.out.bytes", 8),
            ("net.out.packets", 9),
            ("net.out.errors", 10),
            ("net.out.dropped", 11),
        ] {
            between(of(name), before[column], after[column], 0.0);
        }
    });
}

/// The columns of `/proc/diskstats` behind the name of this device.
fn disk_columns(device: &str) -> Vec<f64> {
    let text = fs::read_to_string("/proc/diskstats").unwrap();
    let fields = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let found = text.lines().map(fields).find(|fields| fields[2] == device).unwrap();
    found[3..].iter().map(|field| field.parse().unwrap()).collect()
}

#[test]
fn what_disks_do_is_what_the_kernel_says() {
    let (registry, _guards) = registry(vec![("disk", builtin::disks().include("*"))]);
    let text = fs::read_to_string("/proc/diskstats").unwrap();
    let names = |line: &str| line.split_whitespace().nth(2).unwrap().to_owned();
    let devices: Vec<String> = text.lines().map(names).collect();
    // Those that have done something, else all numbers would be 0.
    let busy: Vec<&String> =
        devices.iter().filter(|device| disk_columns(device)[0] > 0.0).collect();
    at_rest_and_under_load(|| {
        for device in busy.iter().take(4) {
            let (before, snapshot, after) =
                (disk_columns(device), registry.collect(), disk_columns(device));
            for (name, column, unit) in [
                ("disk.reads", 0, 1.0),
                ("disk.read.bytes", 2, 512.0),
                ("disk.writes", 4, 1.0),
                ("disk.written.bytes", 6, 512.0),
                ("disk.busy", 9, 1e6),
            ] {
                let ours = snapshot.counter_with(name, &[("device", device)]).unwrap() as f64;
                between(ours, before[column] * unit, after[column] * unit, 0.0);
            }
        }
    });
}

#[test]
fn the_other_kinds_of_memory_are_those_of_the_kernel() {
    const MIB_32: f64 = (32 << 20) as f64;
    let (registry, _guards) = registry(vec![("mem", builtin::memory())]);
    let read = || fs::read_to_string("/proc/meminfo").unwrap();
    at_rest_and_under_load(|| {
        let (before, snapshot, after) = (read(), registry.collect(), read());
        for (name, line) in [
            ("mem.available", "MemAvailable:"),
            ("mem.free", "MemFree:"),
            ("mem.active", "Active:"),
            ("mem.inactive", "Inactive:"),
            ("mem.buffers", "Buffers:"),
            ("mem.cached", "Cached:"),
            ("mem.shared", "Shmem:"),
        ] {
            let bytes = |text: &str| numbers(text, line)[0] * 1024.0;
            between(gauge(&snapshot, name), bytes(&before), bytes(&after), MIB_32);
        }
    });
}

#[test]
fn what_this_process_does_is_what_the_kernel_says() {
    if !is_alone("truth::what_this_process_does_is_what_the_kernel_says") {
        return;
    }
    let (registry, _guards) = registry(vec![("process", builtin::process())]);
    drop(registry.collect());
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), vec![1; 8 << 20]).unwrap();
    let held: Vec<u8> = vec![1; 64 << 20];
    // In the kernel as well, which counts that apart.
    let clock = flowmeter::Clock::system();
    let until = clock.now() + Duration::from_millis(500);
    while clock.now() < until {
        let _ = fs::read("/proc/self/stat").unwrap();
    }
    let (before, snapshot, after) = (this_process(), registry.collect(), this_process());
    let count = |name: &str| snapshot.counter(name).unwrap() as f64;
    between(count("process.cpu.time"), before[0], after[0], 0.0);
    between(count("process.read.bytes"), before[1], after[1], 0.0);
    between(count("process.written.bytes"), before[2], after[2], 0.0);
    assert!(count("process.written.bytes") >= f64::from(8 << 20) && !held.is_empty());
    for (name, at, slack) in [("resident", 3, (4 << 20) as f64), ("virtual", 4, (1 << 20) as f64)] {
        between(gauge(&snapshot, &format!("process.memory.{name}")), before[at], after[at], slack);
    }
    between(gauge(&snapshot, "process.threads"), before[5], after[5], 0.0);
    let usage = gauge(&snapshot, "process.cpu.usage");
    // At most one thread of ours has worked, on one of so many processors.
    let processors = gauge_of_processors();
    assert!((0.5..=100.0 / processors + 5.0).contains(&usage), "{usage} of {processors}");
}

fn gauge_of_processors() -> f64 {
    let (registry, _guards) = registry(vec![("cpu", builtin::cpu())]);
    let count = gauge(&registry.collect(), "cpu.count");
    assert_eq!(count.to_string(), output("nproc", &["--all"]).trim());
    count
}

/// Processor time in ns, bytes read and written, bytes that are resident and reserved, threads.
fn this_process() -> [f64; 6] {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .skip(1)
        .map(|field| field.parse().unwrap())
        .collect();
    let io = fs::read_to_string("/proc/self/io").unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let of = |text: &str, line: &str| numbers(text, line)[0];
    // A tick is a hundredth of a second on all systems that are in use.
    let ns = (fields[10] + fields[11]) * 1e7;
    let bytes = |line: &str| of(&status, line) * 1024.0;
    [
        ns,
        of(&io, "read_bytes:"),
        of(&io, "write_bytes:"),
        bytes("VmRSS:"),
        bytes("VmSize:"),
        of(&status, "Threads:"),
    ]
}
