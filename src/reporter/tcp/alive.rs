//! The sign of life: the line that a connection gets when there is nothing else to say.

use crate::clock::Stamp;
use crate::metric::Key;
use crate::report::{Points, Report};
use crate::snapshot::{SeriesSnapshot, Snapshot, Value};
use std::sync::Arc;

const NAME: &str = "flowmeter.alive";

/// The point `flowmeter.alive` with the value 1, as these points write it: with their endpoint and tags;
/// empty if they write none.
pub(super) fn sign_of_life(points: &mut Points, at: Stamp) -> Vec<u8> {
    let key = Key::new(NAME, &[]).ok();
    let series = key.map(|key| SeriesSnapshot::new(Arc::new(key), Value::Counter(1)));
    let now = Snapshot::new(0, at, series.into_iter().collect(), Vec::new(), 0);
    let mut line = Vec::new();
    points.encode(&Report::between(&now, &now), &mut line);
    let end = line.iter().position(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    line.truncate(end);
    line
}
