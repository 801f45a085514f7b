//! This program beside another build of it, turn about: what it costs to be built otherwise.

use crate::alone::alone;
use std::env;
use std::path::Path;

/// The parts that are compared: what programs do most.
const PARTS: [&str; 2] = ["hot", "threads-2"];

/// How often each of the programs measures a part.
const ROUNDS: usize = 3;

/// Prints a table of the least nanoseconds of both, or says why there is none.
pub(crate) fn show(other: &str) -> Result<(), String> {
    let compare = |part| compare(Path::new(other), part, ROUNDS, true);
    let tables = PARTS.into_iter().map(compare).collect::<Result<Vec<_>, _>>()?;
    println!("\n## Beside another build\n");
    println!("| {:43} | {:41} | {:>6} | {:>6} | {:>5} |", "row", "way", "this", "other", "ratio");
    println!("|---|---|---:|---:|---:|");
    for Line { row, way, ns: [this, other] } in tables.into_iter().flatten() {
        let ratio = this / other;
        println!("| {row:43} | {way:41} | {this:6.2} | {other:6.2} | {ratio:5.2} |");
    }
    Ok(())
}

/// Compares this program with itself, once.
pub(crate) fn try_one() {
    let lines = compare(&env::current_exe().unwrap(), PARTS[0], 1, false).unwrap();
    assert!(lines.iter().all(|line| line.ns.iter().all(|ns| ns.is_finite())));
    assert!(lines.len() > PARTS.len());
}

/// A line of the table of a part: of what, by whom, and the least nanoseconds of either program.
struct Line {
    row: String,
    way: String,
    ns: [f64; 2],
}

fn compare(
    other: &Path,
    part: &str,
    rounds: usize,
    is_measured: bool,
) -> Result<Vec<Line>, String> {
    let this = env::current_exe().unwrap();
    let mut best: Vec<Line> = Vec::new();
    for _ in 0..rounds {
        for (i, program) in [&this, other].into_iter().enumerate() {
            let lines = measured(program, part, is_measured, i)?;
            best = if best.is_empty() { lines } else { least(best, lines)? };
        }
    }
    Ok(best)
}

/// What a program says that a part takes: as the program with this number.
fn measured(
    program: &Path,
    part: &str,
    is_measured: bool,
    number: usize,
) -> Result<Vec<Line>, String> {
    let output = alone(program, part, is_measured).output();
    let output =
        output.map_err(|error| format!("`{}` can't be run: {error}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Option<Vec<Line>> = said.lines().map(|line| read(line, number)).collect();
    let lines = lines.filter(|lines| output.status.success() && !lines.is_empty());
    lines.ok_or_else(|| format!("`{}` did not measure the part `{part}`", program.display()))
}

fn read(line: &str, number: usize) -> Option<Line> {
    let mut columns = line.split('|').map(str::trim).skip(1);
    let mut next = |skipped| columns.nth(skipped).map(str::to_owned);
    let (row, way, min) = (next(0)?, next(1)?, next(1)?);
    let mut ns = [f64::INFINITY; 2];
    ns[number] = min.parse().ok()?;
    Some(Line { row, way, ns })
}

fn least(best: Vec<Line>, others: Vec<Line>) -> Result<Vec<Line>, String> {
    let ways =
        |lines: &[Line]| -> Vec<String> { lines.iter().map(|line| line.way.clone()).collect() };
    if ways(&best) != ways(&others) {
        return Err("the programs have other ways: build both of the same sources".to_owned());
    }
    let pairs = best.into_iter().zip(others);
    let least = pairs.map(|(best, other)| {
        let ns = [0, 1].map(|i| best.ns[i].min(other.ns[i]));
        Line { ns, ..best }
    });
    Ok(least.collect())
}
