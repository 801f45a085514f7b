//! The tables, as Markdown.

use crate::measure::{Standing, Standings, Turn};
use crate::subject::{FourCycles, Subject};
use std::sync::LazyLock;

/// What the ways of each row are compared with.
pub(crate) const FETCH_ADD: &str = "`fetch_add`, own line, 1 thread";

/// How long a cycle of the processor takes, in nanoseconds: at its quickest, as the minima are.
static CYCLE: LazyLock<f64> = LazyLock::new(|| {
    let mut cycles = FourCycles::default();
    let mut turn = || {
        Turn::of(|| {
            cycles.count(10_000);
            40_000
        })
    };
    (0..100).map(|_| turn().ns()).fold(f64::INFINITY, f64::min)
});

pub(crate) fn head() {
    print!("| {:46} | {:15} | {:41} | {:5} ", "row", "ns a", "way", "turns");
    print!("| {:>6} | {:>6} | {:>6} ", "min", "median", "cycles");
    println!("| {:>9} | {:>6} | {:24} |", "fetch_add", "peer", "to reach");
    println!("|---|---|---|---:|---:|---:|---:|---:|---:|---|");
}

impl Standings {
    /// Prints a line for each way. What ours is to reach stands in the first.
    pub(crate) fn rows(&self, peer: &str, target: &str) {
        let Standings { title, unit, turns, ways } = self;
        let min = |name| ways.iter().find(|way| way.name == name).unwrap().best;
        let beside = [min(FETCH_ADD), min(peer)];
        for (i, way) in ways.iter().enumerate() {
            let (title, unit, target) =
                if i == 0 { (&**title, *unit, target) } else { ("", "", "") };
            print!("| {title:46} | {unit:15} | {:41} | {turns:5} ", way.name);
            println!("{}| {target:24} |", way.figures(beside));
        }
    }
}

impl Standing {
    fn figures(&self, beside: [f64; 2]) -> String {
        let Standing { best, median, .. } = self;
        let [fetch_add, peer] = beside.map(|other| best / other);
        let (min, median, cycles) = (short(*best), short(*median), short(best / *CYCLE));
        let (fetch_add, peer) = (short(fetch_add), short(peer));
        format!("| {min:>6} | {median:>6} | {cycles:>6} | {fetch_add:>9} | {peer:>6} ")
    }
}

fn short(figure: f64) -> String {
    if figure < 100.0 { format!("{figure:.2}") } else { format!("{figure:.0}") }
}
