//! A part, measured or tried, in a process of its own.

use crate::arguments::{MEASURED, PART};
use std::path::Path;
use std::process::Command;

/// What runs it, by this program or another build of it.
pub(crate) fn alone(program: &Path, part: &str, is_measured: bool) -> Command {
    let mut command = Command::new(program);
    command.args([PART, part]).args(is_measured.then_some(MEASURED));
    command
}
