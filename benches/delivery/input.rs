//! What is measured with: registries with many series of one kind, and their reports.

use flowmeter::{MetricBuilder, Point, Points, Registry, Report};

/// A registry, what it reports, and what that is on the wire.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) registry: Registry,
    pub(crate) report: Report,
    pub(crate) lines: Vec<u8>,
    pub(crate) count: u64,
    pub(crate) points: Vec<Point>,
}

impl Input {
    fn of(name: &'static str, registry: Registry) -> Input {
        let report = registry.report();
        let (mut points, mut lines) = (Points::new(), Vec::new());
        let count = points.encode(&report, &mut lines).lines;
        let points = points.of(&report);
        assert_eq!(points.len() as u64, count);
        Input { name, registry, report, lines, count, points }
    }

    /// The lines, without their ends.
    pub(crate) fn texts(&self) -> Vec<&str> {
        str::from_utf8(&self.lines).unwrap().lines().collect()
    }

    pub(crate) fn bytes_a_line(&self) -> u64 {
        self.lines.len() as u64 / self.count
    }
}

pub(crate) fn counters(count: usize) -> Input {
    let add = |metric: MetricBuilder<'_>, number| metric.counter().unwrap().add(number >> 34);
    Input::of("counters", registry(count, add))
}

/// Gauges with 17 digits, which are the hardest to write and to read.
pub(crate) fn gauges(count: usize) -> Input {
    let set = |metric: MetricBuilder<'_>, number| metric.gauge().unwrap().set(of_17_digits(number));
    Input::of("gauges of 17 digits", registry(count, set))
}

pub(crate) fn histograms(count: usize) -> Input {
    let record = |metric: MetricBuilder<'_>, number| {
        let histogram = metric.histogram().unwrap();
        (1..=100).for_each(|i| histogram.record(scattered(number ^ i) >> 44));
    };
    Input::of("histograms", registry(count, record))
}

/// A registry with so many series, each filled with a number of its own.
fn registry(count: usize, fill: impl Fn(MetricBuilder<'_>, u64)) -> Registry {
    let registry = Registry::builder().endpoint("jungle85").tags(["darwin"]).series_limit(count);
    let registry = registry.build();
    for i in 0..count {
        let (partition, worker) = (format!("2013-01-{i:06}"), format!("worker-{:02}", i % 50));
        let metric = registry.metric("etl.rows.committed").label("partition", &partition);
        let metric = metric.label("table", "flights.departures").label("worker", &worker);
        fill(metric, scattered(i as u64));
    }
    registry
}

/// A number that looks random: the mixing steps of splitmix64.
fn scattered(number: u64) -> u64 {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Between 1 and 9: with 17 digits it has a point, and is 18 bytes long.
fn of_17_digits(number: u64) -> f64 {
    let between = |number| 1.0 + 8.0 * (scattered(number) as f64 / u64::MAX as f64);
    let mut tried = (0..).map(|i| between(number.wrapping_add(i)));
    tried.find(|value| value.to_string().len() == 18).unwrap()
}
