//! This process.

use super::between::Between;
use super::chosen::Chosen;
use super::facts::{ProcessFacts, nanos, share};
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
        let usage = |before: &Duration, cpu: &Duration, passed: Duration| {
            share(cpu.saturating_sub(*before), passed, system::processors()? as f64)
        };
        let usage = cpu.and_then(|cpu| self.cpu.next(now, cpu, usage));
        readings
            .of(&[])
            .bytes("memory.resident", resident)
            .bytes("memory.virtual", reserved)
            .counter("cpu.time", cpu.map(nanos))
            .gauge("cpu.usage", usage)
            .gauge("threads", threads.map(|threads| threads as f64))
            .gauge("descriptors", descriptors.map(|descriptors| descriptors as f64))
            .counter("read.bytes", facts.read_bytes)
            .counter("written.bytes", facts.written_bytes);
    }
}
