//! A report as points: one measured value a line of JSON.

use super::content::Report;
use crate::snapshot::Value;

/// Writes reports as points.
#[derive(Clone, Debug, Default)]
pub struct Points {}

/// How much a report gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoded {
    /// Points that were written, a line each.
    pub lines: u64,
    /// Values that no point can carry, because they are not finite.
    pub left_out: u64,
}

impl Points {
    /// Appends the points of `report` to `out`, a line each, every one ended by a newline.
    pub fn encode(&mut self, report: &Report, out: &mut Vec<u8>) -> Encoded {
        let mut encoded = Encoded::default();
        for series in report.snapshot().series() {
            let Value::Counter(total) = series.value else { continue };
            let name = serde_json::Value::from(series.key.name());
            let line = format!(
                "{{\"metric\":{name},\"endpoint\":\"\",\"tag\":[],\"value\":{total},\"timestamp\":0}}\n"
            );
            out.extend_from_slice(line.as_bytes());
            encoded.lines += 1;
        }
        encoded
    }
}
