//! The rows of what is done by a handle: counters, gauges, histograms, timers.

use crate::ours;
use crate::peers::metrics::{Exporter, Plain};
use crate::peers::{
    client, datax, fast, hdr, measured, metrics, metriken, otel, plain, prometheus,
};
use crate::race::{Race, Threads};
use crate::scale::Scale;

pub(crate) fn counter(scale: Scale) {
    counters(Threads::One, scale, "≤ 0.6 ns, ratio ≥ 1");
}

pub(crate) fn counter_by_two(scale: Scale) {
    counters(Threads::Two, scale, "≤ 0.7 ns, ratio ≥ 1");
}

pub(crate) fn counter_by_eight(scale: Scale) {
    counters(Threads::Eight, scale, "≤ 0.33 ns, ratio ≥ 1");
}

fn counters(threads: Threads, scale: Scale, target: &str) {
    Race::new("counter add by handle", "ns an add", threads, scale)
        .way("flowmeter", ours::counter)
        .way("`AtomicU64`, own line", plain::counter)
        .way("DataX-shaped map, by name", datax::counter)
        .way("metrics, metrics-util `Counter`", metrics::counter::<Plain>)
        .way("metrics-exporter-prometheus `Counter`", metrics::counter::<Exporter>)
        .way("prometheus `IntCounter`", prometheus::counter)
        .way("prometheus-client `Counter`", client::counter)
        .way("measured `Counter`", measured::counter)
        .way("opentelemetry `BoundCounter`", otel::counter)
        .way("opentelemetry `Counter`, no attributes", otel::unbound_counter)
        .way("metriken `Counter`", metriken::counter)
        .way("metriken `ShardedCounterGroup`", metriken::sharded_counter)
        .way("fastmetrics `Counter`", fast::counter)
        .run(target);
}

pub(crate) fn gauge(scale: Scale) {
    Race::new("gauge set", "ns a set", Threads::One, scale)
        .way("flowmeter", ours::gauge)
        .way("`AtomicU64`, an `f64`'s bits", plain::gauge)
        .way("metrics, metrics-util `Gauge`", metrics::gauge::<Plain>)
        .way("metrics-exporter-prometheus `Gauge`", metrics::gauge::<Exporter>)
        .way("prometheus `Gauge`", prometheus::gauge)
        .way("prometheus-client `Gauge<f64>`", client::gauge)
        .way("measured `FloatGauge`", measured::gauge)
        .way("opentelemetry `BoundGauge`", otel::gauge)
        .way("metriken `Gauge`, of an `i64`", metriken::gauge)
        .way("fastmetrics `Gauge<f64>`", fast::gauge)
        .run("≤ 0.5 ns, ratio ≥ 1");
}

pub(crate) fn histogram(scale: Scale) {
    histograms(Threads::One, scale).run("≤ 1.5 ns, ratio ≥ 1");
}

pub(crate) fn histogram_by_two(scale: Scale) {
    histograms(Threads::Two, scale)
        .unseen("late: hdrhistogram, its recorders", hdr::recorded)
        .run("≤ 1.6 ns, ratio ≥ 1");
}

fn histograms(threads: Threads, scale: Scale) -> Race {
    Race::new("histogram record, shared handle", "ns a value", threads, scale)
        .way("flowmeter, 1 %", ours::histogram)
        .way("hdrhistogram, 2 digits, in a mutex", hdr::histogram)
        .way("histogram `AtomicHistogram`, 1/128", metriken::atomic_histogram)
        .way("metriken `AtomicCounterHistogram`, 1/128", metriken::histogram)
        .way("metriken `ShardedCounterHistogram`, 1/128", metriken::sharded_histogram)
        .way("metrics, metrics-util: each value kept", metrics::histogram::<Plain>)
        .way("metrics-exporter-prometheus: each value kept", metrics::histogram::<Exporter>)
        .way("prometheus `Histogram`, 11 buckets", prometheus::histogram)
        .way("prometheus-client `Histogram`, 11 buckets", client::histogram)
        .way("measured `Histogram`, 11 buckets", measured::histogram)
        .way("opentelemetry `BoundHistogram`, 15 buckets", otel::histogram)
        .way("opentelemetry `BoundHistogram`, 160 exponential", otel::exponential_histogram)
        .way("fastmetrics `Histogram`, 11 buckets", fast::histogram)
}

pub(crate) fn timer(scale: Scale) {
    Race::new("timer from start to stop", "ns a duration", Threads::One, scale)
        .way("flowmeter `Timer`", ours::timer)
        .way("hdrhistogram in a mutex, `Instant`", hdr::timer)
        .way("metrics, metrics-util, `Instant`", metrics::timer::<Plain>)
        .way("metrics-exporter-prometheus, `Instant`", metrics::timer::<Exporter>)
        .way("prometheus `start_timer`, 11 buckets", prometheus::timer)
        .way("prometheus-client, `Instant`, 11 buckets", client::timer)
        .way("measured, `Instant`, 11 buckets", measured::timer)
        .way("opentelemetry, `Instant`, 15 buckets", otel::timer)
        .way("metriken, `Instant`", metriken::timer)
        .way("fastmetrics, `Instant`, 11 buckets", fast::timer)
        .way("beside: hdrhistogram in a mutex, `quanta`", hdr::ticked_timer)
        .way("beside: metriken, `quanta`", metriken::ticked_timer)
        .run("ratio ≥ 1");
}
