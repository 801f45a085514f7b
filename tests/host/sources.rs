//! The sources in a registry: one that hangs, and those that are there already.

use crate::support::{gauge, registry};
use crossbeam_channel::{Receiver, bounded};
use flowmeter::builtin::{self, HostSource};
use flowmeter::{Clock, Registry, Sample, Source};
use std::time::Duration;

/// The disks, one of which answers only when it is let go.
struct Hung(HostSource, Receiver<()>);

impl Source for Hung {
    fn sample(&mut self, sample: &mut Sample) {
        let _ = self.1.recv();
        self.0.sample(sample);
    }
}

#[test]
fn a_disk_that_hangs_holds_up_nothing_else() {
    let (let_go, hung) = bounded(0);
    let registry = Registry::builder().source_wait(Duration::from_millis(500)).build();
    let _disk = registry.source("disk", Hung(builtin::disks(), hung)).unwrap();
    let others = builtin::all().into_iter().filter(|(name, _)| *name != "disk");
    let _others = registry.sources(others).unwrap();
    for _ in 0..3 {
        let snapshot = registry.collect();
        for name in ["cpu.load1", "mem.used", "swap.total", "process.threads"] {
            gauge(&snapshot, name);
        }
        assert!(snapshot.series().any(|series| series.key.name() == "net.in.bytes"));
    }
    assert_eq!(registry.collect().gauge("disk.left_out"), None);
    drop(let_go);
    eventually(|| registry.collect().gauge("disk.left_out").is_some());
}

/// It answers again at some time.
fn eventually(is_so: impl Fn() -> bool) {
    let clock = Clock::system();
    let until = clock.now() + Duration::from_secs(60);
    while !is_so() {
        assert!(clock.now() < until);
    }
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
