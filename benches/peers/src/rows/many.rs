//! The rows of many counters: what registering them takes, and what memory they keep.

use crate::measure::{Contest, Standing, Standings, Turn};
use crate::memory::Memory;
use crate::ours;
use crate::peers::{client, datax, fast, measured, metrics, metriken, otel, plain, prometheus};
use crate::scale::Scale;
use crate::series::{Fill, Series, Texts};
use std::rc::Rc;

/// Who registers series, and by what name it stands in the tables.
const ALL: [(&str, Fill); 11] = [
    ("flowmeter", ours::series),
    ("`HashMap` of `Arc<AtomicU64>`s", plain::series),
    ("DataX-shaped map", datax::series),
    ("metrics-util `Registry`", metrics::series),
    ("metrics-exporter-prometheus", metrics::exported_series),
    ("prometheus `IntCounterVec`", prometheus::series),
    ("prometheus-client `Family`", client::series),
    ("measured `CounterVec`, `ParaCord`", measured::series),
    ("opentelemetry, bound", otel::series),
    ("metriken `CounterFamily`", metriken::series),
    ("fastmetrics `Family`", fast::series),
];

pub(crate) fn register(scale: Scale) {
    let target = "≤ 120 ns, ratio ≥ 1";
    registered(scale, "register 100,000 counters, 27 B of text", Texts::short, target);
    registered(scale, "register 100,000 counters, 63 B of text", Texts::long, target);
}

/// Each turn has a registry of its own. The texts were made before, and the registry goes afterwards.
fn registered(scale: Scale, title: &str, texts: fn(usize) -> Texts, target: &str) {
    let texts = Rc::new(texts(scale.counters));
    let mut contest = Contest::new(title, "ns a counter");
    for (name, fill) in ALL {
        let texts = Rc::clone(&texts);
        contest = contest.way(name, move || {
            let mut series = None;
            let turn = Turn::of(|| {
                series = Some(fill(&texts));
                texts.values.len() as u64
            });
            assert!(has_all(series.unwrap(), texts.values.len()));
            turn
        });
    }
    contest.run(scale.long_turns.div_ceil(5)).show(target);
}

pub(crate) fn heap(scale: Scale) {
    let target = "≤ 110 B and the handle, ratio ≥ 1";
    kept(scale, "heap of a counter of 100,000 and its handle, 27 B of text", Texts::short, target);
    kept(scale, "heap of a counter of 100,000 and its handle, 63 B of text", Texts::long, target);
}

/// What is asked for from the allocator and not given back, with the handles, for each series.
fn kept(scale: Scale, title: &str, texts: fn(usize) -> Texts, target: &str) {
    let texts = texts(scale.counters);
    let count = texts.values.len() as f64;
    let standing = |(name, fill): (&'static str, Fill)| {
        // What a library keeps for the process is there before.
        drop(fill(&texts));
        let before = Memory::now();
        let series = fill(&texts);
        let bytes = (Memory::now() - before).live as f64 / count;
        assert!(has_all(series, texts.values.len()));
        Standing { name, best: bytes, median: bytes }
    };
    let ways = ALL.into_iter().map(standing).collect();
    Standings { title: title.to_owned(), unit: "B a counter", turns: 1, ways }.show(target);
}

/// Whether each is there, and each has what was counted in it.
fn has_all(mut series: Box<dyn Series>, count: usize) -> bool {
    (0..count).step_by(7).for_each(|i| series.add(i));
    series.collect();
    let values = series.values();
    values.len() == count && values.iter().sum::<u64>() == count.div_ceil(7) as u64
}
