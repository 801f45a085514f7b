//! Who drops what, and when: threads, calls, and what calls have captured.

use super::{Answer, Bench, Hanging, OVERRUN, OnDrop, WAIT, hanging, panic_quietly};
use crate::sampler::Sampler;
use crossbeam_channel::{Receiver, unbounded};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::thread::{self, ThreadId};

/// A value that, when it is dropped, uses the sampler, and then tells on which thread that was.
fn uses_when_dropped<T: Send + 'static>(
    sampler: Weak<Sampler<T>>,
) -> (OnDrop<impl FnMut() + Send>, Receiver<ThreadId>) {
    let (tell, dropped) = unbounded();
    let on_drop = move || {
        if let Some(sampler) = sampler.upgrade() {
            sampler.stuck();
        }
        let _ = tell.send(thread::current().id());
    };
    (OnDrop(on_drop), dropped)
}

#[test]
fn a_thread_is_there_from_the_first_sample_until_the_last_call_is_removed() {
    let bench = Bench::new();
    assert_eq!(bench.sample(), []);
    let ids = [bench.add(|| 1), bench.add(|| 2)];
    assert_eq!(bench.live_threads(), 0);
    bench.sample();
    bench.sampler.remove(ids[0]);
    assert_eq!(bench.live_threads(), 1);
    bench.sampler.remove(ids[1]);
    assert_eq!((bench.live_threads(), bench.sample()), (0, vec![]));
    bench.add(|| 3);
    assert_eq!(bench.sample(), [Answer::Given(3)]);
    assert_eq!((bench.live_threads(), bench.started_threads()), (1, 2));
}

#[test]
fn a_dropped_sampler_has_joined_its_idle_thread_and_dropped_all_calls() {
    let Bench { sampler, threads, clock: _ } = Bench::new();
    let (captured, dropped) = uses_when_dropped::<()>(Weak::new());
    sampler.add(Box::new(move || {
        let _captured = &captured;
    }));
    sampler.sample();
    drop(sampler);
    assert_eq!(dropped.try_recv(), Ok(thread::current().id()));
    assert_eq!(threads.live.load(Ordering::SeqCst), 0);
}

#[test]
fn a_removed_call_is_dropped_at_once_without_a_lock() {
    let bench = Bench::new();
    let (captured, dropped) = uses_when_dropped(Arc::downgrade(&bench.sampler));
    let id = bench.add(move || {
        let _captured = &captured;
    });
    bench.sampler.remove(id);
    assert_eq!(dropped.try_recv(), Ok(thread::current().id()));
}

#[test]
fn a_call_removed_while_it_runs_is_dropped_when_it_returns_without_a_lock() {
    let bench = Bench::new();
    let (captured, dropped) = uses_when_dropped(Arc::downgrade(&bench.sampler));
    let (mut call, hanging) = hanging(0);
    let id = bench.add(move || {
        let _captured = &captured;
        call()
    });
    let sampling = bench.sampling();
    hanging.until_started();
    bench.sampler.remove(id);
    assert!(dropped.is_empty());
    hanging.let_return();
    assert_eq!(sampling.join().unwrap().0, [Answer::Given(0)]);
    assert_ne!(dropped.recv(), Ok(thread::current().id()));
    bench.until_live_threads(0);
}

#[test]
fn a_late_answer_is_thrown_away_without_a_lock() {
    let bench = Bench::<Option<Box<dyn Send>>>::new();
    let (value, dropped) = uses_when_dropped(Arc::downgrade(&bench.sampler));
    let (mut call, hanging) = hanging(());
    let mut value: Option<Box<dyn Send>> = Some(Box::new(value));
    bench.add(move || {
        call();
        value.take()
    });
    let sampling = bench.sampling();
    hanging.until_started();
    bench.clock.advance(WAIT);
    assert!(matches!(sampling.join().unwrap().0[..], [Answer::Late]));
    hanging.let_return();
    dropped.recv().unwrap();
}

