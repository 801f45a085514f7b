//! Measures ways to do the same, turn about, and shows them beside the first.

use std::time::{Duration, Instant};

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// Series of a registry.
    pub(crate) series: usize,
    /// How often each way has its turn.
    pub(crate) turns: usize,
    /// Reports that a turn sends.
    pub(crate) reports: usize,
    /// How often each way of sending has its turn.
    pub(crate) sends: usize,
}

impl Scale {
    pub(crate) const FULL: Scale = Scale { series: 10_000, turns: 101, reports: 50, sends: 15 };
    pub(crate) const TINY: Scale = Scale { series: 100, turns: 1, reports: 3, sends: 1 };
}

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

    fn ns(&self) -> f64 {
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
    /// Nanoseconds for each of what is counted, sorted in the end.
    ns: Vec<f64>,
}

impl<'a> Contest<'a> {
    /// Counts what `unit` names.
    pub(crate) fn new(title: String, unit: &'static str) -> Contest<'a> {
        Contest { title, unit, ways: Vec::new() }
    }

    /// One more way; the others are compared with the first.
    pub(crate) fn way(
        mut self,
        name: &'static str,
        turn: impl FnMut() -> Turn + 'a,
    ) -> Contest<'a> {
        self.ways.push(Way { name, turn: Box::new(turn), ns: Vec::new() });
        self
    }

    /// Gives each way so many turns, and one before that which does not count; then shows them, unless that
    /// is one turn only.
    pub(crate) fn run(mut self, turns: usize) {
        self.turn_about();
        self.ways.iter_mut().for_each(|way| way.ns.clear());
        (0..turns).for_each(|_| self.turn_about());
        self.ways.iter_mut().for_each(|way| way.ns.sort_by(f64::total_cmp));
        if turns > 1 {
            self.show(turns);
        }
    }

    fn turn_about(&mut self) {
        for way in &mut self.ways {
            way.ns.push((way.turn)().ns());
        }
    }

    fn show(&self, turns: usize) {
        let Contest { title, unit, ways } = self;
        let Some(first) = ways.first() else { return };
        println!("\n{title}, {turns} turns each");
        let (ns, millions, than) = (format!("ns a {unit}"), "M/s", "of the first");
        println!("{:46}{ns:^18}{millions:^18}{than:^16}", "");
        let (best, usual) = ("best", "median");
        println!("{:46}{best:>8}{usual:>9} {best:>8}{usual:>9} {best:>7}{usual:>8}", "");
        ways.iter().for_each(|way| way.show(first));
    }
}

impl Way<'_> {
    fn best_and_median(&self) -> [f64; 2] {
        [self.ns[0], self.ns[self.ns.len() / 2]]
    }

    fn show(&self, first: &Way<'_>) {
        let ([best, median], [first_best, first_median]) =
            (self.best_and_median(), first.best_and_median());
        let parts = [best / first_best, median / first_median];
        print!("{:46}{best:8.1}{median:9.1} ", self.name);
        print!("{:8.2}{:9.2} ", 1e3 / best, 1e3 / median);
        println!("{:7.3}{:8.3}", parts[0], parts[1]);
    }
}
