//! A writer on which a line that broke off can't spoil the next one.

use super::write_all::{retried, write_all};
use std::io::{self, Write};

/// A writer of lines that may fail midway. What is written after that begins with a newline, unless
/// the writer is known to have taken nothing of the line that failed.
#[derive(Debug)]
pub(super) struct WholeLines<W> {
    out: W,
    /// Whether what `out` has may end within a line.
    torn: bool,
}

impl<W: Write> WholeLines<W> {
    pub(super) fn new(out: W) -> WholeLines<W> {
        WholeLines { out, torn: false }
    }

    /// Writes `lines`, each of which ends in a newline, by one write, and flushes.
    pub(super) fn write(&mut self, mut lines: String) -> io::Result<()> {
        if self.torn && !lines.is_empty() {
            lines.insert(0, '\n');
        }
        let (taken, written) = write_all(&mut self.out, lines.as_bytes());
        // A write that fails has taken nothing: so `Write` promises.
        if let Some(last) = lines.as_bytes()[..taken].last() {
            self.torn = *last != b'\n';
        }
        written?;
        self.flush()
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        let flushed = retried(|| self.out.flush());
        // Whatever it still held may be lost, or only late.
        self.torn |= flushed.is_err();
        flushed
    }
}
