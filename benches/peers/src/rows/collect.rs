//! The rows of reading: many counters, and the quantiles of histograms.

use crate::measure::{Contest, Turn};
use crate::ours;
use crate::peers::{
    client, datax, fast, hdr, measured, metrics, metriken, otel, plain, prometheus,
};
use crate::quantiles::{Quantiles, check};
use crate::scale::Scale;
use crate::series::{Fill, Texts};
use std::hint::black_box;

/// How many histograms are read.
const HISTOGRAMS: usize = 100;

/// What each offers by which all values can be read; those that offer a text alone are read by it.
const COUNTERS: [(&str, Fill); 11] = [
    ("flowmeter `collect`", ours::series),
    ("`HashMap` of `Arc<AtomicU64>`s, values", plain::series),
    ("DataX-shaped map, copied", datax::series),
    ("metrics-util `visit_counters`, values", metrics::series),
    ("metrics-exporter-prometheus, text", metrics::exported_series),
    ("prometheus `gather`", prometheus::series),
    ("prometheus-client, text", client::series),
    ("measured, text", measured::series),
    ("opentelemetry `ManualReader`", otel::series),
    ("metriken `load_counters`, values", metriken::series),
    ("fastmetrics, text", fast::series),
];

/// Between two turns an eighth of them goes on.
pub(crate) fn counters(scale: Scale) {
    let texts = Texts::long(scale.counters);
    let count = texts.values.len();
    let mut contest = Contest::new("collect 100,000 counters", "ns a counter");
    for (name, fill) in COUNTERS {
        let (mut series, mut counted) = (fill(&texts), 0);
        contest = contest.way(name, move || {
            (0..count).step_by(8).for_each(|i| series.add(i));
            counted += count.div_ceil(8) as u64;
            let turn = Turn::of(|| {
                series.collect();
                count as u64
            });
            assert_eq!(series.values().iter().sum::<u64>(), counted);
            turn
        });
    }
    contest.run(scale.long_turns.div_ceil(2)).show("≤ 1.0 ns, ratio ≥ 1");
}

pub(crate) fn histograms(scale: Scale) {
    Contest::new("collect 100 histograms, 3 quantiles of each", "ns a histogram")
        .way("flowmeter `collect`", quantiles(0.01, ours::quantiles(HISTOGRAMS)))
        .way("hdrhistogram in a mutex", quantiles(0.01, hdr::quantiles(HISTOGRAMS)))
        .way("hdrhistogram in a mutex, copied", quantiles(0.01, hdr::copied_quantiles(HISTOGRAMS)))
        .way("histogram `AtomicHistogram`", quantiles(0.01, metriken::quantiles(HISTOGRAMS, 64)))
        .way(
            "beside: hdrhistogram in a mutex, copied, the range known",
            quantiles(0.01, hdr::tight_quantiles(HISTOGRAMS)),
        )
        .way(
            "beside: histogram `AtomicHistogram`, the range known",
            quantiles(0.01, metriken::quantiles(HISTOGRAMS, 20)),
        )
        .way(
            "metrics-exporter-prometheus, text, within 10 %",
            quantiles(0.1, metrics::quantiles(HISTOGRAMS)),
        )
        .way("beside: prometheus `gather`, buckets", buckets(prometheus::buckets(HISTOGRAMS)))
        .way("beside: prometheus-client, text, buckets", buckets(client::buckets(HISTOGRAMS)))
        .way("beside: measured, text, buckets", buckets(measured::buckets(HISTOGRAMS)))
        .way("beside: opentelemetry, 160 exponential buckets", buckets(otel::buckets(HISTOGRAMS)))
        .way("beside: fastmetrics, text, buckets", buckets(fast::buckets(HISTOGRAMS)))
        .run(scale.long_turns)
        .show("≤ 1,000 ns, ratio ≥ 1");
}

/// Those whose quantiles are right, within this part of them.
fn quantiles(within: f64, mut read: impl FnMut() -> Quantiles) -> impl FnMut() -> Turn {
    move || {
        let mut all = Vec::new();
        let turn = Turn::of(|| {
            all = read();
            HISTOGRAMS as u64
        });
        check(&all, HISTOGRAMS, within);
        turn
    }
}

/// Those who have no quantiles to give.
fn buckets(mut read: impl FnMut()) -> impl FnMut() -> Turn {
    move || {
        Turn::of(|| {
            read();
            black_box(HISTOGRAMS as u64)
        })
    }
}
