//! The limits of the container that this process is in.

use super::between::Between;
use super::chosen::Chosen;
use super::facts::{Limits, nanos, percent, share};
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;
use std::time::Duration;

pub(super) struct Cgroup {
    group: system::Group,
    cpu: Between<Duration, f64>,
}

impl Cgroup {
    pub(super) fn new() -> Cgroup {
        Cgroup { group: system::Group::new(), cpu: Between::new() }
    }

    fn give(&mut self, now: Moment, limits: Limits, readings: &mut Readings) {
        if let Some(memory) = limits.memory {
            readings
                .of(&[])
                .bytes("mem.limit", memory.limit)
                .bytes("mem.used", memory.used)
                .gauge("mem.percent", memory.used.and_then(|used| percent(used, memory.limit)));
        }
        if let Some(cpu) = limits.cpu {
            let usage = cpu.spent.and_then(|spent| {
                self.cpu.next(now, spent, |before, spent, passed| {
                    share(spent.saturating_sub(*before), passed, cpu.processors)
                })
            });
            readings
                .of(&[])
                .gauge("cpu.limit", cpu.processors)
                .gauge("cpu.usage", usage)
                .counter("cpu.throttled", cpu.throttled.map(nanos));
        }
    }
}

impl Subject for Cgroup {
    fn read(&mut self, now: Moment, _: &Chosen, readings: &mut Readings) {
        let limits = self.group.limits();
        self.give(now, limits, readings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::facts::{CpuLimit, MemoryLimit};

    fn given(cgroup: &mut Cgroup, seconds: u64, limits: Limits) -> Vec<String> {
        let mut readings = Readings::default();
        cgroup.give(Moment::default() + Duration::from_secs(seconds), limits, &mut readings);
        readings.shown()
    }

    #[test]
    fn what_is_used_is_a_part_of_the_limit() {
        let mut cgroup = Cgroup::new();
        let of = |spent_ms: u64| Limits {
            memory: Some(MemoryLimit { limit: 1_000, used: Some(250) }),
            cpu: Some(CpuLimit {
                processors: 1.5,
                spent: Some(Duration::from_millis(spent_ms)),
                throttled: Some(Duration::from_micros(5)),
            }),
        };
        let memory =
            ["mem.limit Gauge(1000.0)", "mem.used Gauge(250.0)", "mem.percent Gauge(25.0)"];
        let first = given(&mut cgroup, 0, of(1_000));
        assert_eq!(first[..3], memory);
        assert_eq!(first[3..], ["cpu.limit Gauge(1.5)", "cpu.throttled Counter(5000)"]);
        // 0.6 s of the 3 that 1.5 processors have in 2 s.
        assert_eq!(given(&mut cgroup, 2, of(1_600))[4], "cpu.usage Gauge(20.0)");
        assert_eq!(given(&mut cgroup, 4, Limits::default()), [""; 0]);
    }
}
