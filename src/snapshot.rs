//! `Snapshot`: the series and the jobs of one registry, or of several, at one moment, immutable.

mod any_float;
mod check;
mod content;
mod delta;
mod description;
mod display;
mod figures;
mod health;
mod job;
mod join;
mod json;
mod lookup;
mod merge;
mod part;
mod past;
mod series;
mod source;
mod value;
mod version;

pub use check::SnapshotFlaw;
pub use content::Snapshot;
pub use delta::{Change, Delta, SeriesChange};
pub use description::Description;
pub(crate) use figures::Ending;
pub use health::Health;
pub(crate) use job::newest;
pub use job::{GroupSnapshot, JobSnapshot, TaskSnapshot};
pub use json::SnapshotError;
pub use merge::MergeError;
pub use part::RegistryPart;
pub use series::SeriesSnapshot;
pub use source::{Sample, Source};
pub use value::Value;
