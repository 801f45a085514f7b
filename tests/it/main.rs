//! Laws, promises and wire text, tested through the public API; and the shape of the tree itself.

mod clock;
mod cost;
mod datax;
mod examples;
mod flights;
mod histogram;
mod job;
mod json;
mod laws;
mod meter;
mod metrics;
mod read_back;
mod sides;
mod snapshot;
mod text;
mod threads;
mod tidy;
mod timer;
mod waits;
