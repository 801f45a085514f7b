//! Our counters under the names of DataX; `docs/datax.md` gives each mapping and its reason.

use super::counters::Counters;
use serde::Serialize;

/// The counters of a DataX `Communication`, raw ones and totals, under DataX's keys.
///
/// Derived when asked for, never merged. Times are nanoseconds, as in DataX. Its three remaining
/// derived keys, `byteSpeed`, `recordSpeed` and `percentage`, need two moments: a report has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the documentation: they are DataX's")]
pub struct DataxCounters {
    pub read_succeed_records: u64,
    pub read_succeed_bytes: u64,
    pub read_failed_records: u64,
    pub read_failed_bytes: u64,
    pub write_received_records: u64,
    pub write_received_bytes: u64,
    pub write_failed_records: u64,
    pub write_failed_bytes: u64,
    pub wait_writer_time: u64,
    pub wait_reader_time: u64,
    pub stage: u64,
    pub total_transformer_success_records: u64,
    pub total_transformer_failed_records: u64,
    pub total_transformer_filter_records: u64,
    pub total_transformer_used_time: u64,
    pub total_read_records: u64,
    pub total_read_bytes: u64,
    pub total_error_records: u64,
    pub total_error_bytes: u64,
    pub write_succeed_records: u64,
    pub write_succeed_bytes: u64,
}

impl DataxCounters {
    /// `counters` of tasks of which `stage` succeeded.
    pub fn of(counters: &Counters, stage: u64) -> DataxCounters {
        let Counters { reader, writer } = counters;
        let read_failed = counters.failed_reading();
        let total_read = reader.handed_on.plus(read_failed);
        let errors = counters.errors();
        DataxCounters {
            read_succeed_records: reader.handed_on.records,
            read_succeed_bytes: reader.handed_on.bytes,
            read_failed_records: read_failed.records,
            read_failed_bytes: read_failed.bytes,
            write_received_records: writer.received.records,
            write_received_bytes: writer.received.bytes,
            write_failed_records: writer.failed.records,
            write_failed_bytes: writer.failed.bytes,
            wait_writer_time: reader.waited_ns,
            wait_reader_time: writer.waited_ns,
            stage,
            total_transformer_success_records: reader
                .transformed
                .saturating_add(reader.filtered.records),
            total_transformer_failed_records: reader.refused.records,
            total_transformer_filter_records: reader.filtered.records,
            total_transformer_used_time: reader.transform_ns,
            total_read_records: total_read.records,
            total_read_bytes: total_read.bytes,
            total_error_records: errors.records,
            total_error_bytes: errors.bytes,
            write_succeed_records: writer.committed.records,
            write_succeed_bytes: writer.committed.bytes,
        }
    }
}
