//! The rows of series that are looked up by two labels each time, 64 by turns.

use crate::ours::lookup as ours;
use crate::peers::metrics::{Exporter, Plain};
use crate::peers::{client, datax, fast, measured, metrics, metriken, otel, plain, prometheus};
use crate::race::{Race, Threads};
use crate::scale::Scale;

pub(crate) fn by_one(scale: Scale) {
    all(Threads::One, scale);
}

pub(crate) fn by_two(scale: Scale) {
    all(Threads::Two, scale);
}

fn all(threads: Threads, scale: Scale) {
    literal(threads, scale);
    enums(threads, scale);
    statics(threads, scale);
    strings(threads, scale);
}

const UNIT: &str = "ns an add";

fn literal(threads: Threads, scale: Scale) {
    Race::new("look-up, literal labels", UNIT, threads, scale)
        .way("flowmeter `counter!`", ours::literal)
        .way("`AtomicU64`s in an array", plain::literal)
        .way("DataX-shaped map", datax::literal)
        .way("metrics `counter!`, metrics-util", metrics::literal::<Plain>)
        .way("metrics `counter!`, the exporter", metrics::literal::<Exporter>)
        .way("prometheus-static-metric, fields", prometheus::literal)
        .way("prometheus-client `Family`", client::literal)
        .way("measured `CounterVec`, of enums", measured::literal)
        .way("opentelemetry, static attributes", otel::literal)
        .way("metriken, a static each", metriken::literal)
        .way("metriken `ShardedCounterGroup`, slots", metriken::sharded_literal)
        .way("fastmetrics `Family`", fast::literal)
        .run("≤ 0.8 ns, ratio ≥ 1");
}

fn enums(threads: Threads, scale: Scale) {
    Race::new("look-up, two enums", UNIT, threads, scale)
        .way("flowmeter `TypedFamily::of`", ours::by_enums)
        .way("`AtomicU64`s in an array", plain::by_enums)
        .way("DataX-shaped map, names in an array", datax::by_enums)
        .way("metrics, metrics-util, keys in an array", metrics::by_enums::<Plain>)
        .way("metrics, the exporter, keys in an array", metrics::by_enums::<Exporter>)
        .way("prometheus-static-metric, `get`", prometheus::by_enums)
        .way("prometheus-client `Family`", client::by_enums)
        .way("measured `CounterVec`", measured::by_enums)
        .way("opentelemetry, attributes in an array", otel::by_enums)
        .way("metriken `CounterGroup`, slots", metriken::by_enums)
        .way("metriken `ShardedCounterGroup`, slots", metriken::sharded_by_enums)
        .way("fastmetrics `Family`", fast::by_enums)
        .run("≤ 1.2 ns, ratio ≥ 1");
}

fn statics(threads: Threads, scale: Scale) {
    Race::new("look-up, two `&'static str`", UNIT, threads, scale)
        .way("flowmeter `Family::of_static`", ours::by_statics)
        .way("`HashMap` of `AtomicU64`s, `RwLock`", plain::by_statics)
        .way("DataX-shaped map, the name made", datax::by_statics)
        .way("metrics `counter!`, metrics-util", metrics::by_statics::<Plain>)
        .way("metrics `counter!`, the exporter", metrics::by_statics::<Exporter>)
        .way("prometheus `with_label_values`", prometheus::by_statics)
        .way("prometheus-client `Family`", client::by_statics)
        .way("measured `CounterVec`, sets known before", measured::by_statics)
        .way("opentelemetry, attributes made", otel::by_statics)
        .way("fastmetrics `Family`", fast::by_statics)
        .run("≤ 7 ns, ratio ≥ 1");
}

fn strings(threads: Threads, scale: Scale) {
    Race::new("look-up, two strings", UNIT, threads, scale)
        .way("flowmeter `Family::of`", ours::by_strings)
        .way("`HashMap`s of `AtomicU64`s, `RwLock`", plain::by_strings)
        .way("DataX-shaped map, the name made", datax::by_strings)
        .way("metrics `counter!`, metrics-util", metrics::by_strings::<Plain>)
        .way("metrics `counter!`, the exporter", metrics::by_strings::<Exporter>)
        .way("prometheus `with_label_values`", prometheus::by_strings)
        .way("prometheus-client `Family`", client::by_strings)
        .way("measured `CounterVec`, `ParaCord`", measured::by_strings)
        .way("opentelemetry, attributes made", otel::by_strings)
        .way("fastmetrics `Family`", fast::by_strings)
        .run("≤ 16 ns, ratio ≥ 1");
}
