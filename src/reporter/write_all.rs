//! Writing all of something, and knowing how much of it was taken when that fails.

use std::io::{self, ErrorKind, Write};

/// Writes all of `bytes` and gives how many the writer took: all of them, unless there is an error.
pub(super) fn write_all(out: &mut impl Write, bytes: &[u8]) -> (usize, io::Result<()>) {
    let mut taken = 0;
    while taken < bytes.len() {
        match write(out, &bytes[taken..]) {
            Ok(more) => taken += more,
            Err(error) => return (taken, Err(error)),
        }
    }
    (taken, Ok(()))
}

/// Writes at least one of `bytes`.
fn write(out: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    match retried(|| out.write(bytes))? {
        0 => Err(ErrorKind::WriteZero.into()),
        // A mistake of the writer's, which may not become a panic of ours.
        taken if taken > bytes.len() => {
            Err(io::Error::other("the writer says it wrote more than it was given"))
        }
        taken => Ok(taken),
    }
}

/// What `call` gives, called again as long as it is interrupted.
pub(super) fn retried<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
