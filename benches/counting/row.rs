//! A row of one thread: ways to count the same, turn about.

use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::subject::{Subject, times_in, turn};
use crate::values::VALUES;
use std::collections::VecDeque;

pub(crate) type Make = fn() -> Box<dyn Subject>;

/// What is counted, and who counts it.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) target: &'static str,
    pub(crate) peer: &'static str,
    pub(crate) ways: Vec<(&'static str, Make)>,
}

impl Row {
    pub(crate) fn measure(self, scale: Scale) {
        let Row { what, unit, target, peer, ways } = self;
        let mut contest = Contest::new(what, unit);
        for (name, make) in ways {
            contest = contest.way(name, elsewhere(make, scale));
        }
        contest.run(scale.short_turns).rows(peer, target);
    }
}

/// How many subjects have the turns of a way.
const SUBJECTS: usize = 101;

/// Turns of which each has another subject, at another address. Some addresses are unlucky: a processor that
/// compares the last 12 bits of them takes what is read there for what was just written elsewhere, and waits.
pub(crate) fn elsewhere(make: Make, scale: Scale) -> impl FnMut() -> Turn {
    let times = times_in(scale.turn, &mut *make());
    let mut subjects = VecDeque::new();
    move || {
        let next = if subjects.len() < SUBJECTS { make() } else { subjects.pop_front().unwrap() };
        subjects.push_back(next);
        let subject = &mut **subjects.back_mut().unwrap();
        // Before it is timed, so that its first touch of memory is over.
        subject.count(VALUES as u64);
        turn(subject, times)
    }
}

/// One that is as it is by default.
pub(crate) fn of<S: Subject + Default + 'static>() -> Box<dyn Subject> {
    Box::<S>::default()
}
