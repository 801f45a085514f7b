//! Laws, promises and wire text, tested through the public API; and the shape of the tree itself.

mod clock;
mod cost;
mod datax;
mod defects;
mod delivery;
mod examples;
mod expect;
mod flights;
mod from_go_metrics;
mod histogram;
mod job;
mod json;
mod laws;
mod meter;
mod metrics;
mod own;
mod read_back;
mod registry;
mod sides;
mod snapshot;
mod sources;
mod text;
mod threads;
mod tidy;
mod timer;
mod waits;
