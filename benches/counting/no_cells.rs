//! The rows of counting where all cells of the process are in use.

use crate::measure::Contest;
use crate::row::{Row, of};
use crate::scale::Scale;
use crate::subject::{FetchAdd, alone};
use crate::table::FETCH_ADD;
use crate::together::Together;
use crate::{hdr, ours};
use flowmeter::{Buckets, Counter, Histogram, Registry};

pub(crate) fn measure(scale: Scale) {
    let all = that_have_all_cells();
    let registry = Registry::new();
    registry.counter("rows").unwrap().inc();
    registry.histogram("sizes").unwrap().record(1);
    assert_eq!(registry.collect().gauge("flowmeter.without_cells"), Some(2.0));
    [counter(), histogram()].into_iter().for_each(|row| row.measure(scale));
    two_threads(scale);
    drop(all);
}

fn two_threads(scale: Scale) {
    let ways = Together::two(scale);
    Contest::new("counter add, no cells left, 2 threads", "add, thread")
        .way("`Counter::add`", ways.each(ours::counter()))
        .way(FETCH_ADD, alone(scale))
        .way("`fetch_add`, shared", ways.each(FetchAdd::default()))
        .run(scale.turns)
        .rows("`fetch_add`, shared", "");
    Contest::new("histogram record, no cells left, 2 threads", "value, thread")
        .way("`Histogram::record`", ways.each(ours::histogram()))
        .way(FETCH_ADD, alone(scale))
        .way("`hdrhistogram`, 2 digits, in a mutex", ways.each(hdr::locked()))
        .run(scale.turns)
        .rows("`hdrhistogram`, 2 digits, in a mutex", "");
}

/// All large spans, and then the eighth that is kept for small ones: more of both than there may be.
fn that_have_all_cells() -> (Vec<Histogram>, Vec<Counter>) {
    let buckets = Buckets::new(3, 1..=u64::MAX).unwrap();
    let histograms: Vec<_> = (0..400).map(|_| Histogram::of(buckets)).collect();
    for histogram in &histograms {
        (0..64).for_each(|octave| histogram.record(1 << octave));
    }
    (histograms, (0..600_000).map(|_| Default::default()).collect())
}

fn counter() -> Row {
    Row {
        what: "counter add, no cells left",
        unit: "add",
        target: "",
        peer: FETCH_ADD,
        ways: vec![("`Counter::add`", || Box::new(ours::counter())), (FETCH_ADD, of::<FetchAdd>)],
    }
}

fn histogram() -> Row {
    Row {
        what: "histogram record, no cells left",
        unit: "value",
        target: "",
        peer: "`hdrhistogram`, 2 digits, in a mutex",
        ways: vec![
            ("`Histogram::record`", || Box::new(ours::histogram())),
            (FETCH_ADD, of::<FetchAdd>),
            ("`hdrhistogram`, 2 digits, in a mutex", || Box::new(hdr::locked())),
        ],
    }
}
