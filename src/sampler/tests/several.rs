//! Several samples at the same time, and samplers that sample each other.

use super::{Answer, Bench, WAIT};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const A_SECOND: Duration = Duration::from_secs(1);

#[test]
fn samples_at_once_have_their_own_answers_and_deadlines() {
    let bench = Bench::new();
    let hanging = bench.add_hanging(1);
    let first = bench.sampling();
    hanging.until_started();
    bench.clock.advance(A_SECOND);
    let second = bench.sampling();
    while bench.sampler.shared.state().queued() < 1 {
        thread::yield_now();
    }
    hanging.let_return();
    assert_eq!(first.join().unwrap(), (vec![Answer::Given(1)], A_SECOND));
    hanging.until_started();
    bench.clock.advance(WAIT - Duration::from_nanos(1));
    assert!(!second.is_finished());
    bench.clock.advance(Duration::from_nanos(1));
    assert_eq!(second.join().unwrap(), (vec![Answer::Late], WAIT));
}

#[test]
fn two_samplers_may_sample_each_other() {
    let (bench, other) = (Bench::new(), Bench::new());
    let add_sampling = |from: &Bench<usize>, to: &Bench<usize>| {
        let (tell, started) = crossbeam_channel::unbounded();
        let sampler = Arc::downgrade(&to.sampler);
        from.add(move || {
            tell.send(()).unwrap();
            sampler.upgrade().map_or(0, |sampler| sampler.sample().1.len())
        });
        started
    };
    let started = [add_sampling(&bench, &other), add_sampling(&other, &bench)];
    let sampling = bench.sampling();
    for call in &started {
        call.recv().unwrap();
    }
    // Now each waits for the other: the first is given up, and that is the other's answer.
    bench.clock.advance(super::OVERRUN);
    assert_eq!(sampling.join().unwrap().0, [Answer::Given(1)]);
}

#[test]
fn eight_threads_add_remove_and_sample_at_once_and_nothing_is_lost() {
    let bench = Bench::new();
    thread::scope(|scope| {
        for number in 0..8 {
            let bench = &bench;
            scope.spawn(move || (0..300).for_each(|i| add_sample_remove(bench, number * 1000 + i)));
        }
    });
    assert_eq!((bench.sample(), bench.sampler.stuck()), (vec![], 0));
    bench.until_live_threads(0);
}

fn add_sample_remove(bench: &Bench<i32>, number: i32) {
    let given = bench.add(move || number);
    let panicked = bench.add(move || super::panic_quietly(number.to_string()));
    for _ in 0..2 {
        let sample = bench.sampler.sample().1;
        let answer = |id| sample.iter().find(|(of, _)| *of == id).map(|(_, answer)| answer);
        assert_eq!(answer(given), Some(&Answer::Given(number)));
        assert_eq!(answer(panicked), Some(&Answer::Panicked(number.to_string())));
    }
    bench.sampler.remove(given);
    bench.sampler.remove(panicked);
}
