//! Rows counted where there is no place for a handle: by a macro, by an enum, and by texts that only a run knows.

use flowmeter::{Counter, Family, Label, Registry, TypedFamily, counter, timer};
use std::error::Error;

/// What became of a row.
#[derive(Clone, Copy)]
enum Outcome {
    Kept,
    Refused,
}

impl Label for Outcome {
    const NAME: &'static str = "outcome";
    const VALUES: &'static [&'static str] = &["kept", "refused"];

    fn index(self) -> usize {
        self as usize
    }
}

/// Looks nothing up: the call site finds its metric by itself.
fn is_good(registry: &Registry, row: &str) -> bool {
    counter!(registry, "checks", stage = "parse").inc();
    timer!(registry, "check").time(|| row.split(',').count() == 3)
}

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let rows: TypedFamily<Counter, Outcome> = registry.metric("rows").typed_family()?;
    let files: Family<Counter, 1> = registry.metric("files").family(["table"])?;

    for (table, row) in [("flights", "a,b,c"), ("weather", "a,b"), ("flights", "d,e,f")] {
        files.of([table]).inc();
        let outcome = if is_good(&registry, row) { Outcome::Kept } else { Outcome::Refused };
        rows.of(outcome).inc();
    }
    // A slip: `rows` is no gauge. It counts nothing, and the registry knows why.
    flowmeter::gauge!(registry, "rows").set(1.0);

    let now = registry.collect();
    for name in ["checks", "files", "rows"] {
        for series in now.series().filter(|series| series.key.name() == name) {
            println!("{} {:?}", series.key, series.value);
        }
    }
    println!("refused: {:?}", registry.refusals());
    Ok(())
}
