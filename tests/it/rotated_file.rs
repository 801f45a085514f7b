//! A file that is rotated by size: what it holds after whatever was written, renamed, or could not be.

mod full;
mod laws;
mod odd_paths;
mod outside;

use std::fs;
use std::path::{Path, PathBuf};

/// The old files and the current one, oldest first, as far as they are there.
fn texts(path: &Path) -> Vec<String> {
    let paths = (1..20).rev().map(|number| old(path, number)).chain([path.to_owned()]);
    paths.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn old(path: &Path, number: u32) -> PathBuf {
    PathBuf::from(format!("{}.{number}", path.display()))
}
