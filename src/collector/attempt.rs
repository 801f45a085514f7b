//! One try at a task: how its two sides have ended, and the state that follows.

use crate::clock::Stamp;
use crate::communication::{Failure, Side, State};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, OnceLock};

/// How a side ended.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    Done,
    Killed,
    Failed(Failure),
    /// Failed for a reason of its own, as it says, but only after it had found the other side gone.
    FailedAfterGone(Failure),
}

/// An attempt: written by the task's start, its sides and the job's end, read by collectors.
///
/// What an ending says is stored before the phase that announces it, so whoever sees a failed
/// attempt sees why.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    phase: AtomicU16,
    started: OnceLock<Stamp>,
    /// By side.
    ended: [OnceLock<Stamp>; 2],
    killed: OnceLock<Stamp>,
    /// Why each side failed: elsewhere, because few do.
    failures: OnceLock<Box<[OnceLock<Arc<Failure>>; 2]>>,
}

/// An attempt at one moment.
pub(super) struct AttemptView<'a> {
    pub(super) state: State,
    pub(super) started: Option<Stamp>,
    pub(super) ended: Option<Stamp>,
    pub(super) failure: Option<&'a Arc<Failure>>,
}

/// What has been announced, as bits.
#[derive(Clone, Copy)]
struct Phase(u16);

impl Phase {
    const STARTED: u16 = 1;
    /// The job ended before the attempt did; nothing is announced after it.
    const KILLED: u16 = 2;

    // Of each side.
    const ENDED: u16 = 1 << 4;
    const SIDE_KILLED: u16 = 1 << 5;
    const FAILED: u16 = 1 << 6;
    const AFTER_GONE: u16 = 1 << 7;

    /// The bit of one side.
    fn of(side: Side, bit: u16) -> u16 {
        match side {
            Side::Reader => bit,
            Side::Writer => bit << 4,
        }
    }

    /// What the end of a side announces.
    fn ended(side: Side, ending: &Ending) -> u16 {
        let how = match ending {
            Ending::Done => 0,
            Ending::Killed => Phase::SIDE_KILLED,
            Ending::Failed(_) => Phase::FAILED,
            Ending::FailedAfterGone(_) => Phase::FAILED | Phase::AFTER_GONE,
        };
        Phase::of(side, Phase::ENDED | how)
    }

    #[inline]
    fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }

    #[inline]
    fn either(self, bit: u16) -> bool {
        self.has(bit | bit << 4)
    }

    #[inline]
    fn both_ended(self) -> bool {
        self.has(Phase::ENDED) && self.has(Phase::of(Side::Writer, Phase::ENDED))
    }

    /// Whether nothing more will come.
    #[inline]
    fn is_over(self) -> bool {
        self.has(Phase::KILLED) || self.both_ended()
    }

    /// The state that follows, in a job that is `stopping` or not.
    #[inline]
    fn state(self, stopping: bool) -> State {
        let side_killed = self.either(Phase::SIDE_KILLED);
        if self.either(Phase::FAILED) {
            State::Failed
        } else if self.has(Phase::KILLED) {
            State::Killed
        } else if self.both_ended() {
            if side_killed { State::Killed } else { State::Succeeded }
        } else if !self.has(Phase::STARTED) {
            State::Waiting
        } else if stopping || side_killed {
            State::Killing
        } else {
            State::Running
        }
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
        let announcement = Phase::ended(side, &ending);
        let _ = self.ended[side as usize].set(at);
        if let Ending::Failed(failure) | Ending::FailedAfterGone(failure) = ending {
            let failures = self.failures.get_or_init(Box::default);
            let _ = failures[side as usize].set(Arc::new(failure));
        }
        self.announce(announcement);
    }

    /// Kills the attempt, unless it has come to an end of its own.
    pub(super) fn kill(&self, at: Stamp) {
        let _ = self.killed.set(at);
        self.advance(Phase::KILLED, |phase| !phase.state(false).is_finished());
    }

    /// Whether nothing more will come of the attempt.
    pub(super) fn is_over(&self) -> bool {
        self.phase().is_over()
    }

    /// The attempt now, in a job that is `stopping` or not.
    #[inline]
    pub(super) fn view(&self, stopping: bool) -> AttemptView<'_> {
        let phase = self.phase();
        AttemptView {
            state: phase.state(stopping),
            started: if phase.has(Phase::STARTED) { self.started.get().copied() } else { None },
            ended: if phase.is_over() { self.ended(phase) } else { None },
            failure: self.failure(phase),
        }
    }

    /// Announces a start or an end, unless the attempt was killed.
    fn announce(&self, bits: u16) -> bool {
        self.advance(bits, |phase| !phase.has(Phase::KILLED))
    }

    /// Adds bits if the phase allows it, as one step.
    fn advance(&self, bits: u16, allowed: impl Fn(Phase) -> bool) -> bool {
        // Release: what was stored before is seen by whoever sees the bits. Acquire: and here.
        let before = self.phase.fetch_update(Ordering::Release, Ordering::Acquire, |phase| {
            allowed(Phase(phase)).then_some(phase | bits)
        });
        before.is_ok()
    }

    #[inline]
    fn phase(&self) -> Phase {
        Phase(self.phase.load(Ordering::Acquire))
    }

    /// Why the attempt failed: the first cause of the two sides. What a side says after it found the
    /// other one gone is a cause, unless that one went because it had failed.
    #[inline]
    fn failure(&self, phase: Phase) -> Option<&Arc<Failure>> {
        if phase.either(Phase::FAILED) { self.first_failure(phase) } else { None }
    }

    #[cold]
    fn first_failure(&self, phase: Phase) -> Option<&Arc<Failure>> {
        let failures = self.failures.get()?;
        let (mut first, mut after) = (None, None);
        for side in [Side::Reader, Side::Writer] {
            let failed = phase.has(Phase::of(side, Phase::FAILED));
            let Some(failure) = failures[side as usize].get().filter(|_| failed) else { continue };
            match phase.has(Phase::of(side, Phase::AFTER_GONE)) {
                false => first = first.into_iter().chain([failure]).min(),
                true => after = Some(failure),
            }
        }
        match (first, after) {
            (Some(cause), Some(_)) if !cause.consequence => Some(cause),
            (first, after) => first.into_iter().chain(after).min(),
        }
    }

    fn ended(&self, phase: Phase) -> Option<Stamp> {
        match phase.both_ended() {
            true => self.ended.iter().filter_map(OnceLock::get).max().copied(),
            false => self.killed.get().copied(),
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
        let is_right = |view: AttemptView<'_>| match view.state {
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
