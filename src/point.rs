//! The wire model: one measured value, as a line of JSON.

mod content;
mod error;
mod head;
mod number;

pub use content::Point;
pub use error::PointError;
pub(crate) use head::{Head, Tail};
pub use number::Number;
