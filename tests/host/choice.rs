//! Which mounts, devices and interfaces are there.

use crate::support::registry;
use flowmeter::builtin::{self, HostSource};
use std::collections::BTreeSet;

/// The values of a label that the series of a source have, and how many were left out.
fn labels(name: &'static str, source: HostSource, label: &str) -> (BTreeSet<String>, f64) {
    let (registry, _guards) = registry(vec![(name, source)]);
    let snapshot = registry.collect();
    let of = |key: &flowmeter::Key| {
        key.labels().find(|(name, _)| *name == label).map(|(_, value)| value.to_owned())
    };
    let all = snapshot.series().filter_map(|series| of(series.key)).collect();
    (all, snapshot.gauge(&format!("{name}.left_out")).unwrap())
}

fn interfaces(source: HostSource) -> (BTreeSet<String>, f64) {
    labels("net", source, "interface")
}

#[test]
fn the_way_to_itself_is_there_only_if_it_is_asked_for() {
    let lo = || BTreeSet::from(["lo".to_owned()]);
    assert!(!interfaces(builtin::networks()).0.contains("lo"));
    assert_eq!(interfaces(builtin::networks().include("lo")), (lo(), 0.0));
    assert_eq!(
        interfaces(builtin::networks().include("*").exclude("lo")).0.intersection(&lo()).count(),
        0
    );
}

#[test]
fn beyond_the_limit_they_are_counted() {
    let (all, none) = interfaces(builtin::networks().include("*"));
    assert!(all.len() > 1 && none == 0.0, "{all:?}");
    let (some, more) = interfaces(builtin::networks().include("*").limit(1));
    assert_eq!((some.len(), more), (1, (all.len() - 1) as f64));
}

#[test]
fn no_disk_is_a_loop_and_no_mount_is_made_up() {
    let (devices, _) = labels("disk", builtin::disks(), "device");
    assert!(
        !devices.iter().any(|device| device.contains("loop") || device == "proc"),
        "{devices:?}"
    );
    let (mounts, _) = labels("disk", builtin::disks(), "mount");
    assert!(!mounts.contains("/proc") && !mounts.contains("/sys"), "{mounts:?}");
    let (mounts, _) = labels("disk", builtin::disks().include("/proc*").include("/"), "mount");
    assert!(mounts.len() <= 1, "what has no space has none to show: {mounts:?}");
}
