//! Calls that hang: what they hold up, and for how long.

use super::{Answer, Bench, Hanging, OVERRUN, WAIT, hanging};
use crate::clock::ManualClock;
use crate::sampler::Sampler;
use std::thread;
use std::time::Duration;

const A_NANOSECOND: Duration = Duration::from_nanos(1);

#[test]
fn a_sample_ends_at_its_deadline_whatever_a_call_does() {
    let bench = Bench::new();
    let hanging = bench.add_hanging(0);
    let sampling = bench.sampling();
    hanging.until_started();
    bench.clock.advance(WAIT - A_NANOSECOND);
    assert!(!sampling.is_finished());
    bench.clock.advance(A_NANOSECOND);
    assert_eq!(sampling.join().unwrap(), (vec![Answer::Late], WAIT));
}

#[test]
fn a_call_that_hangs_holds_up_nothing_else_in_the_same_sample() {
    let bench = Bench::new();
    let first = bench.add_hanging(0);
    bench.add(|| 1);
    let last = bench.add_hanging(2);
    let sampling = bench.sampling();
    first.until_started();
    bench.clock.advance(OVERRUN - A_NANOSECOND);
    assert_eq!((bench.sampler.stuck(), bench.started_threads()), (0, 1));
    bench.clock.advance(A_NANOSECOND);
    assert_eq!((bench.sampler.stuck(), bench.started_threads()), (1, 2));
    // So the one between has given its answer.
    last.until_started();
    bench.clock.advance(WAIT - OVERRUN);
    let (answers, _) = sampling.join().unwrap();
    assert_eq!(answers, [Answer::Late, Answer::Given(1), Answer::Late]);
}

#[test]
fn a_stuck_call_that_returns_before_the_deadline_has_answered() {
    let bench = Bench::new();
    let slow = bench.add_hanging(5);
    let sampling = bench.sampling();
    slow.until_started();
    bench.clock.advance(WAIT - A_NANOSECOND);
    assert_eq!(bench.sampler.stuck(), 1);
    slow.let_return();
    assert_eq!(sampling.join().unwrap(), (vec![Answer::Given(5)], WAIT - A_NANOSECOND));
    assert_eq!(bench.sampler.stuck(), 0);
}

#[test]
fn a_stuck_call_is_not_called_again_until_it_returns() {
    let bench = Bench::new();
    let stuck = bench.add_hanging(0);
    bench.add(|| 1);
    let sampling = bench.sampling();
    stuck.until_started();
    bench.clock.advance(WAIT);
    sampling.join().unwrap();
    for _ in 0..3 {
        // Nobody moves the clock: it is not waited for.
        assert_eq!(bench.sample(), [Answer::Late, Answer::Given(1)]);
    }
    assert_eq!((stuck.starts(), bench.live_threads()), (0, 2));
    stuck.let_return();
    bench.until_live_threads(1);
    assert_eq!(bench.sampler.stuck(), 0);
    stuck.let_return();
    assert_eq!(bench.sample(), [Answer::Given(0), Answer::Given(1)]);
    assert_eq!((stuck.starts(), bench.started_threads()), (1, 2));
}

/// Lets each of the calls begin, and overrun.
fn overrun_all(bench: &Bench<usize>, hanging: &[Hanging]) {
    for call in hanging {
        call.until_started();
        bench.clock.advance(OVERRUN);
    }
}

#[test]
fn four_stuck_calls_hold_nothing_else_up() {
    let bench = Bench::new();
    let hanging: Vec<_> = (0..4).map(|i| bench.add_hanging(i)).collect();
    bench.add(|| 4);
    let sampling = bench.sampling();
    overrun_all(&bench, &hanging);
    bench.until_idle();
    bench.clock.advance(WAIT - 4 * OVERRUN);
    let (answers, _) = sampling.join().unwrap();
    assert_eq!(answers[..4], [const { Answer::Late }; 4]);
    assert_eq!((&answers[4], bench.sampler.stuck()), (&Answer::Given(4), 4));
    // Nobody moves the clock: what hangs is not waited for.
    assert_eq!(bench.sample()[4], Answer::Given(4));
    assert_eq!(bench.started_threads(), 5);
}

#[test]
fn a_fifth_stuck_call_holds_up_the_rest_until_one_of_them_returns() {
    let bench = Bench::new();
    let mut hanging: Vec<_> = (0..6).map(|i| bench.add_hanging(i)).collect();
    bench.add(|| 6);
    let sampling = bench.sampling();
    overrun_all(&bench, &hanging[..4]);
    hanging[4].until_started();
    bench.clock.advance(WAIT - 4 * OVERRUN);
    let (answers, _) = sampling.join().unwrap();
    assert_eq!(answers, vec![Answer::Late; 7]);
    // Nobody moves the clock: it is known that nobody will answer.
    assert_eq!(bench.sample(), vec![Answer::Late; 7]);
    assert_eq!((bench.sampler.stuck(), bench.sampler.shared.state().queued()), (5, 0));
    assert_eq!((hanging[5].starts(), bench.started_threads()), (0, 5));

    hanging.clear();
    // The first that returned has taken over, the others end.
    bench.until_live_threads(1);
    assert_eq!(bench.sampler.stuck(), 0);
    assert_eq!(bench.sample(), (0..7).map(Answer::Given).collect::<Vec<_>>());
    assert_eq!((bench.live_threads(), bench.started_threads()), (1, 5));
}

