//! The tables, as Markdown.

use crate::measure::{Standing, Standings};

/// What the ways of each row are compared with.
pub(crate) const FETCH_ADD: &str = "`fetch_add`, own line, 1 thread";

pub(crate) fn head() {
    print!("| {:43} | {:15} | {:41} | {:5} ", "row", "ns a", "way", "turns");
    print!("| {:>6} | {:>6} | {:>6} ", "min", "median", "M/s");
    println!("| {:>9} | {:>6} | {:23} |", "fetch_add", "peer", "to reach");
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
            print!("| {title:43} | {unit:15} | {:41} | {turns:5} ", way.name);
            println!("{}| {target:23} |", way.figures(beside));
        }
    }
}

impl Standing {
    fn figures(&self, beside: [f64; 2]) -> String {
        let Standing { best, median, .. } = self;
        let [fetch_add, peer] = beside.map(|other| best / other);
        let (min, median, millions) = (short(*best), short(*median), short(1e3 / best));
        let (fetch_add, peer) = (short(fetch_add), short(peer));
        format!("| {min:>6} | {median:>6} | {millions:>6} | {fetch_add:>9} | {peer:>6} ")
    }
}

fn short(figure: f64) -> String {
    if figure < 100.0 { format!("{figure:.2}") } else { format!("{figure:.0}") }
}
