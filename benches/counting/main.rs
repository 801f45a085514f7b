//! What counting costs: the tables of `docs/performance.md`.
//!
//! `cargo bench --bench counting` prints them, as Markdown; with `-- --help` it says how to ask for some of them.
//! `cargo test` tries every way once with little, which measures nothing, but checks that each counts what it
//! should.
//!
//! Each part runs in a process of its own, since memory and threads that were are part of what it measures.

mod alone;
mod arguments;
mod beside;
mod cold;
mod collect;
mod datax;
mod first;
mod hdr;
mod heap;
mod hot;
mod instructions;
mod jobs;
mod lookup;
#[path = "../common/measure.rs"]
mod measure;
mod memory;
mod no_cells;
mod ours;
mod processor;
mod rare;
mod row;
mod scale;
mod scattered;
mod series;
mod subject;
mod table;
mod threads;
mod timed;
mod together;
mod values;

use alone::alone;
use arguments::{Asked, USAGE, understand};
use scale::Scale;
use std::env;
use std::process::{ExitCode, Stdio};

/// What stands over it, what prints its head, and the parts that print its lines.
type Table = (&'static str, fn(), &'static [Part]);
type Part = (&'static str, fn(Scale));

const TABLES: [Table; 5] = [
    (
        "Counting",
        table::head,
        &[("hot", hot::measure), ("threads-2", threads::two), ("threads-8", threads::eight)],
    ),
    (
        "Counting otherwise",
        table::head,
        &[
            ("look-up", lookup::measure),
            ("timed", timed::measure),
            ("scattered", scattered::measure),
            ("first-count", first::measure),
            ("no-cells", no_cells::measure),
            ("rare", rare::measure),
        ],
    ),
    (
        "Collecting",
        table::head,
        &[
            ("collect-counters-1", collect::one_thread),
            ("collect-counters-2", collect::two_threads),
            ("collect-counters-64", collect::many_threads),
            ("collect-histograms", collect::histograms),
            ("collect-job", jobs::large),
            ("collect-warm-jobs", jobs::warm),
        ],
    ),
    (
        "Memory",
        memory::series_head,
        &[
            ("heap-process", heap::process),
            ("heap-counters", heap::counters),
            ("heap-histograms", heap::histograms),
        ],
    ),
    (
        "What a collection allocates",
        memory::collections_head,
        &[("allocations", collect::allocations)],
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let answered = understand(&arguments, &names()).and_then(answer);
    if let Err(error) = answered {
        eprintln!("counting: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Does what is asked for, or says why it can't.
fn answer(asked: Asked<'_>) -> Result<(), String> {
    match asked {
        Asked::Help => println!("{USAGE}\n\nThe parts are {}.", names().join(", ")),
        Asked::Loop { name, times } => instructions::run_loop(name, times),
        Asked::Part { name, is_measured } => run(name, is_measured),
        Asked::Beside(other) => return beside::show(other),
        Asked::Instructions => instructions::show(),
        Asked::Measure(words) => run_all(&words, true),
        Asked::Try(words) => {
            run_all(&words, false);
            if words.is_empty() {
                instructions::try_one();
                beside::try_one();
            }
        }
    }
    Ok(())
}

/// Runs the parts that are asked for, one after the other.
fn run_all(asked: &[&str], is_measured: bool) {
    for (title, head, parts) in TABLES {
        let is_asked =
            |name: &str| asked.is_empty() || asked.iter().any(|word| name.contains(word));
        let parts: Vec<&Part> = parts.iter().filter(|(name, _)| is_asked(name)).collect();
        if is_measured && !parts.is_empty() {
            println!("\n## {title}\n");
            head();
        }
        parts.iter().for_each(|(name, _)| run_alone(name, is_measured));
    }
}

/// Runs a part in a process of its own. What is only tried shows nothing.
fn run_alone(name: &str, is_measured: bool) {
    let mut part = alone(&env::current_exe().unwrap(), name, is_measured);
    if !is_measured {
        part.stdout(Stdio::null());
    }
    assert!(part.status().unwrap().success(), "the part `{name}` failed");
}

fn run(name: &str, is_measured: bool) {
    let scale = if is_measured { Scale::FULL } else { Scale::TINY };
    parts().find(|part| part.0 == name).unwrap().1(scale);
}

fn names() -> Vec<&'static str> {
    parts().map(|(name, _)| *name).collect()
}

fn parts() -> impl Iterator<Item = &'static Part> {
    TABLES.iter().flat_map(|(_, _, parts)| parts.iter())
}
