//! The reporters, one file each.

mod text;

pub use text::Text;
