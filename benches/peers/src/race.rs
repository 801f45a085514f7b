//! A row: ways to do the same, each checked, and then given its turns.

use crate::counting::Shared;
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::subject::{times_in, turn};
use crate::together::Together;
use crate::values::VALUES;
use std::collections::VecDeque;
use std::sync::mpsc::channel;
use std::thread;

/// How many subjects have the turns of a way of one thread.
const SUBJECTS: usize = 101;

/// How many threads count, and of whose time the figures are.
#[derive(Clone, Copy)]
pub(crate) enum Threads {
    One,
    /// Each of two, at the same time.
    Two,
    /// All of eight, which may be more than there are processors.
    Eight,
}

pub(crate) struct Race {
    contest: Contest<'static>,
    threads: Threads,
    scale: Scale,
}

impl Race {
    pub(crate) fn new(what: &str, unit: &'static str, threads: Threads, scale: Scale) -> Race {
        let title = match threads {
            Threads::One => format!("{what}, 1 thread"),
            Threads::Two => format!("{what}, 2 threads, each"),
            Threads::Eight => format!("{what}, 8 threads, total"),
        };
        Race { contest: Contest::new(title, unit), threads, scale }
    }

    /// One more way, if other threads see at once what it counted.
    pub(crate) fn way<S: Shared>(self, name: &'static str, make: fn() -> S) -> Race {
        see_from_elsewhere(&make());
        self.unseen(name, make)
    }

    /// One more way, of which others see only later what it counted: its name says so.
    pub(crate) fn unseen<S: Shared>(self, name: &'static str, make: fn() -> S) -> Race {
        let Race { contest, threads, scale } = self;
        let turns: Box<dyn FnMut() -> Turn> = match threads {
            Threads::One => Box::new(elsewhere(make, scale)),
            Threads::Two => Box::new(Together::two(scale).each(make())),
            Threads::Eight => Box::new(Together::eight(scale).total(make())),
        };
        Race { contest: contest.way(name, turns), threads, scale }
    }

    /// Gives all of them their turns, and prints what they took.
    pub(crate) fn run(self, target: &str) {
        let Race { contest, threads, scale } = self;
        let turns = match threads {
            Threads::One => scale.short_turns,
            Threads::Two => scale.turns,
            Threads::Eight => scale.long_turns,
        };
        contest.run(turns).show(target);
    }
}

/// What a thread has counted is there for others while it still lives.
fn see_from_elsewhere<S: Shared>(subject: &S) {
    let (before, mut other) = (subject.counted(), subject.clone());
    let (counted, is_counted) = channel();
    let (end, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            other.count(VALUES as u64);
            counted.send(()).unwrap();
            // Until its sender is dropped.
            assert!(ended.recv().is_err());
        });
        // By value, so that it goes with a panic as well.
        let _end = end;
        is_counted.recv().unwrap();
        assert_eq!(subject.counted() - before, VALUES as u64);
    });
}

/// Turns of which each has another subject, at another address: some addresses are unlucky.
fn elsewhere<S: Shared>(make: fn() -> S, scale: Scale) -> impl FnMut() -> Turn {
    let times = times_in(scale.turn, &mut make());
    let mut subjects = VecDeque::new();
    move || {
        let next = if subjects.len() < SUBJECTS { make() } else { subjects.pop_front().unwrap() };
        subjects.push_back(next);
        let subject: &mut S = subjects.back_mut().unwrap();
        // Before it is timed, so that its first touch of memory is over.
        subject.count(VALUES as u64);
        turn(subject, times)
    }
}
