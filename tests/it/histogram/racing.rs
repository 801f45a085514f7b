//! Threads that record at once, and cuts that are taken meanwhile.

use flowmeter::{Buckets, Histogram, HistogramSnapshot};
use std::sync::Barrier;
use std::thread;

const THREADS: u64 = 8;

/// Records `values(thread)` on each of eight threads at once, and looks on until all have ended.
fn race<V: Iterator<Item = u64>>(
    histogram: &Histogram,
    values: impl Fn(u64) -> V + Sync,
    mut look: impl FnMut(HistogramSnapshot),
) {
    let together = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        let start = |thread| {
            let (together, values) = (&together, &values);
            scope.spawn(move || {
                together.wait();
                values(thread).for_each(|value| histogram.record(value));
            })
        };
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
            look(histogram.snapshot());
        }
    });
}

/// Numbers of every size, other ones for each thread.
fn scattered(thread: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |n| {
        let mixed = (n * THREADS + thread + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed >> (mixed % 43 + 20)
    })
}

#[test]
fn eight_threads_record_exactly_what_one_would() {
    let histogram = Histogram::default();
    race(&histogram, |thread| scattered(thread, 200_000), drop);
    let all = (0..THREADS).flat_map(|thread| scattered(thread, 200_000));
    let expected = HistogramSnapshot::of(Buckets::default(), all);
    assert_eq!(histogram.snapshot(), expected);
    assert_eq!(expected.count(), 1_600_000);
}

#[test]
fn threads_that_touch_an_octave_at_once_lose_nothing() {
    for _ in 0..200 {
        let histogram = Histogram::default();
        race(&histogram, |_| (0..64).map(|bits| 1 << bits), drop);
        let seen = histogram.snapshot();
        assert_eq!(seen.iter().map(|(_, count)| count).collect::<Vec<_>>(), [THREADS; 64]);
    }
}

/// Asserts that what is counted has its part in the sum and the extremes.
fn check_whole(seen: &HistogramSnapshot) {
    let (Some(min), Some(max)) = (seen.min(), seen.max()) else {
        return assert_eq!((seen.count(), seen.sum()), (0, 0));
    };
    let mut least = 0;
    for (values, count) in seen.iter() {
        assert!(min <= *values.end() && max >= *values.start(), "{min} {max} {values:?}");
        least += values.start() * count;
    }
    assert!(seen.sum() >= least, "{} of {least}", seen.sum());
    assert!(seen.above() == 0 || max > seen.buckets().highest());
}

#[test]
fn in_every_cut_what_is_counted_is_in_sum_least_and_greatest() {
    // New extremes all the time: the values of a round are below and above those before.
    let widening =
        |thread| (0..20_u64).flat_map(move |n| [1 << (20 - n), (1 << (20 + n)) + thread]);
    let buckets = Buckets::new(2, 1..=1 << 39).unwrap();
    let mut cuts = 0;
    for _ in 0..2000 {
        let histogram = Histogram::of(buckets);
        race(&histogram, widening, |seen| {
            check_whole(&seen);
            cuts += u64::from(!seen.is_empty());
        });
    }
    assert!(cuts > 100, "{cuts}");
}

/// Asserts that values of these buckets can have this sum.
fn check_sum(seen: &HistogramSnapshot) {
    let sum_of = |edge: &dyn Fn(&std::ops::RangeInclusive<u64>) -> u64| -> u64 {
        seen.iter().map(|(values, count)| edge(&values) * count).sum()
    };
    let possible = sum_of(&|values| *values.start())..=sum_of(&|values| *values.end());
    assert!(possible.contains(&seen.sum()), "{} of {possible:?}", seen.sum());
}

#[test]
fn in_every_cut_sum_and_mean_are_those_of_the_counts_to_the_width_of_the_buckets() {
    // The greatest value of its bucket: a sum that is ahead of the counts by one value is too great.
    let histogram = Histogram::default();
    let (mut cuts, mut rounds) = (0, 0);
    while cuts < 100 {
        let values = |_| std::iter::repeat_n(1003, 20_000);
        race(&histogram, values, |seen| {
            check_sum(&seen);
            assert!(seen.mean().is_none_or(|mean| (1000.0..=1003.0).contains(&mean)));
            cuts += 1;
        });
        rounds += 1;
    }
    let (all, count) = (histogram.snapshot(), rounds * THREADS * 20_000);
    assert_eq!((all.count(), all.sum(), all.mean()), (count, count * 1003, Some(1003.0)));
}

#[test]
fn each_cut_continues_the_one_before_and_their_differences_add_up() {
    let histogram = Histogram::default();
    let mut last = HistogramSnapshot::empty(Buckets::default());
    let mut added = last.clone();
    let mut look = |seen: HistogramSnapshot| {
        check_sum(&seen);
        let since = seen.since(&last).expect("it goes on");
        check_whole(&since);
        let text = serde_json::to_string(&seen).unwrap();
        assert_eq!(serde_json::from_str::<HistogramSnapshot>(&text).unwrap(), seen);
        added.merge(&since).unwrap();
        last = seen;
    };
    race(&histogram, |thread| scattered(thread, 20_000), &mut look);
    look(histogram.snapshot());
    assert_eq!(added.count(), THREADS * 20_000);
    assert_eq!(added.iter().collect::<Vec<_>>(), last.iter().collect::<Vec<_>>());
}
