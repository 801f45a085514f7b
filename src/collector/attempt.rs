//! One try at a task: how its two sides have ended, and the state that follows.

use crate::clock::Stamp;
use crate::communication::{Failure, Side, State};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// How a side ended.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    Done,
    Killed,
    Failed(Failure),
    /// Failed for a reason of its own, as it says, but only after it had found the other side gone.
    FailedAfterGone(Failure),
}

impl Ending {
    fn has_failed(&self) -> bool {
        matches!(self, Ending::Failed(_) | Ending::FailedAfterGone(_))
    }
}

/// An attempt: written by the task's start, its sides and the job's end, read by collectors.
///
/// What an ending says is stored before the phase that announces it, so whoever sees a failed
/// attempt sees why.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    phase: AtomicU8,
    started: OnceLock<Stamp>,
    reader: OnceLock<(Stamp, Ending)>,
    writer: OnceLock<(Stamp, Ending)>,
    killed: OnceLock<Stamp>,
}

/// An attempt at one moment.
pub(super) struct AttemptView {
    pub(super) state: State,
    pub(super) started: Option<Stamp>,
    pub(super) ended: Option<Stamp>,
    pub(super) failure: Option<Failure>,
}

/// What has been announced, as bits of a byte.
#[derive(Clone, Copy)]
struct Phase(u8);

impl Phase {
    const STARTED: u8 = 1;
    const READER_ENDED: u8 = 2;
    const WRITER_ENDED: u8 = 4;
    /// The job ended before the attempt did; nothing is announced after it.
    const KILLED: u8 = 8;

    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    fn ended(side: Side) -> u8 {
        match side {
            Side::Reader => Phase::READER_ENDED,
            Side::Writer => Phase::WRITER_ENDED,
        }
    }

    fn both_ended(self) -> bool {
        self.has(Phase::READER_ENDED) && self.has(Phase::WRITER_ENDED)
    }
}

impl Attempt {
    /// Announces the start; false if the attempt was killed before.
    pub(super) fn start(&self, at: Stamp) -> bool {
        let _ = self.started.set(at);
        self.announce(Phase::STARTED)
    }

    /// Announces the end of a side; without effect if the attempt was killed before.
    pub(super) fn end(&self, side: Side, at: Stamp, ending: Ending) {
        let _ = self.end_of(side).set((at, ending));
        self.announce(Phase::ended(side));
    }

    /// Kills the attempt, unless it has come to an end of its own.
    pub(super) fn kill(&self, at: Stamp) {
        let _ = self.killed.set(at);
        self.advance(Phase::KILLED, |phase| !self.state(phase, false).is_finished());
    }

    /// Whether nothing more will come of the attempt.
    pub(super) fn is_over(&self) -> bool {
        let phase = self.phase();
        phase.has(Phase::KILLED) || phase.both_ended()
    }

    /// The attempt now, in a job that is `stopping` or not.
    pub(super) fn view(&self, stopping: bool) -> AttemptView {
        let phase = self.phase();
        AttemptView {
            state: self.state(phase, stopping),
            started: self.started.get().copied().filter(|_| phase.has(Phase::STARTED)),
            ended: self.ended(phase),
            failure: self.failure(phase),
        }
    }

    /// Announces a start or an end, unless the attempt was killed.
    fn announce(&self, bit: u8) -> bool {
        self.advance(bit, |phase| !phase.has(Phase::KILLED))
    }

    /// Adds a bit if the phase allows it, as one step.
    fn advance(&self, bit: u8, allowed: impl Fn(Phase) -> bool) -> bool {
        // Release: what was stored before is seen by whoever sees the bit. Acquire: and here.
        let before = self.phase.fetch_update(Ordering::Release, Ordering::Acquire, |phase| {
            allowed(Phase(phase)).then_some(phase | bit)
        });
        before.is_ok()
    }

    fn phase(&self) -> Phase {
        Phase(self.phase.load(Ordering::Acquire))
    }

    fn end_of(&self, side: Side) -> &OnceLock<(Stamp, Ending)> {
        match side {
            Side::Reader => &self.reader,
            Side::Writer => &self.writer,
        }
    }

