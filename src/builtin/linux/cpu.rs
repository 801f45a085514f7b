//! Processor time by `/proc/stat`, and the load.

use crate::builtin::between::Between;
use crate::builtin::facts::CpuUsage;
use crate::clock::Moment;
use procfs::prelude::*;
use procfs::{CpuTime, KernelStats, LoadAverage};

/// The ticks of all processors, as they were when usage was taken last.
pub(crate) struct CpuTimes {
    between: Between<CpuTime, CpuUsage>,
}

impl CpuTimes {
    pub(crate) fn new() -> CpuTimes {
        CpuTimes { between: Between::new() }
    }

    pub(crate) fn usage(&mut self, now: Moment) -> Option<CpuUsage> {
        let ticks = KernelStats::current().ok()?.total;
        self.between.next(now, ticks, |before, now, _| usage(&Parts::of(before), &Parts::of(now)))
    }
}

/// Ticks by what they were spent on.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    user: u64,
    system: u64,
    steal: u64,
    iowait: u64,
    idle: u64,
}

impl Parts {
    /// Guests are counted as user time already: once more would be once too often.
    fn of(time: &CpuTime) -> Parts {
        let or_zero = Option::unwrap_or_default;
        Parts {
            user: time.user + time.nice,
            system: time.system + or_zero(time.irq) + or_zero(time.softirq),
            steal: or_zero(time.steal),
            iowait: or_zero(time.iowait),
            idle: time.idle,
        }
    }
}

/// Waiting for a disk is no work: a processor that does so is idle.
fn usage(before: &Parts, now: &Parts) -> Option<CpuUsage> {
    // The kernel's own page says that some of them can go back.
    let spent = |of: fn(&Parts) -> u64| of(now).saturating_sub(of(before)) as f64;
    let user = spent(|parts| parts.user);
    let system = spent(|parts| parts.system);
    let steal = spent(|parts| parts.steal);
    let iowait = spent(|parts| parts.iowait);
    let busy = user + system + steal;
    let all = busy + iowait + spent(|parts| parts.idle);
    let percent = |part: f64| Some(part / all * 100.0);
    (all > 0.0).then(|| CpuUsage {
        usage: percent(busy),
        user: percent(user),
        system: percent(system),
        iowait: percent(iowait),
        steal: percent(steal),
    })
}

/// How many processors there are; not how many the thread that asks may use, which is another one each time.
pub(crate) fn processors() -> Option<usize> {
    let count = KernelStats::current().ok()?.cpu_time.len();
    Some(count).filter(|count| *count > 0)
}

/// Over one, five and fifteen minutes.
pub(crate) fn load() -> Option<[f64; 3]> {
    let load = LoadAverage::current().ok()?;
    // To two digits, as the kernel has it: it is read as a single float, which has more.
    let cents = |load: f32| (f64::from(load) * 100.0).round() / 100.0;
    Some([load.one, load.five, load.fifteen].map(cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tick_is_counted_once() {
        //                 user nice system idle iowait irq softirq steal guest guest_nice
        let stat = "cpu  1 2 4 8 16 32 64 128 256 512\nctxt 1\nbtime 1\nprocesses 1\n";
        let system = procfs::current_system_info();
        let stats = KernelStats::from_buf_read(stat.as_bytes(), system).unwrap();
        let parts = Parts::of(&stats.total);
        assert_eq!((parts.user, parts.system, parts.steal), (1 + 2, 4 + 32 + 64, 128));
        assert_eq!((parts.iowait, parts.idle), (16, 8));
    }

    #[test]
    fn usage_is_what_was_neither_idle_nor_waiting() {
        let before = Parts { user: 10, system: 10, steal: 10, iowait: 10, idle: 10 };
        let now = Parts { user: 30, system: 20, steal: 15, iowait: 15, idle: 70 };
        let usage = usage(&before, &now).unwrap();
        assert_eq!((usage.usage, usage.user), (Some(35.0), Some(20.0)));
        assert_eq!((usage.system, usage.steal, usage.iowait), (Some(10.0), Some(5.0), Some(5.0)));
    }

    #[test]
    fn ticks_that_go_back_are_none_and_no_ticks_are_no_usage() {
        let before = Parts { iowait: 10, idle: 10, ..Parts::default() };
        let now = Parts { iowait: 5, idle: 20, ..Parts::default() };
        assert_eq!(usage(&before, &now).unwrap().iowait, Some(0.0));
        assert_eq!(usage(&now, &now), None);
    }
}
