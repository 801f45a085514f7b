//! What reading everything costs: no descriptor, no memory, little time; and a disk that hangs holds up nothing else.

use crate::support::{all, gauge, registry};
use crossbeam_channel::{Receiver, bounded};
use flowmeter::{Registry, Sample, Source, builtin};
use std::fs;
use std::time::Duration;

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Pages that are resident, and ticks of 10 ms that were spent.
fn pages_and_ticks() -> (u64, u64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let number = |at: usize| fields[at].parse::<u64>().unwrap();
    (number(21), number(11) + number(12))
}

/// In a process of its own: other tests take descriptors, memory and time too.
#[test]
fn ten_thousand_readings_leave_nothing_behind_and_take_little() {
    if std::env::var_os("ALONE").is_none() {
        let test = "cost::ten_thousand_readings_leave_nothing_behind_and_take_little";
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let alone =
            alone.args(["--exact", test, "--nocapture"]).env("ALONE", "1").output().unwrap();
        let said = String::from_utf8_lossy(&alone.stdout);
        assert!(alone.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let (registry, _guards) = all();
    (0..1_000).for_each(|_| drop(registry.collect()));
    let (open, (pages, ticks)) = (descriptors(), pages_and_ticks());
    (0..10_000).for_each(|_| drop(registry.collect()));
    let (pages_now, ticks_now) = pages_and_ticks();
    assert_eq!(descriptors(), open);
    // Whoever counts has the folder open.
    assert_eq!(gauge(&registry.collect(), "process.descriptors"), open as f64 - 1.0);
    assert!(pages_now < pages + 256, "{pages} pages, {pages_now} after it");
    // Of processor time, whatever else the machine does.
    let millis = (ticks_now - ticks) as f64 * 10.0 / 10_000.0;
    assert!(millis < 5.0, "{millis} ms a reading");
    println!("{millis} ms of processor time a reading of everything");
}

/// A disk that answers only when it is let go.
struct Hung(Receiver<()>);

impl Source for Hung {
    fn sample(&mut self, _: &mut Sample) {
        let _ = self.0.recv();
    }
}

#[test]
fn a_disk_that_hangs_holds_up_nothing_else() {
    let (let_go, hung) = bounded(0);
    let registry = Registry::builder().source_wait(Duration::from_millis(500)).build();
    let _disk = registry.source("disk", Hung(hung)).unwrap();
    let others = builtin::all().into_iter().filter(|(name, _)| *name != "disk");
    let _others = registry.sources(others).unwrap();
    for _ in 0..3 {
        let snapshot = registry.collect();
        for name in ["cpu.load1", "mem.used", "swap.total", "process.threads"] {
            gauge(&snapshot, name);
        }
        assert!(snapshot.series().any(|series| series.key.name() == "net.in.bytes"));
    }
    drop(let_go);
}

#[test]
fn a_registry_has_the_host_once_and_gives_it_back() {
    let (registry, guards) = registry(builtin::all());
    let why = registry.sources([("net", builtin::networks()), ("mem", builtin::memory())]);
    assert!(why.unwrap_err().to_string().contains("net"));
    drop(guards);
    assert_eq!(registry.collect().gauge("mem.used"), None);
    // The first of these two is taken out again.
    let twice = registry.sources([("mem", builtin::memory()), ("mem", builtin::memory())]);
    assert!(twice.is_err());
    assert_eq!(registry.collect().gauge("mem.used"), None);
}
