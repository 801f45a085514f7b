//! Callbacks, sources and health checks: what a collection asks, and what becomes of it whatever they do.

mod callbacks;
mod given;
mod hanging;
mod health;
mod lifetimes;
mod panics;
mod reentrancy;
mod threads;

use crossbeam_channel::{Receiver, Sender, unbounded};
use flowmeter::{ManualClock, Registry, Sample, Snapshot, Source};
use std::thread;
use std::time::Duration;

/// How long a collection waits: a call has overrun after a fifth of it.
const WAIT: Duration = Duration::from_secs(10);
const OVERRUN: Duration = Duration::from_secs(2);

/// A registry on a clock that stands still unless the test moves it.
fn registry() -> (ManualClock, Registry) {
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).source_wait(WAIT).build();
    (clock, registry)
}

/// What the registry counts in `flowmeter.<figure>` of what is called `source`.
fn counted(snapshot: &Snapshot, figure: &str, source: &str) -> Option<u64> {
    snapshot.counter_with(&format!("flowmeter.{figure}"), &[("source", source)])
}

/// A source that is a closure.
struct Gives<F>(F);

impl<F: FnMut(&mut Sample) + Send> Source for Gives<F> {
    fn sample(&mut self, sample: &mut Sample) {
        (self.0)(sample);
    }
}

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// The test's end of a gate that users' code waits at, until it is opened for good.
struct Gate {
    arrivals: Receiver<()>,
    shut: Sender<()>,
}

/// A gate, and how one passes it.
fn gate() -> (impl FnMut() + Send, Gate) {
    let (arrive, arrivals) = unbounded();
    let (shut, opened) = unbounded::<()>();
    let pass = move || {
        let _ = arrive.send(());
        let _ = opened.recv();
    };
    (pass, Gate { arrivals, shut })
}

impl Gate {
    fn until_somebody_waits(&self) {
        self.arrivals.recv().unwrap();
    }

    /// How often somebody came.
    fn arrivals(&self) -> usize {
        self.arrivals.len()
    }

    fn open(self) {
        drop(self.shut);
    }
}

/// Collects while calls wait at `gates`, in the order of their registration: each overruns before the next is
/// called. Behind the last gate nothing should be registered, so that the time for all before it is enough.
fn collect_past(clock: &ManualClock, registry: &Registry, gates: &[&Gate]) -> Snapshot {
    collect_past_and(clock, registry, gates, || ())
}

/// The same, where `behind` returns when what is registered behind the last gate has answered.
fn collect_past_and(
    clock: &ManualClock,
    registry: &Registry,
    gates: &[&Gate],
    behind: impl FnOnce(),
) -> Snapshot {
    thread::scope(|scope| {
        let collecting = scope.spawn(|| registry.collect());
        for gate in gates {
            gate.until_somebody_waits();
            clock.advance(OVERRUN);
        }
        behind();
        clock.advance(WAIT - OVERRUN * u32::try_from(gates.len()).unwrap());
        collecting.join().unwrap()
    })
}

/// Repeats `look` until it sees it; for what other threads do soon, on their own.
fn until(mut look: impl FnMut() -> bool) {
    let seen = (0..1_000_000).any(|_| {
        thread::yield_now();
        look()
    });
    assert!(seen, "it has not come");
}
