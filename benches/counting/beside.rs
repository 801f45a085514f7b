//! This program beside another build of it, turn about: what it costs to be built otherwise.

use crate::alone::alone;
use std::env;
use std::path::Path;

/// The parts that are compared: what programs do most.
const PARTS: [&str; 2] = ["hot", "threads-2"];

/// How often each of the programs measures a part.
const ROUNDS: usize = 3;

/// Prints a table of the least nanoseconds of both.
pub(crate) fn show(other: &str) {
    println!("\n## Beside another build\n");
    println!("| {:43} | {:41} | {:>6} | {:>6} | {:>5} |", "row", "way", "this", "other", "ratio");
    println!("|---|---|---:|---:|---:|");
    for part in PARTS {
        for Line { row, way, ns: [this, other] } in compare(Path::new(other), part, ROUNDS, true) {
            let ratio = this / other;
            println!("| {row:43} | {way:41} | {this:6.2} | {other:6.2} | {ratio:5.2} |");
        }
    }
}

/// Compares this program with itself, once.
pub(crate) fn try_one() {
    let lines = compare(&env::current_exe().unwrap(), PARTS[0], 1, false);
    assert!(lines.iter().all(|line| line.ns.iter().all(|ns| ns.is_finite())));
    assert!(lines.len() > PARTS.len());
}

/// A line of the table of a part: of what, by whom, and the least nanoseconds of either program.
struct Line {
    row: String,
    way: String,
    ns: [f64; 2],
}

fn compare(other: &Path, part: &str, rounds: usize, is_measured: bool) -> Vec<Line> {
    let this = env::current_exe().unwrap();
    let mut best: Vec<Line> = Vec::new();
    for _ in 0..rounds {
        for (i, program) in [&this, other].into_iter().enumerate() {
            let lines = measured(program, part, is_measured, i);
            best = if best.is_empty() { lines } else { least(best, lines) };
        }
    }
    best
}

/// What a program says that a part takes: as the program with this number.
fn measured(program: &Path, part: &str, is_measured: bool, number: usize) -> Vec<Line> {
    let output = alone(program, part, is_measured).output().unwrap();
    assert!(output.status.success(), "{program:?} failed in the part `{part}`");
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| read(line, number)).collect()
}

fn read(line: &str, number: usize) -> Line {
    let mut columns = line.split('|').map(str::trim).skip(1);
    let mut next = |skipped| columns.nth(skipped).unwrap().to_owned();
    let (row, way, min) = (next(0), next(1), next(1));
    let mut ns = [f64::INFINITY; 2];
    ns[number] = min.parse().unwrap();
    Line { row, way, ns }
}

fn least(best: Vec<Line>, others: Vec<Line>) -> Vec<Line> {
    assert_eq!(best.len(), others.len(), "the programs have other ways");
    let pairs = best.into_iter().zip(others);
    let least = pairs.map(|(best, other)| {
        assert_eq!(best.way, other.way, "the programs have other ways");
        let ns = [0, 1].map(|i| best.ns[i].min(other.ns[i]));
        Line { ns, ..best }
    });
    least.collect()
}
