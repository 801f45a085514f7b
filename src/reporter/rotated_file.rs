//! `RotatedFile`: a file that is appended to, and begun anew when it is full; some of the old ones stay.

mod at_path;
mod numbered;

use super::write_all::write_all;
use crate::metric::Counter;
use crate::text::OneLine;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// 64 MiB.
const ROTATE_AT: u64 = 64 << 20;
const KEEP: u32 = 5;

/// A file for [`Text`](crate::Text) or [`JsonLines`](crate::JsonLines), rotated by size: when it is full it is
/// renamed to `path.1`, what was `path.1` to `path.2` and so on, and the oldest is deleted.
///
/// ```
/// # use flowmeter::{JsonLines, Registry, Reporter, RotatedFile};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("reports.jsonl");
/// let file = RotatedFile::open(&path)?.rotate_at(10_000_000).keep(9);
/// let failed = file.failed_rotations();
/// let mut lines = JsonLines::new(file).with_figure("failed_rotations", failed);
/// lines.report(&Registry::new().report())?;
/// # Ok::<(), flowmeter::ReportError>(())
/// ```
///
/// - **A write is taken whole or not at all**, and is never spread over two files. The reporters make one write
///   of each report, so with them every file has whole reports only. A buffer in between would undo that.
/// - **A write that fails**, on a full disk say, is undone: the file is cut back to where it began. So nothing is
///   in the way of the next one, which goes on when there is room again. If the file can't be cut back, the
///   next write begins with a newline.
/// - **A last line without an end**, which a crash leaves, stays as it is; what is written next begins on a new
///   line.
/// - **A rotation that fails** loses nothing: the file grows beyond its bound, each write tries again, and
///   [`failed_rotations`](RotatedFile::failed_rotations) counts it.
/// - **A file that somebody else renamed or deleted** is left alone: the next write begins a new one at the
///   path. One that was emptied is gone on with. Only on Unix is it noticed that another file has taken its place.
///
/// A device, a pipe or a terminal is written to, and never rotated. A symbolic link is renamed itself, not the
/// file it leads to.
///
/// What was written is the operating system's: it outlives the process, but not the machine's loss of power.
/// Two processes, or two of these, must not write to one file: each would cut off what the other wrote.
#[derive(Debug)]
pub struct RotatedFile {
    path: PathBuf,
    file: File,
    /// Whether `file` may end within a line that nobody will end.
    torn: bool,
    rotate_at: u64,
    keep: u32,
    failed_rotations: Counter,
}

impl RotatedFile {
    /// Goes on at the end of the file at `path`, or begins it. A relative path is of the directory in which the
    /// process is now.
    ///
    /// # Errors
    ///
    /// The file can be neither opened nor created: its directory does not exist, say. Directories are not
    /// created.
    pub fn open(path: impl AsRef<Path>) -> io::Result<RotatedFile> {
        let path = path.as_ref();
        RotatedFile::open_absolute(path).map_err(|error| failed("opened", path, &error))
    }

    fn open_absolute(path: &Path) -> io::Result<RotatedFile> {
        let path = std::path::absolute(path)?;
        let file = at_path::open(&path)?;
        let torn = at_path::is_torn(&path, &file)?;
        let failed_rotations = Counter::default();
        Ok(RotatedFile { path, file, torn, rotate_at: ROTATE_AT, keep: KEEP, failed_rotations })
    }

    /// Rotates before a write with which the file would have more than this many bytes: 64 MiB unless told. A
    /// write that is larger has a file of its own.
    #[must_use = "the file is returned"]
    pub fn rotate_at(mut self, bytes: u64) -> RotatedFile {
        self.rotate_at = bytes;
        self
    }

    /// Keeps this many old files beside the one that is written to: 5 unless told. With 0 the full file is
    /// emptied. Those beyond, which an earlier and larger number left, are deleted at the next rotation.
    #[must_use = "the file is returned"]
    pub fn keep(mut self, old_files: u32) -> RotatedFile {
        self.keep = old_files;
        self
    }

    /// How often a rotation failed, because the directory is read-only or `path.1` is a directory, say. While it
    /// grows, so does the file.
    pub fn failed_rotations(&self) -> Counter {
        self.failed_rotations.clone()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.follow_path()?;
        self.make_room((bytes.len() + usize::from(self.torn)) as u64)?;
        // A file that was begun just now is torn no more.
        let bytes = match self.torn {
            true => Cow::Owned([b"\n", bytes].concat()),
            false => Cow::Borrowed(bytes),
        };
        self.append_or_undo(&bytes)
    }

    fn follow_path(&mut self) -> io::Result<()> {
        if at_path::is_gone(&self.path, &self.file)? {
            self.file = at_path::open(&self.path)?;
            self.torn = at_path::is_torn(&self.path, &self.file)?;
        }
        Ok(())
    }

    fn make_room(&mut self, more: u64) -> io::Result<()> {
        let now = self.file.metadata()?;
        let would_be = now.len().saturating_add(more);
        // A device or a pipe is somebody else's: it has no length, and is never renamed.
        let is_full = now.is_file() && now.len() > 0 && would_be > self.rotate_at;
        if is_full && self.rotate().is_err() {
            self.failed_rotations.inc();
        }
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        match self.keep {
            0 => self.file.set_len(0)?,
            keep => {
                numbered::shift(&self.path, keep)?;
                let begun = at_path::open(&self.path);
                self.file = begun.inspect_err(|_| numbered::shift_back(&self.path))?;
            }
        }
        self.torn = false;
        numbered::delete_beyond(&self.path, self.keep);
        Ok(())
    }

    fn append_or_undo(&mut self, bytes: &[u8]) -> io::Result<()> {
        let before = self.file.metadata()?.len();
        let (taken, written) = write_all(&mut self.file, bytes);
        if written.is_ok() {
            self.torn = false;
        } else if taken > 0 && self.file.set_len(before).is_err() {
            self.torn = true;
        }
        written
    }
}

impl Write for RotatedFile {
    /// Writes all of `bytes`, into one file, or nothing.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.append(bytes).map_err(|error| failed("written to", &self.path, &error))?;
        }
        Ok(bytes.len())
    }

    /// There is nothing to flush: what was written has left this process.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(tried: &str, path: &Path, why: &io::Error) -> io::Error {
    let path = path.display().to_string();
    io::Error::new(why.kind(), format!("`{}` can't be {tried}: {why}", OneLine(&path)))
}