    fn endings(&self, phase: Phase) -> impl Iterator<Item = &(Stamp, Ending)> {
        let announced = move |side: &Side| phase.has(Phase::ended(*side));
        let sides = [Side::Reader, Side::Writer].into_iter().filter(announced);
        sides.filter_map(|side| self.end_of(side).get())
    }

    /// Why the attempt failed: the first cause of the two sides. What a side says after it found the
    /// other one gone is a cause, unless that one went because it had failed.
    fn failure(&self, phase: Phase) -> Option<Failure> {
        let (mut first, mut after) = (None, None);
        for (_, ending) in self.endings(phase) {
            match ending {
                Ending::Failed(failure) => first = first.into_iter().chain([failure]).min(),
                Ending::FailedAfterGone(failure) => after = Some(failure),
                Ending::Done | Ending::Killed => {}
            }
        }
        match (first, after) {
            (Some(cause), Some(_)) if !cause.consequence => Some(cause.clone()),
            (first, after) => first.into_iter().chain(after).min().cloned(),
        }
    }

    fn ended(&self, phase: Phase) -> Option<Stamp> {
        let last = self.endings(phase).map(|(at, _)| *at).max();
        last.filter(|_| phase.both_ended())
            .or_else(|| self.killed.get().copied().filter(|_| phase.has(Phase::KILLED)))
    }

    fn state(&self, phase: Phase, stopping: bool) -> State {
        let side_killed = self.endings(phase).any(|(_, end)| matches!(end, Ending::Killed));
        if self.endings(phase).any(|(_, ending)| ending.has_failed()) {
            State::Failed
        } else if phase.has(Phase::KILLED) {
            State::Killed
        } else if phase.both_ended() {
            if side_killed { State::Killed } else { State::Succeeded }
        } else if !phase.has(Phase::STARTED) {
            State::Waiting
        } else if stopping || side_killed {
            State::Killing
        } else {
            State::Running
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn an_attempt_that_was_killed_before_is_not_started() {
        let attempt = Attempt::default();
        attempt.kill(Stamp::default());
        assert!(!attempt.start(Stamp::default()));
        let view = attempt.view(false);
        assert_eq!((view.state, view.started), (State::Killed, None));
    }

    #[test]
    fn what_ends_after_the_kill_says_nothing_any_more() {
        let attempt = Attempt::default();
        assert!(attempt.start(Stamp::default()));
        attempt.kill(Stamp::default());
        let failure = Failure::cause(Stamp::default(), None, "too late");
        attempt.end(Side::Reader, Stamp::default(), Ending::Failed(failure));
        attempt.end(Side::Writer, Stamp::default(), Ending::Done);
        let view = attempt.view(false);
        assert_eq!((view.state, view.failure), (State::Killed, None));
    }

    const TRIES: usize = 50_000;

    /// Looks at attempts until each has failed, while another thread fails them one after the other
    /// as their last side; how many of these looks were wrong.
    fn wrong_looks_at(attempts: &[Attempt]) -> usize {
        let is_right = |view: AttemptView| match view.state {
            State::Running => view.ended.is_none(),
            State::Failed => view.failure.is_some() && view.ended.is_some(),
            _ => false,
        };
        let mut wrong = 0;
        for attempt in attempts {
            while !attempt.is_over() {
                wrong += usize::from(!is_right(attempt.view(false)));
            }
            wrong += usize::from(!is_right(attempt.view(false)));
        }
        wrong
    }

    #[test]
    fn a_failure_is_never_seen_without_its_reason() {
        let attempts: Vec<_> = (0..TRIES).map(|_| Attempt::default()).collect();
        for attempt in &attempts {
            assert!(attempt.start(Stamp::default()));
            attempt.end(Side::Reader, Stamp::default(), Ending::Done);
        }
        let wrong = thread::scope(|scope| {
            let looking = scope.spawn(|| wrong_looks_at(&attempts));
            for attempt in &attempts {
                let failure = Failure::cause(Stamp::default(), None, "disk full");
                attempt.end(Side::Writer, Stamp::default(), Ending::Failed(failure));
            }
            looking.join().unwrap()
        });
        assert_eq!(wrong, 0);
    }
}
