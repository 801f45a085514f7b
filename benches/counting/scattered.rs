//! The row of many counters that are added to in no order: what one counter in a loop does not show.

use crate::row::{Row, of};
use crate::scale::Scale;
use crate::subject::{FetchAdd, Line, Subject};
use crate::table::FETCH_ADD;
use flowmeter::Counter;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How many: they divide what a turn counts.
const MANY: usize = 1024;

pub(crate) fn rows() -> [Row; 1] {
    [Row {
        what: "1,024 counters by turns, in no order",
        unit: "add",
        target: "",
        peer: "`fetch_add`, 1,024 lines",
        ways: vec![
            ("`Counter::add`", of::<Scattered<Counter>>),
            (FETCH_ADD, of::<FetchAdd>),
            ("`fetch_add`, 1,024 lines", of::<Scattered<Line<AtomicU64>>>),
            ("`fetch_add`, 8 counters to a line", of::<Scattered<AtomicU64>>),
            ("limit: load, store, 8 counters to a line", of::<OneWriter>),
        ],
    }]
}

pub(crate) fn measure(scale: Scale) {
    rows().into_iter().for_each(|row| row.measure(scale));
}

/// Many, and the order in which they have their turns: always the same, as if it were by chance.
struct Scattered<T> {
    all: Vec<T>,
    order: Vec<usize>,
}

impl<T: Default> Default for Scattered<T> {
    fn default() -> Scattered<T> {
        let mut order: Vec<usize> = (0..MANY).collect();
        order.sort_by_key(|&i| mixed(i as u64 + 1));
        Scattered { all: (0..MANY).map(|_| T::default()).collect(), order }
    }
}

/// Multiplied and shifted, twice, as the splitmix generator does.
fn mixed(number: u64) -> u64 {
    let once = number.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    twice ^ (twice >> 31)
}

impl<T> Scattered<T> {
    fn each(&self, times: u64, add: impl Fn(&T)) {
        for _ in 0..times / MANY as u64 {
            self.order.iter().for_each(|&i| add(black_box(&self.all[i])));
        }
    }
}

impl Subject for Scattered<Counter> {
    fn count(&mut self, times: u64) {
        self.each(times, |counter| counter.add(1));
    }

    fn counted(&self) -> u64 {
        self.all.iter().map(Counter::value).sum()
    }
}

impl Subject for Scattered<Line<AtomicU64>> {
    fn count(&mut self, times: u64) {
        self.each(times, |line| _ = line.0.fetch_add(1, Relaxed));
    }

    fn counted(&self) -> u64 {
        self.all.iter().map(|line| line.0.load(Relaxed)).sum()
    }
}

impl Subject for Scattered<AtomicU64> {
    fn count(&mut self, times: u64) {
        self.each(times, |total| _ = total.fetch_add(1, Relaxed));
    }

    fn counted(&self) -> u64 {
        self.all.iter().map(|total| total.load(Relaxed)).sum()
    }
}

/// A load and a store: right only if nobody else writes.
#[derive(Default)]
struct OneWriter(Scattered<AtomicU64>);

impl Subject for OneWriter {
    fn count(&mut self, times: u64) {
        self.0.each(times, |total| total.store(total.load(Relaxed) + 1, Relaxed));
    }

    fn counted(&self) -> u64 {
        self.0.counted()
    }
}
