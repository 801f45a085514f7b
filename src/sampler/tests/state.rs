//! Steps of the state that no test can time through the sampler.

use super::OVERRUN;
use crate::clock::Moment;
use crate::sampler::state::{State, Step};
use crossbeam_channel::TryRecvError;
use std::io;
use std::thread;

const START: Moment = Moment::from_nanos(0);

/// Nothing is to be started.
fn none(_: u64) -> io::Result<thread::JoinHandle<()>> {
    Err(io::Error::other("no more threads"))
}

#[test]
fn a_thread_that_ends_with_the_last_call_leaves_no_caller_waiting() {
    let mut state = State::<()>::default();
    let id = state.add(Box::new(|| ()));
    let round = state.open_round();
    state.oversee(START, OVERRUN, |_| Ok(thread::spawn(|| ())));
    assert_eq!(round.replies.try_recv().err(), Some(TryRecvError::Empty));
    let (call, thread) = state.remove(id);
    assert!(call.is_some() && thread.is_some());
    assert_eq!(round.replies.try_recv().err(), Some(TryRecvError::Disconnected));
}

#[test]
fn a_stuck_thread_that_died_is_not_stuck_any_more() {
    let mut state = State::<()>::default();
    state.add(Box::new(|| ()));
    let round = state.open_round();
    let (live, dead) = crossbeam_channel::bounded::<()>(0);
    state.oversee(START, OVERRUN, |_| Ok(thread::spawn(move || dead.recv().unwrap_or_default())));
    let Step::Call(task) = state.next_step(1, START) else { panic!("there is a call") };
    assert_eq!(state.oversee(START, OVERRUN, none), Some(START + OVERRUN));
    assert_eq!(state.oversee(START + OVERRUN, OVERRUN, none), None);
    assert_eq!(state.stuck(), 1);
    drop((task, live));
    while state.stuck() > 0 {
        state.oversee(START + OVERRUN, OVERRUN, none);
        thread::yield_now();
    }
    assert_eq!(round.replies.try_recv().err(), Some(TryRecvError::Disconnected));
}
