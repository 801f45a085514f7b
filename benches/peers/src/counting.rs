//! What counts by two functions: one that counts, and one that reads how often that was.
//!
//! Clones share what they count in, each as its library shares it: by a handle that is cloned, or by an `Arc`.

use crate::labels::SERIES;
use crate::subject::{Subject, level_of};
use crate::values::{SPREAD, VALUES};
use std::hint::black_box;
use std::sync::LazyLock;

/// The values of [`SPREAD`] as seconds, from 0.001 to 1: those who keep buckets of seconds are given them.
pub(crate) static SECONDS: LazyLock<Vec<f64>> =
    LazyLock::new(|| SPREAD.iter().map(|&micros| micros as f64 / 1e6).collect());

/// A handle, what is done with it, and how often that was done.
#[derive(Clone)]
struct Counting<H, C, R> {
    handle: H,
    count: C,
    counted: R,
}

impl<H: Send, C: Fn(&H, u64) + Send, R: Fn(&H) -> u64 + Send> Subject for Counting<H, C, R> {
    fn count(&mut self, times: u64) {
        (self.count)(&self.handle, times);
    }

    fn counted(&self) -> u64 {
        (self.counted)(&self.handle)
    }
}

/// What several threads can count by at once, each by its clone.
pub(crate) trait Shared: Subject + Clone + 'static {}
impl<S: Subject + Clone + 'static> Shared for S {}

/// A handle that each clone has a clone of.
pub(crate) trait Handle: Clone + Send + 'static {}
impl<H: Clone + Send + 'static> Handle for H {}

/// What is read or done by a handle.
pub(crate) trait By<H, T>: Fn(&H) -> T + Copy + Send + 'static {}
impl<H, T, F: Fn(&H) -> T + Copy + Send + 'static> By<H, T> for F {}

/// Adds one, each time.
pub(crate) fn adds<H: Handle>(
    handle: H,
    add: impl By<H, ()>,
    total: impl By<H, u64>,
) -> impl Shared {
    let count = move |handle: &H, times| (0..times).for_each(|_| add(black_box(handle)));
    Counting { handle, count, counted: total }
}

/// Sets a level that is one higher each time.
pub(crate) fn sets<H: Handle>(
    handle: H,
    set: impl Fn(&H, f64) + Copy + Send + 'static,
    level: impl By<H, f64>,
) -> impl Shared {
    let count = move |handle: &H, times| {
        let before = level(handle) as u64;
        (before + 1..before + 1 + times).for_each(|next| set(black_box(handle), level_of(next)));
    };
    Counting { handle, count, counted: move |handle: &H| level(handle) as u64 }
}

/// Records the values of [`SPREAD`], in its order.
pub(crate) fn records<H: Handle>(
    handle: H,
    record: impl Fn(&H, u64) + Copy + Send + 'static,
    counted: impl By<H, u64>,
) -> impl Shared {
    let all = move |handle: &H| SPREAD.iter().for_each(|&value| record(black_box(handle), value));
    rounds(handle, VALUES, all, counted)
}

/// Records the same as [`SECONDS`].
pub(crate) fn records_seconds<H: Handle>(
    handle: H,
    record: impl Fn(&H, f64) + Copy + Send + 'static,
    counted: impl By<H, u64>,
) -> impl Shared {
    let all = move |handle: &H| SECONDS.iter().for_each(|&value| record(black_box(handle), value));
    rounds(handle, VALUES, all, counted)
}

/// Looks each of the series up by its key, and adds one to it.
pub(crate) fn looks_up<H: Handle, K: Clone + Send + 'static>(
    handle: H,
    keys: [K; SERIES],
    add: impl Fn(&H, &K) + Copy + Send + 'static,
    totals: impl By<H, Vec<u64>>,
) -> impl Shared {
    let all = move |(handle, keys): &(H, [K; SERIES])| {
        keys.iter().for_each(|key| add(black_box(handle), black_box(key)));
    };
    rounds((handle, keys), SERIES, all, move |(handle, _): &(H, _)| even(&totals(handle)))
}

/// Adds one to each of the series, by a line of code for each.
pub(crate) fn unrolled<H: Handle>(
    handle: H,
    all: impl By<H, ()>,
    totals: impl By<H, Vec<u64>>,
) -> impl Shared {
    rounds(handle, SERIES, all, move |handle: &H| even(&totals(handle)))
}

/// Does `all` for each `size` times.
fn rounds<H: Handle>(
    handle: H,
    size: usize,
    all: impl By<H, ()>,
    counted: impl By<H, u64>,
) -> impl Shared {
    let count = move |handle: &H, times| {
        (0..times / size as u64).for_each(|_| all(black_box(handle)));
    };
    Counting { handle, count, counted }
}

/// The sum of what all series have, which is the same; none has any before its first.
fn even(totals: &[u64]) -> u64 {
    assert!(totals.is_empty() || totals.len() == SERIES, "{} series", totals.len());
    assert!(totals.windows(2).all(|pair| pair[0] == pair[1]), "{totals:?}");
    totals.iter().sum()
}
