//! The sign of life: the line that a connection gets when there is nothing else to say.

use crate::clock::Stamp;
use crate::point::{Head, Number, Tail};

/// What the sign of life measures.
pub(super) const ALIVE: &str = "flowmeter.alive";

/// The point with the value 1 at that time, given its beginning.
pub(super) fn sign_of_life(head: &Head, at: Stamp) -> Vec<u8> {
    let mut line = Vec::new();
    head.write("", Number::from(1_u64), &Tail::new(at.unix_ms.div_euclid(1000)), &mut line);
    line
}
