//! go-metrics itself, by a program in Go, where there is a Go toolchain.

use crate::scale::Scale;
use std::path::Path;
use std::process::Command;

pub(crate) fn head() {
    println!("| row | ns a | way | turns | min | median |");
    println!("|---|---|---|---:|---:|---:|");
}

/// Runs the program, or says why not.
pub(crate) fn measure(scale: Scale) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("go");
    let mut go = Command::new("go");
    go.args(["run", "."]).args((scale.turns <= 1).then_some("-try")).current_dir(folder);
    match go.output() {
        Ok(output) if output.status.success() => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
        Ok(output) => eprintln!("go-metrics: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("go-metrics is left out, for `go` can't be run: {error}"),
    }
}
