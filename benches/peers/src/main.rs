//! Other libraries of metrics beside this one: the same work by each, in one run.
//!
//! `cargo run --release -p flowmeter-peers` prints tables, as Markdown, and a summary at the end; with `-- --help` it
//! says how to ask for some of them. `cargo test -p flowmeter-peers` tries every way once with little, which measures
//! nothing, but checks that each counts what it should, and that another thread sees it.
//!
//! Each library is used as its own documents say is fastest. The ways of a row have their turns one after the other,
//! and again, so that what a loaded machine takes from one it takes from all. A row's ratio is what its best peer
//! takes, by what this library does: from 1 on it is at least as good. Allocations are counted in all parts, by some
//! 4 ns each, which whoever allocates much pays when registering.

mod arguments;
mod builds;
mod counting;
mod go;
mod labels;
mod ours;
mod peers;
mod process;
mod quantiles;
mod race;
mod rows;
mod series;
mod table;
mod text;
mod versions;

// What the benchmark of counting has, of which it uses more than this one.
#[path = "../../common/measure.rs"]
mod measure;
#[path = "../../counting/memory.rs"]
#[allow(dead_code)]
mod memory;
#[path = "../../counting/processor.rs"]
mod processor;
#[path = "../../counting/scale.rs"]
#[allow(dead_code)]
mod scale;
#[path = "../../counting/subject.rs"]
#[allow(dead_code)]
mod subject;
#[path = "../../counting/together.rs"]
mod together;
#[path = "../../counting/values.rs"]
mod values;

use arguments::{Asked, USAGE, understand};
use process::run_alone;
use rows::{by_handle, collect, lookup, many};
use scale::Scale;
use std::env;
use std::process::ExitCode;

/// What stands over it, what prints its head, and the parts that print its lines.
type Section = (&'static str, fn(), &'static [Part]);
type Part = (&'static str, fn(Scale));

const SECTIONS: [Section; 6] = [
    (
        "Counting",
        table::head,
        &[
            ("counter-1", by_handle::counter),
            ("counter-2", by_handle::counter_by_two),
            ("counter-8", by_handle::counter_by_eight),
            ("gauge", by_handle::gauge),
            ("histogram-1", by_handle::histogram),
            ("histogram-2", by_handle::histogram_by_two),
            ("timer", by_handle::timer),
        ],
    ),
    ("Looking up", table::head, &[("lookup-1", lookup::by_one), ("lookup-2", lookup::by_two)]),
    ("Many counters", table::head, &[("register", many::register), ("heap", many::heap)]),
    (
        "Reading",
        table::head,
        &[("collect-counters", collect::counters), ("collect-histograms", collect::histograms)],
    ),
    ("Building", table::head, &[("builds", builds::measure)]),
    ("go-metrics, in Go", go::head, &[("go-metrics", go::measure)]),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let answered = understand(&arguments, &names()).and_then(answer);
    if let Err(error) = answered {
        eprintln!("peers: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Does what is asked for, or says why it can't.
fn answer(asked: Asked<'_>) -> Result<(), String> {
    match asked {
        Asked::Help => println!("{USAGE}\n\nThe parts are {}.", names().join(", ")),
        Asked::Part { name, is_measured } => run(name, is_measured),
        Asked::Try(words) => _ = run_all(&words, false)?,
        Asked::Measure(words) => {
            println!("## Versions\n");
            versions::show();
            let summary = run_all(&words, true)?;
            println!("\n## Summary\n");
            table::summary_head();
            summary.iter().for_each(|line| println!("{line}"));
        }
    }
    Ok(())
}

/// Runs the parts that are asked for, one after the other, and gives the lines of the summary.
fn run_all(asked: &[&str], is_measured: bool) -> Result<Vec<String>, String> {
    let mut summary = Vec::new();
    for (title, head, parts) in SECTIONS {
        let is_asked =
            |name: &str| asked.is_empty() || asked.iter().any(|word| name.contains(word));
        let parts: Vec<&Part> = parts.iter().filter(|(name, _)| is_asked(name)).collect();
        if is_measured && !parts.is_empty() {
            println!("\n## {title}\n");
            head();
        }
        for (name, _) in parts {
            summary.extend(run_alone(name, is_measured)?);
        }
    }
    Ok(summary)
}

fn run(name: &str, is_measured: bool) {
    let scale = if is_measured { Scale::FULL } else { Scale::TINY };
    parts().find(|part| part.0 == name).unwrap().1(scale);
}

fn names() -> Vec<&'static str> {
    parts().map(|(name, _)| *name).collect()
}

fn parts() -> impl Iterator<Item = &'static Part> {
    SECTIONS.iter().flat_map(|(_, _, parts)| parts.iter())
}
