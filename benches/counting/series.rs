//! Registries with many series, each with two labels.

use flowmeter::{MetricBuilder, Registry, Snapshot, Value};

/// A registry with nothing in it, and room for so many series of a name.
pub(crate) fn registry(series: usize) -> Registry {
    Registry::builder().series_limit(series).build()
}

/// Registers so many series, whose name and labels have 63 bytes each, and fills `handles`, which has room.
pub(crate) fn register<H>(
    registry: &Registry,
    handles: &mut Vec<H>,
    make: impl Fn(MetricBuilder<'_>) -> H,
) {
    for i in 0..handles.capacity() {
        let (partition, worker) = (format!("2013-01-01-{i:06}"), format!("worker-{:06}", i % 50));
        let metric = registry.metric("etl.rows.committed");
        handles.push(make(metric.label("partition", &partition).label("worker", &worker)));
    }
}

/// All counters of a snapshot, added up.
pub(crate) fn total(snapshot: &Snapshot) -> u64 {
    let rows = snapshot.series().filter(|series| series.key.name() == "etl.rows.committed");
    let totals = rows.map(|series| match series.value {
        Value::Counter(total) => total,
        _ => panic!("{:?} is no counter", series.key),
    });
    totals.sum()
}
