//! The series of a registry: found by name and labels, named by rules, held within limits.

mod builder;
mod cached;
mod call_site;
mod calls;
mod details;
mod error;
mod family;
mod guard;
mod held;
mod index;
mod labels;
mod log;
mod lookup;
mod mark;
mod memo;
mod name;
mod own;
mod pins;
mod rules;
mod scope;
mod slots;
mod store;
mod table;
mod template;
mod text_family;
mod typed_family;

pub use builder::MetricBuilder;
pub use call_site::{CallSite, Here};
pub(crate) use call_site::{InACell, Pinned};
pub use error::MetricError;
pub use guard::SourceGuard;
pub use held::Metric;
pub use scope::Scope;
pub(crate) use store::{Asked, Collected, Settings, Store};
pub use text_family::Family;
pub use typed_family::{Label, Labels, TypedFamily};
