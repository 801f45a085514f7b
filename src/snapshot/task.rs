//! A task as it was at one moment.

mod content;
mod form;
mod rest;

pub use content::TaskSnapshot;
pub(crate) use rest::{Logged, Rest};
