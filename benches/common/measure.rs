//! Measures ways to do the same, turn about.

use std::time::{Duration, Instant};

/// What a turn did: so many of what is counted, in that time.
pub(crate) struct Turn {
    pub(crate) count: u64,
    pub(crate) took: Duration,
}

impl Turn {
    /// Times `work`, which says how much it did.
    pub(crate) fn of(work: impl FnOnce() -> u64) -> Turn {
        let start = Instant::now();
        let count = work();
        Turn { count, took: start.elapsed() }
    }

    /// Nanoseconds for each of what is counted.
    pub(crate) fn ns(&self) -> f64 {
        self.took.as_secs_f64() * 1e9 / self.count as f64
    }
}

/// Several ways to do the same. What a loaded machine takes from one it takes from all: they have their
/// turns one after the other, and again.
pub(crate) struct Contest<'a> {
    title: String,
    unit: &'static str,
    ways: Vec<Way<'a>>,
}

struct Way<'a> {
    name: &'static str,
    turn: Box<dyn FnMut() -> Turn + 'a>,
    /// Nanoseconds for each of what is counted.
    ns: Vec<f64>,
}

impl<'a> Contest<'a> {
    /// Counts what `unit` names.
    pub(crate) fn new(title: impl Into<String>, unit: &'static str) -> Contest<'a> {
        Contest { title: title.into(), unit, ways: Vec::new() }
    }

    /// One more way.
    pub(crate) fn way(
        mut self,
        name: &'static str,
        turn: impl FnMut() -> Turn + 'a,
    ) -> Contest<'a> {
        self.ways.push(Way { name, turn: Box::new(turn), ns: Vec::new() });
        self
    }

    /// Gives each way so many turns, and one before that which does not count.
    pub(crate) fn run(mut self, turns: usize) -> Standings {
        self.turn_about();
        self.ways.iter_mut().for_each(|way| way.ns.clear());
        (0..turns).for_each(|_| self.turn_about());
        let Contest { title, unit, ways } = self;
        Standings { title, unit, turns, ways: ways.into_iter().map(Way::standing).collect() }
    }

    fn turn_about(&mut self) {
        for way in &mut self.ways {
            way.ns.push((way.turn)().ns());
        }
    }
}

impl Way<'_> {
    fn standing(mut self) -> Standing {
        self.ns.sort_by(f64::total_cmp);
        Standing { name: self.name, best: self.ns[0], median: self.ns[self.ns.len() / 2] }
    }
}

/// How the ways did, in their order.
pub(crate) struct Standings {
    pub(crate) title: String,
    pub(crate) unit: &'static str,
    pub(crate) turns: usize,
    pub(crate) ways: Vec<Standing>,
}

/// How one way did: nanoseconds for each of what is counted.
pub(crate) struct Standing {
    pub(crate) name: &'static str,
    pub(crate) best: f64,
    pub(crate) median: f64,
}
