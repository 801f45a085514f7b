//! The reporters, one file each.

mod json_lines;
#[cfg(feature = "kafka")]
mod kafka;
mod lines;
mod pause;
mod rotated_file;
mod tcp;
mod text;
mod whole_lines;
mod write_all;

pub use json_lines::JsonLines;
#[cfg(feature = "kafka")]
pub use kafka::{Kafka, KafkaError, KafkaStatus, KafkaWatch};
pub use rotated_file::RotatedFile;
pub use tcp::{Breaker, Connection, Dial, Tcp, TcpStatus, TcpWatch};
pub use text::Text;
