//! How many instructions the rows of one thread take: the same on each run, whatever else the machine does.

use crate::arguments::LOOP;
use crate::row::Row;
use crate::values::VALUES;
use crate::{hot, lookup, scattered, timed};
use std::env;
use std::io::ErrorKind;
use std::process::{Command, Output};

/// How often a loop runs, and how often again: what they differ by is the loop's.
const TIMES: [u64; 2] = [10 * VALUES as u64, 60 * VALUES as u64];

/// Prints a table, or that there is no valgrind.
pub(crate) fn show() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not installed, so no instructions are counted.");
        return;
    }
    println!("\n## Instructions\n\n| {:42} | {:41} | {:>12} |", "row", "way", "instructions");
    println!("|---|---|---:|");
    for Row { what, ways, .. } in rows() {
        for (name, _) in ways {
            println!("| {what:42} | {name:41} | {:12.2} |", each(what, name).unwrap());
        }
    }
}

/// All rows of one thread that never ask for the time.
fn rows() -> impl Iterator<Item = Row> {
    let looked_up = [lookup::row()].into_iter();
    hot::rows().into_iter().chain(looked_up).chain(timed::rows()).chain(scattered::rows())
}

/// Counts the instructions of one loop, unless there is no valgrind.
pub(crate) fn try_one() {
    let Row { what, ways, .. } = &hot::rows()[0];
    assert!(each(what, ways[0].0).is_none_or(|each| each >= 1.0));
}

/// How many instructions a loop takes each time; `None` without valgrind.
fn each(what: &str, name: &str) -> Option<f64> {
    let [few, many] = TIMES.map(|times| collected(&of(what, name), times));
    Some((many? - few?) as f64 / (TIMES[1] - TIMES[0]) as f64)
}

fn of(what: &str, name: &str) -> String {
    format!("{what}: {name}")
}

/// The instructions of a process that runs the loop so often.
fn collected(name: &str, times: u64) -> Option<u64> {
    let program = env::current_exe().unwrap();
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    match valgrind.args([LOOP, name, &times.to_string()]).output() {
        Ok(output) => Some(count(&output)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("valgrind: {error}"),
    }
}

/// What callgrind says last: `==1== Collected : 123`.
fn count(output: &Output) -> u64 {
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    assert!(output.status.success() && count.is_some(), "{said}");
    count.unwrap()
}

/// Runs one loop so often.
pub(crate) fn run_loop(name: &str, times: u64) {
    let ways =
        |Row { what, ways, .. }| ways.into_iter().map(move |(way, make)| (of(what, way), make));
    let make = rows().flat_map(ways).find(|(way, _)| way == name).unwrap().1;
    let mut subject = make();
    subject.count(times);
    assert_eq!(subject.counted(), times);
}
