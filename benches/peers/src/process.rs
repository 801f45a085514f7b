//! A part in a process of its own, since memory and threads that were are part of what it measures.

use crate::arguments::{PART, TRY};
use crate::table::SUMMARY;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Runs it, shows its lines as they come, and gives those that are for the summary.
pub(crate) fn run_alone(part: &str, is_measured: bool) -> Result<Vec<String>, String> {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args((!is_measured).then_some(TRY)).args([PART, part]).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("`{part}` can't be run: {error}"))?;
    let (mut summary, said) = (Vec::new(), BufReader::new(child.stdout.take().unwrap()));
    for line in said.lines().map_while(Result::ok) {
        match line.strip_prefix(SUMMARY) {
            Some(line) => summary.push(line.to_owned()),
            None if is_measured => println!("{line}"),
            None => {}
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(summary),
        _ => Err(format!("the part `{part}` failed")),
    }
}
