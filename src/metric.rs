//! The kinds of metrics, one file each, and the key by which a series is found.

mod counter;
mod counter_list;
mod decay;
mod found;
mod gauge;
mod histogram;
mod key;
mod key_ref;
mod kind;
mod list;
mod merge;
mod meter;
mod names;
mod registered;
mod timer;

pub use counter::Counter;
pub(crate) use counter::add_in_cell;
pub(crate) use counter_list::CounterList;
pub use found::Found;
pub use gauge::Gauge;
pub use histogram::{Buckets, BucketsError, BucketsMismatch, Histogram, HistogramSnapshot};
pub use key::{Key, KeyError, NameFlaw};
pub(crate) use key::{NAME_BYTES_LIMIT, Shape, quoted};
pub(crate) use key_ref::KeyRef;
pub use kind::MetricKind;
pub(crate) use list::List;
pub use merge::GaugeMerge;
pub(crate) use merge::{max, min, sum};
pub use meter::{Meter, MeterSnapshot};
pub(crate) use names::{Clash, Names, forms, written};
pub use timer::{Timer, TimerGuard, TimerSnapshot};
