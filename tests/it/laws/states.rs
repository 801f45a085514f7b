//! The state that follows from the states of tasks, against the sentences that define it.

use flowmeter::State::{Failed, Killed, Killing, Running, Submitting, Succeeded, Waiting};
use flowmeter::{State, TaskCounts};

fn counts(states: &[State]) -> TaskCounts {
    let mut counts = TaskCounts::default();
    states.iter().for_each(|&state| counts.merge(&TaskCounts::one(state)));
    counts
}

/// Every set of states, each with `copies` tasks in every one of its states.
fn sets(copies: usize) -> impl Iterator<Item = Vec<State>> {
    (0..1_u32 << State::ALL.len()).map(move |set| {
        let states = State::ALL.into_iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
        states.flat_map(|(_, state)| vec![state; copies]).collect()
    })
}

/// Any failed makes it failed, else any killed killed, else any killing killing; else it succeeded
/// if all did; else it runs if something has started; else it waits, or submits if all do.
fn folded(tasks: &[State]) -> Option<State> {
    let any = |state| tasks.contains(&state);
    let all = |state| tasks.iter().all(|&task| task == state);
    if tasks.is_empty() {
        None
    } else if any(Failed) {
        Some(Failed)
    } else if any(Killed) {
        Some(Killed)
    } else if any(Killing) {
        Some(Killing)
    } else if all(Succeeded) {
        Some(Succeeded)
    } else if any(Running) || any(Succeeded) {
        Some(Running)
    } else if all(Submitting) {
        Some(Submitting)
    } else {
        Some(Waiting)
    }
}

/// Any failed or killed is failed, else any unfinished running, else succeeded.
fn folded_by_datax(tasks: &[State]) -> State {
    if tasks.iter().any(|task| [Failed, Killed].contains(task)) {
        Failed
    } else if tasks.iter().any(|task| [Submitting, Waiting, Running, Killing].contains(task)) {
        Running
    } else {
        Succeeded
    }
}

#[test]
fn the_state_of_every_set_of_tasks_is_the_one_that_the_sentences_give() {
    for tasks in sets(1).chain(sets(3)) {
        assert_eq!(counts(&tasks).state(), folded(&tasks), "{tasks:?}");
    }
}

#[test]
fn every_pair_of_tasks_has_the_state_that_datax_gives_it() {
    for one in State::ALL {
        assert_eq!(counts(&[one]).datax_state(), folded_by_datax(&[one]), "{one}");
        for other in State::ALL {
            let pair = [one, other];
            assert_eq!(counts(&pair).datax_state(), folded_by_datax(&pair), "{pair:?}");
        }
    }
}

#[test]
fn no_tasks_at_all_have_no_state_and_have_succeeded_for_datax() {
    let none = TaskCounts::default();
    assert_eq!((none.state(), none.datax_state(), none.total()), (None, Succeeded, 0));
}

#[test]
fn tasks_are_counted_in_the_state_that_they_are_in() {
    for tasks in sets(3) {
        let counts = counts(&tasks);
        assert_eq!(counts.total(), tasks.len() as u64);
        for state in State::ALL {
            let in_it = tasks.iter().filter(|&&task| task == state).count() as u64;
            assert_eq!(counts.of(state), in_it, "{state} of {tasks:?}");
        }
    }
}
