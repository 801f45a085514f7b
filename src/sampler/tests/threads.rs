//! Threads that can't be started, and threads that die.

use super::{Answer, OVERRUN, WAIT};
use crate::clock::ManualClock;
use crate::sampler::Sampler;
use crate::sampler::shared::{StartThread, start_thread};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

fn sampler(start: StartThread) -> (ManualClock, Sampler<i32>) {
    let clock = ManualClock::new();
    let sampler = Sampler::with_threads(clock.clock(), WAIT, start);
    (clock, sampler)
}

#[test]
fn all_is_late_at_once_while_no_thread_can_be_started() {
    let possible = Arc::new(AtomicBool::new(false));
    let is_possible = Arc::clone(&possible);
    let (_clock, sampler) =
        sampler(Box::new(move |work| match is_possible.load(Ordering::SeqCst) {
            true => start_thread(work),
            false => Err(io::Error::other("no more threads")),
        }));
    let id = sampler.add(Box::new(|| 1));
    assert_eq!(sampler.sample().1, [(id, Answer::Late)]);
    possible.store(true, Ordering::SeqCst);
    assert_eq!(sampler.sample().1, [(id, Answer::Given(1))]);
}

#[test]
fn a_thread_that_died_is_replaced_in_the_same_sample() {
    let (tell, died) = crossbeam_channel::unbounded();
    let first = AtomicBool::new(true);
    let (clock, sampler) = sampler(Box::new(move |work| {
        if !first.swap(false, Ordering::SeqCst) {
            return start_thread(work);
        }
        let dead = thread::Builder::new().spawn(move || drop(work))?;
        while !dead.is_finished() {
            thread::yield_now();
        }
        tell.send(()).unwrap();
        Ok(dead)
    }));
    let id = sampler.add(Box::new(|| 1));
    thread::scope(|scope| {
        let sampling = scope.spawn(|| sampler.sample().1);
        died.recv().unwrap();
        clock.advance(OVERRUN);
        assert_eq!(sampling.join().unwrap(), [(id, Answer::Given(1))]);
    });
}
