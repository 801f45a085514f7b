//! The kinds of metrics, one file each, and the key by which a series is found.

mod counter;
mod gauge;
mod key;
mod registered;

pub use counter::Counter;
pub use gauge::Gauge;
pub use key::{Key, KeyError};
