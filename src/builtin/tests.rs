//! Both readers of the system beside each other, and what takes a source of the machine to be wrong.

use super::chosen::Chosen;
use super::facts::{Interface, Limits, Listed, Mount};
use super::host_source::{HostSource, Subject};
use super::readings::Readings;
use super::{elsewhere, system};
use crate::clock::{Clock, ManualClock, Moment};
use crate::metric::Key;
use crate::snapshot::{Sample, Source};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Gives how often it was read.
struct Counting(u64);

impl Subject for Counting {
    fn read(&mut self, _: Moment, _: &Chosen, readings: &mut Readings) {
        self.0 += 1;
        readings
            .of(&[])
            .counter("reads", self.0)
            .gauge("absent", None)
            .gauge("not_a_number", f64::NAN);
    }
}

fn names_and_count(source: &mut HostSource) -> (Vec<String>, String) {
    let mut sample = Sample::new(Key::new("x", &[]).unwrap(), 100);
    source.sample(&mut sample);
    let (series, refused) = sample.into_series();
    assert_eq!(refused, 0);
    let names = series.iter().map(|series| series.key.name().to_owned()).collect();
    (names, format!("{series:?}"))
}

#[test]
fn a_subject_is_read_at_its_pace_and_given_as_often_as_asked() {
    let manual = ManualClock::new();
    let source = HostSource::new(Counting(0), Duration::from_secs(1)).clock(manual.clock());
    let mut source = source.every(Duration::from_secs(3));
    let mut reads = |millis: u64| {
        manual.advance(Duration::from_millis(millis));
        let (names, shown) = names_and_count(&mut source);
        assert_eq!(names, ["x.reads"], "what is not known is absent");
        shown
    };
    // Whoever asks every three seconds is sometimes a tenth too early.
    let all: Vec<String> = [0, 0, 2_690, 10, 2_690, 10, 9_000].map(&mut reads).into();
    let of = |count: u64| format!("Counter({count})");
    let expected = [1, 1, 1, 2, 2, 3, 4].map(of);
    for (shown, expected) in all.iter().zip(&expected) {
        assert!(shown.contains(expected), "{shown} {expected}");
    }
}

/// Within a hundredth, or 64 MiB: the machine goes on between the two.
fn near(a: u64, b: u64) {
    assert!(a.abs_diff(b) <= a / 100 + (64 << 20), "{a} {b}");
}

#[test]
fn what_is_read_elsewhere_is_what_is_read_here() {
    let (here, there) = (system::memory().unwrap(), elsewhere::memory().unwrap());
    assert_eq!(here.total, there.total);
    near(here.available.unwrap(), there.available.unwrap());
    near(here.free.unwrap(), there.free.unwrap());

    let (here, there) = (system::swap().unwrap(), elsewhere::swap().unwrap());
    assert_eq!(here.total, there.total);
    near(here.free, there.free);

    let (here, there) = (system::load().unwrap(), elsewhere::load().unwrap());
    here.iter().zip(there).for_each(|(here, there)| assert!((here - there).abs() < 2.0));

    let (here, there) = (system::this_process().unwrap(), elsewhere::this_process().unwrap());
    near(here.resident, there.resident);
    near(here.reserved, there.reserved);
    let (here, there) = (here.cpu.unwrap(), there.cpu.unwrap());
    assert!(here.abs_diff(there) < Duration::from_secs(2), "{here:?} {there:?}");
}

#[test]
fn interfaces_and_file_systems_are_the_same_elsewhere() {
    let bytes = |listed: Option<Listed<Interface>>| -> BTreeMap<String, u64> {
        let all = listed.unwrap().all;
        all.into_iter().map(|interface| (interface.name, interface.received.bytes)).collect()
    };
    let (here, there) = (bytes(system::interfaces()), bytes(elsewhere::interfaces()));
    for (name, bytes) in &there {
        near(here[name], *bytes);
    }
    assert_eq!(here.len(), there.len());

    let root = |listed: Option<Listed<Mount>>| {
        listed.unwrap().all.into_iter().rfind(|mount| mount.place == Path::new("/"))
    };
    let (here, there) = (root(system::mounts()), root(elsewhere::mounts()));
    assert_eq!(here.is_some(), there.is_some());
    if let (Some(here), Some(there)) = (here, there) {
        let (here, there) = (system::spaces(&[here])[0], elsewhere::spaces(&[there])[0]);
        near(here.unwrap().total, there.unwrap().total);
        near(here.unwrap().free, there.unwrap().free);
    }
    assert!(
        elsewhere::disk_work().is_none() && elsewhere::Group::new().limits() == Limits::default()
    );
}

#[test]
fn how_busy_the_processors_are_is_the_same_elsewhere() {
    let (mut here, mut there) = (system::CpuTimes::new(), elsewhere::CpuTimes::new());
    let at = |millis: u64| Moment::default() + Duration::from_millis(millis);
    assert_eq!((here.usage(at(0)), there.usage(at(0))), (None, None), "nothing before the first");
    let clock = Clock::system();
    let until = clock.now() + Duration::from_millis(400);
    while clock.now() < until {
        std::hint::spin_loop();
    }
    assert_eq!(here.usage(at(199)), None, "too short");
    let (here, there) = (here.usage(at(400)).unwrap(), there.usage(at(400)).unwrap());
    let (here, there) = (here.usage.unwrap(), there.usage.unwrap());
    assert!((0.0..=100.0).contains(&here) && (here - there).abs() < 15.0, "{here} {there}");
    assert!(here > 5.0, "this thread was busy: {here}");
    assert_eq!(system::processors(), elsewhere::processors());
}
