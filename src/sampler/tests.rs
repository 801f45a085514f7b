//! What a sampler promises, on a clock that stands still unless a test moves it.

mod calls;
mod hanging;
mod ownership;
mod several;
mod state;
mod threads;

use super::{Answer, CallId, Sampler};
use crate::clock::ManualClock;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::any::Any;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(10);
const OVERRUN: Duration = Duration::from_secs(2);

type Answers<T> = Vec<Answer<T>>;

/// A sampler, the clock that it waits on, and the threads that it has.
struct Bench<T> {
    clock: ManualClock,
    sampler: Arc<Sampler<T>>,
    threads: Arc<Threads>,
}

#[derive(Default)]
struct Threads {
    started: AtomicUsize,
    live: AtomicUsize,
}

/// Counts the thread that it lives on.
struct Living(Arc<Threads>);

impl<T: Send + 'static> Bench<T> {
    fn new() -> Bench<T> {
        let threads = Arc::new(Threads::default());
        let counted = Arc::clone(&threads);
        let start = move |work: Box<dyn FnOnce() + Send>| {
            let living = Living::on(&counted);
            thread::Builder::new().spawn(move || {
                let _living = living;
                work();
            })
        };
        let clock = ManualClock::new();
        let sampler = Sampler::with_threads(clock.clock(), WAIT, Box::new(start));
        Bench { clock, sampler: Arc::new(sampler), threads }
    }

    fn add(&self, call: impl FnMut() -> T + Send + 'static) -> CallId {
        self.sampler.add(Box::new(call))
    }

    fn add_hanging(&self, value: T) -> Hanging
    where
        T: Clone,
    {
        let (call, hanging) = hanging(value);
        self.add(call);
        hanging
    }

    fn sample(&self) -> Answers<T> {
        answers(self.sampler.sample().1)
    }

    /// Samples on another thread, and tells what came of it and at which time.
    fn sampling(&self) -> JoinHandle<(Answers<T>, Duration)> {
        let (sampler, clock) = (Arc::clone(&self.sampler), self.clock.clock());
        let start = clock.now();
        thread::spawn(move || (answers(sampler.sample().1), clock.now().since(start)))
    }

    /// Adds calls that are slow, but not too slow, for `until_caller_left`.
    fn add_slow(&self, value: T) -> [Hanging; 6]
    where
        T: Clone,
    {
        std::array::from_fn(|_| self.add_hanging(value.clone()))
    }

    /// A sample in which the slow calls take so long that its caller leaves before the next call, which
    /// hangs, has overrun.
    fn until_caller_left(&self, slow: &[Hanging; 6], hanging: &Hanging) -> Answers<T> {
        let sampling = self.sampling();
        for call in slow {
            call.until_started();
            self.clock.advance(WAIT * 3 / 20);
            call.let_return();
        }
        hanging.until_started();
        self.clock.advance(WAIT / 10);
        sampling.join().unwrap().0
    }

    /// Returns when whatever can be called has answered.
    fn until_idle(&self) {
        while !self.sampler.shared.state().is_idle() {
            thread::yield_now();
        }
    }

    fn live_threads(&self) -> usize {
        self.threads.live.load(Ordering::SeqCst)
    }

    fn started_threads(&self) -> usize {
        self.threads.started.load(Ordering::SeqCst)
    }

    fn until_live_threads(&self, left: usize) {
        self.threads.until_live(left);
    }
}

impl Threads {
    /// Returns when that many threads are left; for those that end by themselves.
    fn until_live(&self, left: usize) {
        while self.live.load(Ordering::SeqCst) != left {
            thread::yield_now();
        }
    }
}

impl Living {
    fn on(threads: &Arc<Threads>) -> Living {
        threads.started.fetch_add(1, Ordering::SeqCst);
        threads.live.fetch_add(1, Ordering::SeqCst);
        Living(Arc::clone(threads))
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The test's end of a call that returns only when it is let.
struct Hanging {
    started: Receiver<()>,
    let_return: Sender<()>,
}

/// A call that, each time, waits until it is let, or until its other end is gone.
fn hanging<T: Clone + Send>(value: T) -> (impl FnMut() -> T + Send + use<T>, Hanging) {
    let (tell, started) = unbounded();
    let (let_return, allowed) = unbounded();
    let call = move || {
        let _ = tell.send(());
        let _ = allowed.recv();
        value.clone()
    };
    (call, Hanging { started, let_return })
}

impl Hanging {
    fn until_started(&self) {
        self.started.recv().expect("it is called");
    }

    fn let_return(&self) {
        self.let_return.send(()).expect("it is there");
    }

    fn starts(&self) -> usize {
        self.started.len()
    }
}

fn answers<T>(sample: Vec<(CallId, Answer<T>)>) -> Answers<T> {
    assert!(sample.is_sorted_by(|(a, _), (b, _)| a < b));
    sample.into_iter().map(|(_, answer)| answer).collect()
}

/// Panics without a word on standard error.
fn panic_quietly(payload: impl Any + Send) -> ! {
    resume_unwind(Box::new(payload))
}

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
