//! What counting costs: the tables of `docs/performance.md`.
//!
//! `cargo bench --bench counting` prints them, as Markdown; with `--profile lto` as a program that is built
//! with link-time optimisation, and with `-- --instructions` the instructions that callgrind counts. Words
//! behind `--` choose the parts whose names have one of them. `cargo test` tries every way once with little,
//! which measures nothing, but checks that each counts what it should.
//!
//! Each part runs in a process of its own, since memory and threads that were are part of what it measures.

mod collect;
mod datax;
mod hdr;
mod heap;
mod hot;
mod instructions;
#[path = "../common/measure.rs"]
mod measure;
mod memory;
mod ours;
mod scale;
mod series;
mod subject;
mod table;
mod threads;
mod values;

use scale::Scale;
use std::env;
use std::process::{Command, Stdio};

/// What prints the head of a table, and the parts that print its lines.
type Table = (fn(), &'static [Part]);
type Part = (&'static str, fn(Scale));

const TABLES: [Table; 3] = [
    (
        table::head,
        &[
            ("hot", hot::measure),
            ("threads-2", threads::two),
            ("threads-8", threads::eight),
            ("collect-counters-1", collect::one_thread),
            ("collect-counters-2", collect::two_threads),
            ("collect-job", collect::job),
        ],
    ),
    (
        memory::series_head,
        &[("heap-counters", heap::counters), ("heap-histograms", heap::histograms)],
    ),
    (memory::collections_head, &[("allocations", collect::allocations)]),
];

/// What cargo says to a benchmark that is to be measured, and not to one that is tested.
const MEASURED: &str = "--bench";
/// What this program says to itself, before the name of a part.
const PART: &str = "--part";

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let is_measured = words.contains(&MEASURED);
    match words[..] {
        [instructions::LOOP, name, times] => instructions::run_loop(name, times.parse().unwrap()),
        [PART, name, ..] => run(name, if is_measured { Scale::FULL } else { Scale::TINY }),
        _ if words.contains(&"--instructions") => instructions::show(),
        _ => {
            let asked: Vec<&str> =
                words.into_iter().filter(|word| !word.starts_with('-')).collect();
            run_all(&asked, is_measured);
            if !is_measured && asked.is_empty() {
                instructions::try_one();
            }
        }
    }
}

/// Runs the parts that are asked for, one after the other.
fn run_all(asked: &[&str], is_measured: bool) {
    for (head, parts) in TABLES {
        let is_asked =
            |name: &str| asked.is_empty() || asked.iter().any(|word| name.contains(word));
        let parts: Vec<&Part> = parts.iter().filter(|(name, _)| is_asked(name)).collect();
        if is_measured && !parts.is_empty() {
            head();
        }
        parts.iter().for_each(|(name, _)| run_alone(name, is_measured));
    }
}

/// Runs a part in a process of its own. What is only tried shows nothing.
fn run_alone(name: &str, is_measured: bool) {
    let mut part = Command::new(env::current_exe().unwrap());
    match is_measured {
        true => part.args([PART, name, MEASURED]),
        false => part.args([PART, name]).stdout(Stdio::null()),
    };
    assert!(part.status().unwrap().success(), "the part `{name}` failed");
}

fn run(name: &str, scale: Scale) {
    let mut parts = TABLES.iter().flat_map(|(_, parts)| parts.iter());
    parts.find(|part| part.0 == name).unwrap().1(scale);
}
