//! `Registry`: series by name and labels, jobs by name, collected into snapshots and reports.

mod core;
mod delivery;
mod jobs;
mod macros;
mod metrics;

pub use self::core::{Registry, RegistryBuilder, Reports};
