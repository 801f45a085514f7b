//! Why a text is not a point.

use crate::text::{self, OneLine};
use std::fmt::Display;

/// Why a text is not a point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{line}` is not a point: {why}")]
#[non_exhaustive]
pub struct PointError {
    /// The text, on one line and cut after 1 KiB.
    pub line: String,
    /// What is wrong with it, on one line and cut after 1 KiB.
    pub why: String,
}

impl PointError {
    pub(super) fn new(line: &str, why: impl Display) -> PointError {
        PointError { line: quoted(line), why: quoted(&why.to_string()) }
    }
}

fn quoted(text: &str) -> String {
    text::clipped(&OneLine(text))
}
