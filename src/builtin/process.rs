//! This process.

use super::between::Between;
use super::chosen::Chosen;
use super::cpu::processors;
use super::facts::ProcessFacts;
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;
use std::time::Duration;

pub(super) struct Process {
    cpu: Between<Duration, f64>,
}

impl Process {
    pub(super) fn new() -> Process {
        Process { cpu: Between::new() }
    }
}

impl Subject for Process {
    fn read(&mut self, now: Moment, _: &Chosen, readings: &mut Readings) {
        let Some(facts) = system::this_process() else { return };
        let ProcessFacts { resident, reserved, cpu, threads, descriptors, .. } = facts;
        readings.bytes("memory.resident", resident);
        readings.bytes("memory.reserved", reserved);
        readings.total("cpu.time", cpu.and_then(|cpu| u64::try_from(cpu.as_nanos()).ok()));
        readings.level("cpu.usage", cpu.and_then(|cpu| self.cpu.next(now, cpu, usage)));
        readings.level("threads", threads.map(|threads| threads as f64));
        readings.level("descriptors", descriptors.map(|descriptors| descriptors as f64));
        readings.total("read.bytes", facts.read_bytes);
        readings.total("written.bytes", facts.written_bytes);
    }
}

/// Of all processors together, so that it is 100 when each is busy.
fn usage(before: &Duration, now: &Duration, passed: Duration) -> Option<f64> {
    let all = passed.as_secs_f64() * processors()? as f64;
    Some((now.saturating_sub(*before).as_secs_f64() / all * 100.0).min(100.0))
}
