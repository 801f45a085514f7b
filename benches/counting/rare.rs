//! The rows of what is done once a series, or once an octave of it: asking by name, registering, a first value.

use crate::datax::Communication;
use crate::measure::{Contest, Turn};
use crate::ours;
use crate::row::{Row, elsewhere, of};
use crate::scale::Scale;
use crate::series::registry;
use crate::subject::{FetchAdd, Subject, alone};
use crate::table::FETCH_ADD;
use flowmeter::{Histogram, Registry};
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// How many counters are registered in a turn.
const COUNTERS: usize = 1_000;
/// How many new histograms get first values in a turn: with those of all turns there are cells left.
const HISTOGRAMS: usize = 20;
const OCTAVES: u64 = 10;

const MAP: &str = "a `HashMap` of `Arc<AtomicU64>`s";
const LATER: &str = "a later value";

pub(crate) fn measure(scale: Scale) {
    asked().measure(scale);
    registered(scale);
    let mut living = Vec::new();
    first_values(scale, "histogram, an octave's first value, new cells", |new| living.extend(new));
    drop(living);
    first_values(scale, "histogram, an octave's first value, used cells", drop);
}

fn asked() -> Row {
    Row {
        what: "counter asked for again, and added to",
        unit: "add",
        target: "",
        peer: "DataX-shaped map, one name",
        ways: vec![
            ("`Registry::counter`, by name", || {
                Box::new(Asked { labels: &[], registry: registry(1) })
            }),
            ("`Registry::counter_with`, 2 labels", || {
                let labels = &[("partition", "2013-01-01"), ("worker", "worker-000001")];
                Box::new(Asked { labels, registry: registry(1) })
            }),
            (FETCH_ADD, of::<FetchAdd>),
            ("DataX-shaped map, one name", || Box::new(Communication::new())),
        ],
    }
}

/// Looks its counter up each time.
struct Asked {
    labels: &'static [(&'static str, &'static str)],
    registry: Registry,
}

impl Asked {
    fn counter(&self) -> flowmeter::Counter {
        let (name, labels) = (black_box("etl.rows.committed"), black_box(self.labels));
        match labels {
            [] => self.registry.counter(name).unwrap(),
            labels => self.registry.counter_with(name, labels).unwrap(),
        }
    }
}

impl Subject for Asked {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&*self).counter().add(1);
        }
    }

    fn counted(&self) -> u64 {
        self.counter().value()
    }
}

fn registered(scale: Scale) {
    let partition = |i| format!("2013-01-01-{i:06}");
    let partitions: Vec<String> = (0..COUNTERS).map(partition).collect();
    let long = |partition| format!("etl.rows.committed partition={partition} worker=worker-1");
    let names: Vec<String> = partitions.iter().map(long).collect();
    let ours = || {
        let (registry, mut handles) = (registry(COUNTERS), Vec::with_capacity(COUNTERS));
        Turn::of(|| {
            handles.extend(partitions.iter().map(|partition| {
                let metric = registry.metric("etl.rows.committed").label("partition", partition);
                metric.label("worker", "worker-000001").counter().unwrap()
            }));
            handles.len() as u64
        })
    };
    let map = || {
        let (mut map, mut handles) = (HashMap::new(), Vec::with_capacity(COUNTERS));
        Turn::of(|| {
            handles.extend(names.iter().map(|name| {
                let counter = Arc::new(AtomicU64::new(0));
                map.insert(name.clone(), Arc::clone(&counter));
                counter
            }));
            map.len() as u64
        })
    };
    Contest::new("counter registered, 63 bytes of text", "counter")
        .way("`MetricBuilder::counter`, 2 labels", ours)
        .way(FETCH_ADD, alone(scale))
        .way(MAP, map)
        .run(scale.turns)
        .rows(MAP, "");
}

/// First values of ten octaves each, in histograms which then are handed to `done`.
fn first_values(scale: Scale, title: &str, mut done: impl FnMut(Vec<Histogram>)) {
    let ours = || {
        let new: Vec<Histogram> = (0..HISTOGRAMS).map(|_| Histogram::default()).collect();
        let turn = Turn::of(|| {
            new.iter().for_each(first_of_octaves);
            HISTOGRAMS as u64 * OCTAVES
        });
        assert!(new.iter().all(|histogram| histogram.snapshot().count() == OCTAVES));
        done(new);
        turn
    };
    Contest::new(title, "value")
        .way("`Histogram::record`", ours)
        .way(FETCH_ADD, alone(scale))
        .way(LATER, elsewhere(|| Box::new(ours::histogram()), scale))
        .run(scale.turns)
        .rows(LATER, "");
}

fn first_of_octaves(histogram: &Histogram) {
    (0..OCTAVES).for_each(|octave| histogram.record(black_box(1_000 << octave)));
}
