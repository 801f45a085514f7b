//! The rows of several threads that count the same.

use crate::datax::Communication;
use crate::measure::Contest;
use crate::scale::Scale;
use crate::subject::{FetchAdd, Nothing, OneWriter, Subject, alone};
use crate::table::FETCH_ADD;
use crate::together::Together;
use crate::{hdr, ours};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Each of two.
pub(crate) fn two(scale: Scale) {
    let ways = Together::two(scale);
    Contest::new("same counter, 2 threads", "add, thread")
        .way("`Counter::add`", ways.each(ours::counter()))
        .way(FETCH_ADD, alone(scale))
        .way("`fetch_add`, shared", ways.each(FetchAdd::default()))
        .way("`fetch_add`, each its own", ways.each(Own::<FetchAdd>::default()))
        .way("DataX-shaped map, shared", ways.each(Communication::new()))
        .way("limit: load, store, each its own", ways.each(Own::<OneWriter>::default()))
        .way("the loop alone", ways.each(Own::<Nothing>::default()))
        .run(scale.turns)
        .rows("`fetch_add`, shared", "≤ 0.7 ns: 3.2 cycles");
    Contest::new("histogram record, shared handle, 2 threads", "value, thread")
        .way("`Histogram::record`", ways.each(ours::histogram()))
        .way(FETCH_ADD, alone(scale))
        .way("`hdrhistogram`, 2 digits, in a mutex", ways.each(hdr::locked()))
        .way("`hdrhistogram`, 2 digits, its recorders", ways.each(hdr::recorded()))
        .run(scale.turns)
        .rows("`hdrhistogram`, 2 digits, in a mutex", "≤ 1.6 ns: 7.3 cycles");
}

/// All of eight together: more than there may be processors, so that they take turns on them.
pub(crate) fn eight(scale: Scale) {
    let ways = Together::eight(scale);
    Contest::new("same counter, 8 threads, total", "add of all")
        .way("`Counter::add`", ways.total(ours::counter()))
        .way(FETCH_ADD, alone(scale))
        .way("`fetch_add`, shared", ways.total(FetchAdd::default()))
        .way("`fetch_add`, each its own", ways.total(Own::<FetchAdd>::default()))
        .way("DataX-shaped map, shared", ways.total(Communication::new()))
        .way("limit: load, store, each its own", ways.total(Own::<OneWriter>::default()))
        .run(scale.long_turns)
        .rows("`fetch_add`, shared", "≥ 3,000 M/s: 1.5 cycles");
}

/// Counts by one that it shares with nobody: each clone has another. What they counted is added up.
#[derive(Default)]
struct Own<S> {
    own: S,
    total: Arc<AtomicU64>,
}

impl<S: Default> Clone for Own<S> {
    fn clone(&self) -> Own<S> {
        Own { own: S::default(), total: Arc::clone(&self.total) }
    }
}

impl<S: Subject> Subject for Own<S> {
    fn count(&mut self, times: u64) {
        let before = self.own.counted();
        self.own.count(times);
        self.total.fetch_add(self.own.counted() - before, Relaxed);
    }

    fn counted(&self) -> u64 {
        self.total.load(Relaxed)
    }
}
