//! How busy the processors are.

use super::chosen::Chosen;
use super::facts::CpuUsage;
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;

pub(super) struct Cpu {
    times: system::CpuTimes,
}

impl Cpu {
    pub(super) fn new() -> Cpu {
        Cpu { times: system::CpuTimes::new() }
    }
}

impl Subject for Cpu {
    fn read(&mut self, now: Moment, _: &Chosen, readings: &mut Readings) {
        let CpuUsage { usage, user, system, iowait, steal } =
            self.times.usage(now).unwrap_or_default();
        let load = system::load();
        readings
            .of(&[])
            .gauge("usage", usage)
            .gauge("user", user)
            .gauge("system", system)
            .gauge("iowait", iowait)
            .gauge("steal", steal)
            .gauge("count", system::processors().map(|count| count as f64))
            .gauge("load1", load.map(|[one, _, _]| one))
            .gauge("load5", load.map(|[_, five, _]| five))
            .gauge("load15", load.map(|[_, _, fifteen]| fifteen));
    }
}
