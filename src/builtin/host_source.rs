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

    /// Reads it again after so much time at the earliest, but for a tenth of it: 1 s for disks, 200 ms for all others,
    /// unless told. What lies between two readings, such as `cpu.usage`, needs 200 ms between them, and stays as it was until then.
    #[must_use = "the source is returned"]
    pub fn every(mut self, every: Duration) -> HostSource {
        self.every = every;
        self
    }

    /// Shows only mounts and disks, or interfaces, that match an included pattern, even those that are usually left out;
    /// `*` stands for any text. A mount matches by its place, or by its device, with or without `/dev/`. Of other
    /// subjects there is nothing to choose.
    #[must_use = "the source is returned"]
    pub fn include(mut self, pattern: impl Into<String>) -> HostSource {
        self.chosen.included.push(pattern.into());
        self
    }

    /// Shows none that matches this pattern, even if it is included.
    #[must_use = "the source is returned"]
    pub fn exclude(mut self, pattern: impl Into<String>) -> HostSource {
        self.chosen.excluded.push(pattern.into());
        self
    }

    /// Shows at most so many mounts, disks, interfaces: 64 of each, unless told. How many more there are is in
    /// `disk.left_out` and `net.left_out`.
    #[must_use = "the source is returned"]
    pub fn limit(mut self, limit: usize) -> HostSource {
        self.chosen.limit = limit;
        self
    }

    /// Takes its time from this clock, not from the system's.
    #[cfg(test)]
    pub(super) fn clock(mut self, clock: Clock) -> HostSource {
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
            // Whoever asks at the same pace is never quite on time.
            self.due = Some(now + (self.every - self.every / 10));
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
