//! The reporters, one file each.

mod json_lines;
mod rotated_file;
mod tcp;
mod text;
mod whole_lines;
mod write_all;

pub use json_lines::JsonLines;
pub use rotated_file::RotatedFile;
pub use tcp::{Breaker, Connection, Dial, Tcp, TcpStatus, TcpWatch};
pub use text::Text;
