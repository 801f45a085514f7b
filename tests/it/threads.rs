//! What many threads count is exact in the end and consistent at every moment.

mod anywhere;
mod counting;
mod ledger;
mod racing;

use crossbeam_channel::{TryRecvError, bounded};
use flowmeter::{Amount, Communication, Counters};
use std::thread;

/// Runs `work`, and beside it, in a thread that never rests, `look`.
pub(crate) fn look_beside<T>(mut look: impl FnMut() + Send, work: impl FnOnce() -> T) -> T {
    thread::scope(move |scope| {
        // Dropped when the work is done, also by a panic.
        let (_works, done) = bounded::<()>(0);
        scope.spawn(move || {
            while done.try_recv() != Err(TryRecvError::Disconnected) {
                look();
            }
        });
        work()
    })
}

/// Repeats `work` until `look`, beside it, has been called so many times.
pub(crate) fn work_until_looked(looks: u64, mut look: impl FnMut() + Send, mut work: impl FnMut()) {
    thread::scope(|scope| {
        let looking = scope.spawn(move || (0..looks).for_each(|_| look()));
        while !looking.is_finished() {
            work();
        }
    });
}

/// Every record has this size, so that torn amounts are seen.
const BYTES: u64 = 7;

fn amounts(counters: &Counters) -> [Amount; 9] {
    let Counters { reader, writer, .. } = counters;
    [
        reader.read,
        reader.unreadable,
        reader.filtered,
        reader.refused,
        reader.handed_on,
        writer.received,
        writer.skipped,
        writer.failed,
        writer.committed,
    ]
}

/// No amount was read in the middle of a count.
fn check_whole(part: &Communication) {
    for amount in amounts(&part.counters) {
        assert_eq!(amount.bytes, amount.records * BYTES, "torn: {part:?}");
    }
}

/// Every record is somewhere, once; for parts of which nothing has failed.
fn check_ledger(part: &Communication) {
    let ledger = part.ledger();
    assert!(ledger.in_hand >= 0 && ledger.in_flight >= 0 && ledger.buffered >= 0, "{ledger:?}");
    assert_eq!((ledger.discrepancy, ledger.abandoned), (0, 0), "{ledger:?}");
    check_whole(part);
}
