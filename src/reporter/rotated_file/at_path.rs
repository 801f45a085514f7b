//! The file at a path: opened to append to, and recognised.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// Opens the file, or creates it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::options().append(true).create(true).open(path)
}

/// Whether the file at `path`, of which `file` is the open one, ends within a line. One that can't be
/// read may.
pub(super) fn is_torn(path: &Path, file: &File) -> io::Result<bool> {
    let is_empty = file.metadata()?.len() == 0;
    Ok(!is_empty && last_byte(path).ok() != Some(b'\n'))
}

fn last_byte(path: &Path) -> io::Result<u8> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last[0])
}

/// Whether somebody deleted or renamed the file that is open. What can't be found out is taken as no.
pub(super) fn is_gone(path: &Path, file: &File) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(there) => Ok(!is_same(&there, &file.metadata()?)),
        Err(error) => Ok(error.kind() == ErrorKind::NotFound),
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Elsewhere files can't be told apart by the standard library.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
