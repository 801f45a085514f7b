//! Text that comes from outside, made short and safe to print.

use std::error::Error;
use std::fmt::{self, Display, Write};

/// What a text is cut to, in bytes, before it is kept.
pub(crate) const CLIPPED_TO: usize = 1024;

/// How many errors of a chain are looked at.
const LINKS_LIMIT: usize = 32;

/// What an error says, and what caused it: cut, and on one line.
pub(crate) fn sentence(error: &(dyn Error + 'static)) -> String {
    clipped(&OneLine(&clipped(&Chain(error))))
}

/// The text of `value`, cut after [`CLIPPED_TO`] at a character's end; what was cut is told.
pub(crate) fn clipped(value: &(impl Display + ?Sized)) -> String {
    let mut clip = Clip::default();
    // `Clip` takes everything; a `Display` that fails has said what it could.
    let _ = write!(clip, "{value}");
    clip.into_text()
}

/// Takes any amount of text and keeps its beginning, so that a huge one is never held whole.
#[derive(Default)]
struct Clip {
    text: String,
    cut_bytes: usize,
}

impl Clip {
    fn into_text(self) -> String {
        match self.cut_bytes {
            0 => self.text,
            cut => format!("{}… ({cut} more bytes)", self.text),
        }
    }
}

impl Write for Clip {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = match self.cut_bytes {
            0 => CLIPPED_TO - self.text.len(),
            _ => 0,
        };
        let end = floor_char_boundary(part, room);
        self.text.push_str(&part[..end]);
        self.cut_bytes += part.len() - end;
        Ok(())
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// Shows a text on one line: control characters escaped, so that it can't forge lines or colours.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c.is_control() {
                true => write!(f, "{}", c.escape_debug())?,
                false => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// An error and everything it says it came from.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

/// The error, and what it says it came from.
pub(crate) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    // A chain that never ends would never let its side go.
    std::iter::successors(Some(error), |error| (*error).source()).take(LINKS_LIMIT)
}

/// The texts of the chain, without those that the text before already ends with.
impl Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = String::new();
        for error in chain(self.0) {
            // Not `to_string`, which panics where a `Display` fails.
            let mut text = String::new();
            let _ = write!(text, "{error}");
            if said.ends_with(&text) {
                continue;
            }
            let between = if said.is_empty() { "" } else { ": " };
            write!(f, "{between}{text}")?;
            said = text;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_character_and_says_how_much_is_gone() {
        let text = clipped(&"é".repeat(1000));
        assert!(text.starts_with(&"é".repeat(512)));
        assert!(text.ends_with("… (976 more bytes)"), "{text}");
        assert_eq!(clipped("short"), "short");
    }

    #[test]
    fn what_follows_a_cut_is_never_appended_behind_it() {
        let mut clip = Clip::default();
        write!(clip, "{}{}b", "a".repeat(1023), &'é'.to_string()).unwrap();
        assert_eq!(clip.into_text(), format!("{}… (3 more bytes)", "a".repeat(1023)));
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(OneLine("a\nb\u{1b}[31m").to_string(), "a\\nb\\u{1b}[31m");
    }
}
