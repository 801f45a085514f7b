//! The tables, as Markdown, and the lines of the summary.

use crate::measure::{Standing, Standings};

/// What a line begins with that is kept for the summary.
pub(crate) const SUMMARY: &str = "summary: ";

/// Ways whose figures are shown, but which are no rivals: what they do is less.
const NO_RIVALS: [&str; 2] = ["beside: ", "late: "];

pub(crate) fn head() {
    println!("| row | of what | way | turns | min | median | to flowmeter |");
    println!("|---|---|---|---:|---:|---:|---:|");
}

pub(crate) fn summary_head() {
    println!("| row | flowmeter | best peer | takes | ratio | of medians | to reach |");
    println!("|---|---:|---|---:|---:|---:|---|");
}

impl Standings {
    /// Prints a line for each way, ours first, and one for the summary: beside the best of the rivals.
    pub(crate) fn show(&self, target: &str) {
        self.lines();
        let rivals = self.ways[1..].iter().filter(|way| way.is_rival());
        if let Some(best) = rivals.min_by(|a, b| a.best.total_cmp(&b.best)) {
            self.sum_up(best, target);
        }
    }

    /// The same, but beside the way with this name.
    pub(crate) fn show_beside(&self, name: &str, target: &str) {
        self.lines();
        self.sum_up(self.ways.iter().find(|way| way.name == name).unwrap(), target);
    }

    fn lines(&self) {
        let Standings { title, unit, turns, ways } = self;
        for (i, way) in ways.iter().enumerate() {
            let Standing { name, best, median } = way;
            let (title, unit) = if i == 0 { (&**title, *unit) } else { ("", "") };
            let [min, median, ratio] = [*best, *median, best / ways[0].best].map(short);
            println!("| {title} | {unit} | {name} | {turns} | {min} | {median} | {ratio} |");
        }
    }

    fn sum_up(&self, peer: &Standing, target: &str) {
        let ours = &self.ways[0];
        let ratios = [peer.best / ours.best, peer.median / ours.median];
        let [min, theirs] = [ours.best, peer.best].map(short);
        let [ratio, of_medians] = ratios.map(short);
        let (title, unit, name) = (&self.title, self.unit, peer.name);
        print!("{SUMMARY}| {title} | {min} {unit} | {name} | {theirs} ");
        println!("| {ratio} | {of_medians} | {target} |");
    }
}

impl Standing {
    fn is_rival(&self) -> bool {
        !NO_RIVALS.iter().any(|mark| self.name.starts_with(mark))
    }
}

fn short(figure: f64) -> String {
    if figure < 100.0 { format!("{figure:.2}") } else { format!("{figure:.0}") }
}
