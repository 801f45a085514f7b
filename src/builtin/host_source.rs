//! `HostSource`: a subject of the machine that is read at its own pace.

use super::chosen::Chosen;
use super::readings::Readings;
use crate::clock::{Clock, Moment};
use crate::snapshot::{Sample, Source};
use std::fmt;
use std::time::Duration;

/// A subject that can be read.
pub(super) trait Subject: Send {
    /// Puts what is known of it into `readings`; it is called at this moment.
    fn read(&mut self, now: Moment, chosen: &Chosen, readings: &mut Readings);
}

/// A subject of the machine, as the functions of [`builtin`](crate::builtin) give it.
///
/// It is read when a snapshot is taken, but not more often than [told](HostSource::every): in between it gives what it
/// gave before.
pub struct HostSource {
    subject: Box<dyn Subject>,
    every: Duration,
    clock: Clock,
    due: Option<Moment>,
    chosen: Chosen,
    readings: Readings,
}

impl HostSource {
    pub(super) fn new(subject: impl Subject + 'static, every: Duration) -> HostSource {
        HostSource {
            subject: Box::new(subject),
            every,
            clock: Clock::system(),
            due: None,
            chosen: Chosen::default(),
            readings: Readings::default(),
        }
    }

    /// Reads it again after so much time at the earliest: 10 s for disks, 1 s for all others, unless told. What lies
    /// between two readings, such as `cpu.usage`, needs 200 ms between them, and stays as it was until then.
    #[must_use = "the source is returned"]
    pub fn every(mut self, every: Duration) -> HostSource {
        self.every = every;
        self
    }

    /// Only those mounts and devices, or interfaces, which have one of the patterns that were included, with `*` for any
    /// text; also those that are left out else. A mount has its place and its device as names.
    #[must_use = "the source is returned"]
    pub fn include(mut self, pattern: impl Into<String>) -> HostSource {
        self.chosen.included.push(pattern.into());
        self
    }

    /// None of those which have this pattern, also if they are included.
    #[must_use = "the source is returned"]
    pub fn exclude(mut self, pattern: impl Into<String>) -> HostSource {
        self.chosen.excluded.push(pattern.into());
        self
    }

    /// At most so many mounts, devices, interfaces: 64 of each, unless told. How many more there are is in
    /// `disk.left_out` and `net.left_out`.
    #[must_use = "the source is returned"]
    pub fn limit(mut self, limit: usize) -> HostSource {
        self.chosen.limit = limit;
        self
    }

    /// Takes its time from this clock; unless told, from the system's.
    #[must_use = "the source is returned"]
    pub fn clock(mut self, clock: Clock) -> HostSource {
        self.clock = clock;
        self
    }
}

impl Source for HostSource {
    fn sample(&mut self, sample: &mut Sample) {
        let now = self.clock.now();
        if self.due.is_none_or(|due| now >= due) {
            self.readings.clear();
            self.subject.read(now, &self.chosen, &mut self.readings);
            self.due = Some(now + self.every);
        }
        self.readings.give(sample);
    }
}

impl fmt::Debug for HostSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostSource")
            .field("every", &self.every)
            .field("chosen", &self.chosen)
            .field("readings", &self.readings)
            .finish_non_exhaustive()
    }
}
