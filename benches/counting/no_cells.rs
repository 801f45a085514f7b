//! The rows of counting where all cells of the process are in use.

use crate::memory::Memory;
use crate::row::{Row, of};
use crate::scale::Scale;
use crate::subject::FetchAdd;
use crate::table::FETCH_ADD;
use crate::{hdr, ours};
use flowmeter::{Buckets, Counter, Histogram};

pub(crate) fn measure(scale: Scale) {
    let all = that_have_all_cells();
    assert!(is_allocated_for(&Histogram::default()));
    [counter(), histogram()].into_iter().for_each(|row| row.measure(scale));
    drop(all);
}

/// All large spans, and then the small ones that are left of a piece: more than there may be.
fn that_have_all_cells() -> (Vec<Histogram>, Vec<(Counter, Histogram)>) {
    let buckets = Buckets::new(3, 1..=u64::MAX).unwrap();
    let histograms: Vec<_> = (0..400).map(|_| Histogram::of(buckets)).collect();
    for histogram in &histograms {
        (0..64).for_each(|octave| histogram.record(1 << octave));
    }
    (histograms, (0..5_000).map(|_| Default::default()).collect())
}

/// Whether it has memory of its own for a value, which it asks for where there are no cells.
fn is_allocated_for(histogram: &Histogram) -> bool {
    let before = Memory::now();
    histogram.record(1_000_000);
    (Memory::now() - before).live >= 128 * size_of::<u64>() as i64
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
