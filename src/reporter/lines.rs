//! The lines of a report, and the memory they are in.

#[cfg(feature = "kafka")]
use std::io::BufRead as _;
#[cfg(feature = "kafka")]
use std::iter;

/// What is always kept of the memory that a report was written into.
const KEPT: usize = 1024 * 1024;

/// Empties it for the next report, which is as large as a rule; the memory of one that was exceptionally large is
/// given back by the first that is not.
pub(super) fn empty(lines: &mut Vec<u8>) {
    let needed = lines.len().max(KEPT);
    if lines.capacity() / 4 > needed {
        lines.shrink_to(needed);
    }
    lines.clear();
}

/// The lines, without their newlines. `split` looks at each byte by itself, which takes a tenth of all that a point does.
#[cfg(feature = "kafka")]
pub(super) fn each(mut lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    iter::from_fn(move || {
        let rest = lines;
        // It is an error of readers of something else than memory.
        let length = lines.skip_until(b'\n').unwrap_or_default();
        rest[..length].strip_suffix(b"\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_an_exceptional_report_is_given_back_and_that_of_the_others_is_kept() {
        let mut lines = vec![b'x'; 16 * KEPT];
        empty(&mut lines);
        assert!(lines.is_empty() && lines.capacity() >= 16 * KEPT, "it may be the rule");
        lines.extend(vec![b'x'; 5 * KEPT]);
        empty(&mut lines);
        assert!(lines.capacity() >= 16 * KEPT, "a third of it");
        lines.extend(b"a line");
        empty(&mut lines);
        assert!(
            lines.is_empty() && (KEPT..2 * KEPT).contains(&lines.capacity()),
            "{}",
            lines.capacity()
        );
    }
}
