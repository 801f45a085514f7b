//! The kinds of metrics, one file each, and the key by which a series is found.

mod counter;
mod decay;
mod gauge;
mod histogram;
mod key;
mod meter;
mod registered;
mod timer;

pub use counter::Counter;
pub use gauge::Gauge;
pub use histogram::{Buckets, BucketsError, BucketsMismatch, Histogram, HistogramSnapshot};
pub use key::{Key, KeyError};
pub use meter::{Meter, MeterSnapshot};
pub use timer::{Timer, TimerGuard, TimerSnapshot};
