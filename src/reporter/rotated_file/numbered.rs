//! The old files beside a path: `path.1` is the newest, `path.2` older.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::{fs, iter};

/// Renames the file at `path` to `path.1`, after the others made room. Of `keep`, which is 1 at least, the
/// oldest is replaced where there is no room.
pub(super) fn shift(path: &Path, keep: u32) -> io::Result<()> {
    let room = room(path, keep)?;
    for number in (1..room).rev() {
        fs::rename(old(path, number), old(path, number + 1))?;
    }
    fs::rename(path, old(path, 1))
}

/// Renames `path.1` back, as well as can be done.
pub(super) fn shift_back(path: &Path) {
    let _ = fs::rename(old(path, 1), path);
}

/// Deletes those beyond `keep`, as far as they have numbers without a gap and can be deleted.
pub(super) fn delete_beyond(path: &Path, keep: u32) {
    let numbers = iter::successors(keep.checked_add(1), |number| number.checked_add(1));
    let deleted = numbers.map(|number| fs::remove_file(old(path, number)));
    let _ = deleted.take_while(Result::is_ok).count();
}

/// The lowest number that is free, so that what a failed rotation left is not shifted out by the next
/// attempts; `keep` if none is.
fn room(path: &Path, keep: u32) -> io::Result<u32> {
    for number in 1..=keep {
        let old = old(path, number);
        match fs::symlink_metadata(&old) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(number),
            // A rename would move it away, with all that somebody else keeps there.
            Ok(there) if there.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            there => there?,
        };
    }
    Ok(keep)
}

fn old(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}
