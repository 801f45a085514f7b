//! This library, through its public API.

pub(crate) mod lookup;

use crate::counting::{Shared, adds, records, sets};
use crate::quantiles::{Quantiles, READ};
use crate::series::{LABELS, Series, Texts};
use crate::values::SPREAD;
use flowmeter::{Clock, Counter, Gauge, Histogram, Registry, Snapshot, Timer, Value};

pub(crate) fn counter() -> impl Shared {
    adds(Registry::new().counter("rows").unwrap(), |rows| rows.add(1), Counter::value)
}

pub(crate) fn gauge() -> impl Shared {
    sets(Registry::new().gauge("depth").unwrap(), Gauge::set, Gauge::value)
}

pub(crate) fn histogram() -> impl Shared {
    let sizes = Registry::new().histogram("sizes").unwrap();
    records(sizes, Histogram::record, |sizes| sizes.snapshot().count())
}

pub(crate) fn timer() -> impl Shared {
    let time = |timer: &Timer| _ = timer.start().stop();
    adds(Timer::new(&Clock::system()), time, |timer| timer.snapshot().count())
}

struct Registered {
    registry: Registry,
    name: &'static str,
    handles: Vec<Counter>,
    read: Option<Snapshot>,
}

pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let registry = Registry::builder().series_limit(texts.values.len()).build();
    let register = |values: [&str; 2]| {
        let labels = [(LABELS[0], values[0]), (LABELS[1], values[1])];
        registry.counter_with(texts.name, &labels).unwrap()
    };
    let handles = texts.iter().map(register).collect();
    Box::new(Registered { registry, name: texts.name, handles, read: None })
}

impl Series for Registered {
    fn add(&self, i: usize) {
        self.handles[i].add(1);
    }

    fn collect(&mut self) {
        self.read = Some(self.registry.collect());
    }

    fn values(&self) -> Vec<u64> {
        let rows = self.read.iter().flat_map(Snapshot::series);
        let rows = rows.filter(|series| series.key.name() == self.name);
        let totals = rows.filter_map(|series| match series.value {
            Value::Counter(total) => Some(total),
            _ => None,
        });
        totals.collect()
    }
}

/// Collects so many histograms, and reads their quantiles from the snapshot.
pub(crate) fn quantiles(histograms: usize) -> impl FnMut() -> Quantiles {
    let registry = Registry::builder().series_limit(histograms).build();
    let make = |i: usize| registry.histogram_with("sizes", &[("task", &i.to_string())]).unwrap();
    let handles: Vec<Histogram> = (0..histograms).map(make).collect();
    for sizes in &handles {
        SPREAD.iter().for_each(|&size| sizes.record(size));
    }
    move || {
        assert_eq!(handles.len(), histograms);
        let snapshot = registry.collect();
        let sizes = snapshot.series().filter_map(|series| match series.value {
            Value::Histogram(sizes) if series.key.name() == "sizes" => {
                Some(READ.map(|q| sizes.quantile(q).unwrap()))
            }
            _ => None,
        });
        sizes.collect()
    }
}
