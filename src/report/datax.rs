//! A report as DataX gives it: its line, to the byte, and the keys of its JSON.

use super::job::JobReport;
use super::units::{byte_size, percentage, unit_size, unit_time};
use serde::Serialize;
use std::fmt;

/// The numbers of DataX's report. `Display` is its line, [`to_json`](DataxReport::to_json) its JSON.
///
/// The line keeps DataX's double spaces and its "Transfermor", for whoever parses it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataxReport {
    /// Records read, as DataX counts them: handed on, or failed while reading.
    pub total_records: u64,
    /// Their bytes.
    pub total_bytes: u64,
    /// Records read per second, the fraction cut off.
    pub speed_records: u64,
    /// Bytes read per second, the fraction cut off.
    pub speed_bytes: u64,
    /// Tasks that succeeded.
    pub stage: u64,
    /// Records in error, on both sides.
    pub error_records: u64,
    /// Their bytes.
    pub error_bytes: u64,
    /// The job's error, or nothing.
    pub error_message: String,
    /// The part of the tasks that succeeded, from 0 to 1.
    pub percentage: f64,
    /// Nanoseconds that writer sides waited for their reader sides.
    pub wait_reader_time: u64,
    /// Nanoseconds that reader sides waited for their writer sides.
    pub wait_writer_time: u64,
    /// Records that transforms did not refuse, filtered ones included. Not in DataX's JSON.
    #[serde(skip)]
    pub transformer_success: u64,
    /// Records that transforms refused. Not in DataX's JSON.
    #[serde(skip)]
    pub transformer_error: u64,
    /// Records that were filtered. Not in DataX's JSON.
    #[serde(skip)]
    pub transformer_filter: u64,
    /// Nanoseconds in transforms. Not in DataX's JSON.
    #[serde(skip)]
    pub transformer_used_time: u64,
}

impl JobReport {
    /// The report in DataX's terms.
    pub fn datax(&self) -> DataxReport {
        let counters = self.communication().datax();
        let speed = self.datax_speed();
        DataxReport {
            total_records: counters.total_read_records,
            total_bytes: counters.total_read_bytes,
            speed_records: speed.map_or(0, |speed| speed.records as u64),
            speed_bytes: speed.map_or(0, |speed| speed.bytes as u64),
            stage: counters.stage,
            error_records: counters.total_error_records,
            error_bytes: counters.total_error_bytes,
            error_message: self.error().map_or_else(String::new, ToString::to_string),
            percentage: self.completion(),
            wait_reader_time: counters.wait_reader_time,
            wait_writer_time: counters.wait_writer_time,
            transformer_success: counters.total_transformer_success_records,
            transformer_error: counters.total_transformer_failed_records,
            transformer_filter: counters.total_transformer_filter_records,
            transformer_used_time: counters.total_transformer_used_time,
        }
    }
}

impl DataxReport {
    /// The report as one line of JSON, with exactly DataX's keys.
    pub fn to_json(&self) -> String {
        // Cannot fail: the keys are fixed, and serde_json writes a float that is none as null.
        serde_json::to_string(self).expect("a report is always JSON")
    }

    /// A number of bytes as the line has it, in units of 1024: `1023B`, `1.50KB`, `5120.00TB`.
    pub fn byte_size(bytes: i64) -> String {
        byte_size(bytes)
    }

    /// Nanoseconds as the line has them: `133,203.219s`.
    pub fn unit_time(nanos: u64) -> String {
        unit_time(nanos)
    }

    /// A size as DataX's performance trace has it, in units of 1000: `1000B`, `1.00K`. The line does not
    /// use it; it is for whoever writes what follows DataX's line in DataX's form.
    pub fn unit_size(size: u64) -> String {
        unit_size(size)
    }

    fn has_transforms(&self) -> bool {
        self.transformer_success > 0
            || self.transformer_error > 0
            || self.transformer_filter > 0
            || self.transformer_used_time > 0
    }
}

/// DataX's line.
impl fmt::Display for DataxReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let speed = byte_size(i64::try_from(self.speed_bytes).unwrap_or(i64::MAX));
        write!(f, "Total {} records, {} bytes", self.total_records, self.total_bytes)?;
        write!(f, " | Speed {speed}/s, {} records/s", self.speed_records)?;
        write!(f, " | Error {} records, {} bytes", self.error_records, self.error_bytes)?;
        write!(f, " |  All Task WaitWriterTime {}", unit_time(self.wait_writer_time))?;
        write!(f, " |  All Task WaitReaderTime {}", unit_time(self.wait_reader_time))?;
        if self.has_transforms() {
            write!(f, " | Transfermor Success {} records", self.transformer_success)?;
            write!(f, " | Transformer Error {} records", self.transformer_error)?;
            write!(f, " | Transformer Filter {} records", self.transformer_filter)?;
            write!(f, " | Transformer usedTime {}", unit_time(self.transformer_used_time))?;
        }
        write!(f, " | Percentage {}", percentage(self.percentage))
    }
}