#[test]
fn a_late_answer_that_panics_when_dropped_ends_no_thread() {
    let bench = Bench::<Option<Box<dyn Send>>>::new();
    let (mut call, hanging) = hanging(());
    let mut value: Option<Box<dyn Send>> = Some(Box::new(OnDrop(|| panic_quietly("dropped"))));
    bench.add(move || {
        call();
        value.take()
    });
    let sampling = bench.sampling();
    hanging.until_started();
    bench.clock.advance(WAIT);
    sampling.join().unwrap();
    drop(hanging);
    // Its thread goes on as the only one.
    while bench.sampler.stuck() > 0 {
        thread::yield_now();
    }
    assert!(matches!(bench.sample()[..], [Answer::Given(None)]));
    assert_eq!((bench.started_threads(), bench.live_threads()), (1, 1));
}

#[test]
fn a_sampler_dropped_while_calls_hang_leaves_them_behind_until_they_return() {
    let bench = Bench::new();
    let (stuck, current) = (Arc::new(()), Arc::new(()));
    let hanging = [&stuck, &current].map(|captured| {
        let (mut call, hanging) = hanging(());
        let captured = Arc::clone(captured);
        bench.add(move || {
            let _captured = &captured;
            call();
        });
        hanging
    });
    let waiting = Arc::new(());
    let captured = Arc::clone(&waiting);
    bench.add(move || drop(Arc::clone(&captured)));

    let sampling = bench.sampling();
    hanging[0].until_started();
    bench.clock.advance(OVERRUN);
    hanging[1].until_started();
    bench.clock.advance(WAIT - OVERRUN);
    sampling.join().unwrap();
    let Bench { sampler, threads, clock: _ } = bench;
    let shared = Arc::downgrade(&sampler.shared);
    drop(sampler);
    assert_eq!([&stuck, &current, &waiting].map(Arc::strong_count), [2, 2, 1]);

    drop(hanging);
    threads.until_live(0);
    assert_eq!([&stuck, &current].map(Arc::strong_count), [1, 1]);
    assert_eq!(shared.strong_count(), 0);
}

/// Lets a call drop the last handle of its own sampler, after `begin` has brought it to where it waits.
fn a_call_drops_the_last_handle(begin: impl FnOnce(&Bench<()>, &[Hanging; 6], &Hanging)) {
    let bench = Bench::new();
    let slow = bench.add_slow(());
    let (tell_handle, handles) = unbounded::<Arc<Sampler<()>>>();
    let (tell_started, started) = unbounded();
    let captured = Arc::new(());
    let of_call = Arc::clone(&captured);
    bench.add(move || {
        let _captured = &of_call;
        tell_started.send(()).unwrap();
        drop(handles.recv().unwrap());
    });
    let (let_return, _) = unbounded();
    begin(&bench, &slow, &Hanging { started, let_return });
    let Bench { sampler, threads, clock: _ } = bench;
    tell_handle.send(sampler).unwrap();
    threads.until_live(0);
    assert_eq!(Arc::strong_count(&captured), 1);
}

#[test]
fn a_call_may_drop_the_last_handle_of_its_own_sampler() {
    a_call_drops_the_last_handle(|bench, slow, call| {
        bench.until_caller_left(slow, call);
        assert_eq!((bench.sampler.stuck(), bench.live_threads()), (0, 1));
    });
}

#[test]
fn a_stuck_call_may_drop_the_last_handle_of_its_own_sampler() {
    a_call_drops_the_last_handle(|bench, slow, call| {
        bench.until_caller_left(slow, call);
        slow.iter().for_each(Hanging::let_return);
        let sampling = bench.sampling();
        bench.clock.advance(OVERRUN);
        sampling.join().unwrap();
        assert_eq!((bench.sampler.stuck(), bench.live_threads()), (1, 2));
    });
}
