//! The collector: job ⊃ task group ⊃ task, counted by their sides and read at any moment.

mod attempt;
mod block;
mod channel;
mod custom;
mod error;
mod group;
mod job;
mod layout;
mod log;
mod rare;
mod reader;
mod run;
mod side;
mod task;
mod writer;

pub use channel::{BoundedReceiver, BoundedSender};
pub use error::JobError;
pub use group::{Task, TaskGroup};
pub use job::Job;
pub(crate) use job::JobCore;
pub use reader::{PushFailed, ReaderSide};
pub use side::Gone;
pub use writer::WriterSide;
