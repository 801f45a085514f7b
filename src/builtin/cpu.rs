//! How busy the processors are.

use super::chosen::Chosen;
use super::facts::CpuUsage;
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;
use std::thread;

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
        readings.level("usage", usage);
        readings.level("user", user);
        readings.level("system", system);
        readings.level("iowait", iowait);
        readings.level("steal", steal);
        readings.level("count", processors().map(|count| count as f64));
        let load = system::load();
        readings.level("load1", load.map(|[one, _, _]| one));
        readings.level("load5", load.map(|[_, five, _]| five));
        readings.level("load15", load.map(|[_, _, fifteen]| fifteen));
    }
}

/// How many processors this process may use.
pub(super) fn processors() -> Option<usize> {
    thread::available_parallelism().ok().map(Into::into)
}
