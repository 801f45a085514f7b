//! Calls that return or panic, and calls that use their own sampler.

use super::{Answer, Bench, OnDrop, panic_quietly};
use crate::sampler::Sampler;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

#[test]
fn answers_come_in_the_order_of_adding() {
    let bench = Bench::new();
    let ids: Vec<_> = (0..5).map(|i| bench.add(move || i)).collect();
    let expected: Vec<_> = ids.iter().copied().zip((0..5).map(Answer::Given)).collect();
    assert_eq!(bench.sampler.sample().1, expected);
    bench.sampler.remove(ids[2]);
    let added = bench.add(|| 7);
    let there = [ids[0], ids[1], ids[3], ids[4], added];
    assert!(bench.sampler.sample().1.into_iter().map(|(id, _)| id).eq(there));
}

#[test]
fn calls_run_on_a_thread_with_a_name() {
    let sampler = Sampler::new(crate::Clock::system(), Duration::from_secs(3600));
    let id = sampler.add(Box::new(|| thread::current().name().map(str::to_owned)));
    let expected = Some("flowmeter-sampler".to_owned());
    assert_eq!(sampler.sample().1, [(id, Answer::Given(expected))]);
}

#[test]
fn a_call_that_panics_says_why_and_is_called_again() {
    let bench = Bench::new();
    let mut calls = 0;
    bench.add(move || {
        calls += 1;
        match calls {
            1 => panic_quietly("two\nlines"),
            2 => panic_quietly("é".repeat(1000)),
            3 => panic_quietly(3),
            _ => calls,
        }
    });
    bench.add(|| 0);
    assert_eq!(bench.sample(), [Answer::Panicked("two\\nlines".into()), Answer::Given(0)]);
    let long = format!("{}… (976 more bytes)", "é".repeat(512));
    assert_eq!(bench.sample(), [Answer::Panicked(long), Answer::Given(0)]);
    let other = "a panic without a message".into();
    assert_eq!(bench.sample(), [Answer::Panicked(other), Answer::Given(0)]);
    assert_eq!(bench.sample(), [Answer::Given(4), Answer::Given(0)]);
    assert_eq!(bench.started_threads(), 1);
}

#[test]
fn a_panic_whose_payload_panics_when_dropped_ends_no_thread() {
    let bench = Bench::new();
    let worst = || OnDrop(|| panic_quietly("worst"));
    let worse = move || OnDrop(move || panic_quietly(worst()));
    bench.add(move || panic_quietly(OnDrop(move || panic_quietly(worse()))));
    bench.add(|| ());
    for _ in 0..3 {
        let panicked = Answer::Panicked("a panic without a message".into());
        assert_eq!(bench.sample(), [panicked, Answer::Given(())]);
    }
    assert_eq!((bench.started_threads(), bench.live_threads()), (1, 1));
}

#[test]
fn a_removed_call_whose_captured_value_panics_when_dropped_ends_no_thread() {
    let bench = Bench::new();
    let sampler = Arc::downgrade(&bench.sampler);
    let captured = OnDrop(|| panic_quietly("dropped"));
    let mut own_id = None;
    let (tell_id, ids) = crossbeam_channel::bounded(1);
    let id = bench.add(move || {
        let _captured = &captured;
        let id = *own_id.get_or_insert_with(|| ids.recv().unwrap());
        sampler.upgrade().unwrap().remove(id);
    });
    tell_id.send(id).unwrap();
    bench.add(|| ());
    assert_eq!(bench.sample(), [Answer::Given(()), Answer::Given(())]);
    assert_eq!(bench.sample(), [Answer::Given(())]);
    assert_eq!(bench.started_threads(), 1);
}

#[test]
fn a_call_that_samples_its_own_sampler_gets_nothing() {
    let bench = Bench::new();
    let sampler = Arc::downgrade(&bench.sampler);
    bench.add(move || sampler.upgrade().unwrap().sample().1.len());
    bench.add(|| 7);
    assert_eq!(bench.sample(), [Answer::Given(0), Answer::Given(7)]);
}

#[test]
fn a_call_that_samples_another_sampler_gets_its_answers() {
    let (bench, other) = (Bench::new(), Bench::new());
    other.add(|| 5);
    let sampler = Arc::clone(&other.sampler);
    bench.add(move || sampler.sample().1);
    let samples = bench.sample();
    let [Answer::Given(sample)] = &samples[..] else { panic!("{samples:?}") };
    assert!(matches!(sample[..], [(_, Answer::Given(5))]));
}

#[test]
fn a_call_may_add_and_remove_others_and_itself() {
    let bench = Bench::new();
    let sampler = Arc::downgrade(&bench.sampler);
    let (tell_ids, ids) = crossbeam_channel::unbounded();
    let (tell_dropped, dropped) = crossbeam_channel::unbounded();
    let captured = OnDrop(move || tell_dropped.send(()).unwrap());
    let adding = bench.add(move || {
        let _captured = &captured;
        let sampler = sampler.upgrade().unwrap();
        ids.try_iter().for_each(|id| sampler.remove(id));
        sampler.add(Box::new(|| 2));
        1
    });
    let removed_by_it = bench.add(|| panic_quietly("it was removed before"));
    tell_ids.send(adding).unwrap();
    tell_ids.send(removed_by_it).unwrap();
    assert_eq!(bench.sample(), [Answer::Given(1)]);
    dropped.recv().unwrap();
    assert_eq!(bench.sample(), [Answer::Given(2)]);
}
