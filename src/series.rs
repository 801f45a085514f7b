//! The series of a registry: found by name and labels, named by rules, held within limits.

mod builder;
mod cached;
mod calls;
mod details;
mod error;
mod family;
mod guard;
mod held;
mod index;
mod labels;
mod name;
mod own;
mod rules;
mod scope;
mod slab;
mod slots;
mod store;
mod table;

pub use builder::MetricBuilder;
pub use error::MetricError;
pub use guard::SourceGuard;
pub use scope::Scope;
pub(crate) use store::{Asked, Collected, Settings, Store};