#[test]
fn what_five_stuck_calls_hold_up_is_late_for_every_caller_at_once() {
    let bench = Bench::new();
    let hanging: Vec<_> = (0..5).map(|i| bench.add_hanging(i)).collect();
    let first = bench.sampling();
    overrun_all(&bench, &hanging[..3]);
    hanging[3].until_started();
    let second = bench.sampling();
    while bench.sampler.shared.state().queued() < 1 + 5 {
        thread::yield_now();
    }
    bench.clock.advance(OVERRUN);
    hanging[4].until_started();
    bench.clock.advance(WAIT - 4 * OVERRUN);
    assert_eq!(first.join().unwrap(), (vec![Answer::Late; 5], WAIT));
    assert_eq!(second.join().unwrap().0, vec![Answer::Late; 5]);
}

#[test]
fn an_overrun_is_seen_though_the_caller_of_that_sample_has_left() {
    let bench = Bench::new();
    let slow = bench.add_slow(1);
    let hanging = bench.add_hanging(2);
    bench.add(|| 3);
    let answers = bench.until_caller_left(&slow, &hanging);
    assert_eq!(answers[..6], [const { Answer::Given(1) }; 6]);
    assert_eq!(answers[6..], [Answer::Late, Answer::Late]);
    assert_eq!((bench.sampler.stuck(), bench.sampler.shared.state().queued()), (0, 0));

    drop(slow);
    let sampling = bench.sampling();
    bench.clock.advance(OVERRUN - WAIT / 10);
    let (answers, _) = sampling.join().unwrap();
    assert_eq!(answers[..6], [const { Answer::Given(1) }; 6]);
    assert_eq!(answers[6..], [Answer::Late, Answer::Given(3)]);
    assert_eq!(bench.sampler.stuck(), 1);
}

#[test]
fn a_call_that_hangs_leaves_nothing_queued_over_ten_thousand_samples() {
    let bench = Bench::new();
    let hanging: Vec<_> = (0..4).map(|i| bench.add_hanging(i)).collect();
    let sampling = bench.sampling();
    overrun_all(&bench, &hanging);
    bench.clock.advance(WAIT);
    sampling.join().unwrap();
    for _ in 0..10_000 {
        assert_eq!(bench.sample(), vec![Answer::Late; 4]);
        assert_eq!(bench.sampler.shared.state().queued(), 0);
    }
    assert_eq!(bench.started_threads(), 5);
}

#[test]
fn callers_that_have_left_leave_nothing_queued_over_ten_thousand_samples() {
    let (gate, closed) = crossbeam_channel::bounded::<()>(0);
    let start = move |work: Box<dyn FnOnce() + Send>| {
        let closed = closed.clone();
        thread::Builder::new().spawn(move || {
            let _ = closed.recv();
            work();
        })
    };
    // Each caller leaves at once, and the thread takes nothing.
    let clock = ManualClock::new().clock();
    let sampler = Sampler::with_threads(clock, Duration::ZERO, Box::new(start));
    let id = sampler.add(Box::new(|| 1));
    for _ in 0..10_000 {
        assert_eq!(sampler.sample().1, [(id, Answer::Late)]);
        assert_eq!(sampler.shared.state().queued(), 0);
    }
    // Else the sampler would wait for the thread.
    drop(gate);
}

#[test]
fn a_removed_call_is_not_late() {
    let bench = Bench::new();
    let (call, hanging) = hanging(0);
    let id = bench.add(call);
    let sampling = bench.sampling();
    hanging.until_started();
    bench.sampler.remove(id);
    bench.clock.advance(WAIT);
    assert_eq!(sampling.join().unwrap(), (vec![], WAIT));
}

#[test]
fn calls_that_overran_are_called_last_so_that_they_starve_no_other() {
    let bench = Bench::new();
    let mut hanging: Vec<_> = (0..6).map(|i| bench.add_hanging(i)).collect();
    bench.add(|| 6);
    let sampling = bench.sampling();
    overrun_all(&bench, &hanging[..4]);
    hanging[4].until_started();
    bench.clock.advance(WAIT - 4 * OVERRUN);
    assert_eq!(sampling.join().unwrap().0, vec![Answer::Late; 7]);
    // Each returns, and hangs again when it is called the next time; the sixth was not called yet.
    assert_eq!(bench.sample(), vec![Answer::Late; 7]);
    hanging[..5].iter().for_each(Hanging::let_return);
    bench.until_live_threads(1);
    let sampling = bench.sampling();
    hanging[5].until_started();
    bench.clock.advance(OVERRUN);
    hanging[0].until_started();
    bench.clock.advance(WAIT - OVERRUN);
    let (answers, _) = sampling.join().unwrap();
    assert_eq!(
        (&answers[0], &answers[5], &answers[6]),
        (&Answer::Late, &Answer::Late, &Answer::Given(6))
    );
    hanging.clear();
}
