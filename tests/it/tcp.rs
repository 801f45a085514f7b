//! The TCP reporter: when it dials and writes, what it knows of each line, and what no peer can do to it.

mod bound;
mod close;
mod dials;
mod flush;
mod loopback;
mod network;
mod reports;
mod sums;
mod torn;
