//! Metrics for data jobs: know, truthfully and at almost no cost, what a job is doing.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod collector;
mod communication;
mod metric;
mod registry;
mod report;
mod reporter;
mod snapshot;
mod text;

pub use clock::{Clock, ManualClock, Moment, Stamp, Waiter};
pub use collector::{
    BoundedReceiver, BoundedSender, Gone, Job, JobError, PushFailed, ReaderSide, Task, TaskGroup,
    WriterSide,
};
pub use communication::{
    Amount, Communication, Counters, DataxCounters, Failure, Ledger, Leftover, Message, Messages,
    Place, ReaderCounters, Side, State, TaskCounts, WriterCounters,
};
pub use metric::{Counter, Gauge, Key, KeyError};
pub use registry::{Kind, MetricError, Registry, RegistryBuilder, Reports};
pub use report::{DataxReport, JobReport, Report, ReportError, Reporter, Speed, Summary};
pub use reporter::Text;
pub use snapshot::{
    Change, Delta, GroupSnapshot, JobSnapshot, Sample, Snapshot, SnapshotError, TaskSnapshot, Value,
};
