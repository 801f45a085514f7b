//! Messages to those who wait on a manual clock: none is lost, none is overtaken by time.

use super::{END_OF_TIME, Log, Worker, at_secs, notes, secs, ticking};
use crossbeam_channel::{
    Receiver, RecvTimeoutError, TryRecvError, TrySendError, bounded, unbounded,
};
use flowmeter::{Clock, ManualClock, Moment};
use std::thread;
use std::time::Duration;

/// Notes each message that comes, and each second at which none came in time.
fn listening(clock: &Clock, log: &Log, period: Duration, inbox: Receiver<&'static str>) -> Worker {
    let (clock, log) = (clock.clone(), log.clone());
    Worker::start(&clock.clone(), move |mut waiter, _| {
        loop {
            match waiter.recv_deadline(&inbox, clock.now() + period) {
                Ok(message) => log.note(&clock, message),
                Err(RecvTimeoutError::Timeout) => log.note(&clock, "nothing"),
                Err(RecvTimeoutError::Disconnected) => break log.note(&clock, "end"),
            }
        }
    })
}

#[test]
fn a_message_is_worked_on_before_time_goes_on() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let (sender, inbox) = unbounded();
    let listener = listening(&manual.clock(), &log, secs(10), inbox);
    for _ in 0..200 {
        sender.send("one").unwrap();
        sender.send("two").unwrap();
        let sent_at = manual.clock().now().since(Moment::default()).as_secs();
        manual.advance(secs(15));
        let expected = [(sent_at, "one"), (sent_at, "two"), (sent_at + 10, "nothing")];
        assert_eq!(log.take(), notes(expected));
    }
    drop(sender);
    listener.end();
}

#[test]
fn the_end_of_all_senders_is_noticed_before_time_goes_on() {
    for _ in 0..200 {
        let (manual, log) = (ManualClock::new(), Log::default());
        let (sender, inbox) = unbounded();
        let listener = listening(&manual.clock(), &log, secs(10), inbox);
        manual.advance(secs(3));
        drop(sender);
        manual.advance(secs(100));
        assert_eq!(log.take(), notes([(3, "end")]));
        listener.end();
    }
}

#[test]
fn what_a_woken_waiter_sends_is_received_at_the_same_moment() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let clock = manual.clock();
    let (sender, inbox) = unbounded();
    let listener = listening(&clock, &log, secs(7), inbox);
    let speaker = Worker::start(&clock, {
        let clock = clock.clone();
        move |mut waiter, stopped| {
            let mut deadline = at_secs(10);
            while waiter.recv_deadline(&stopped, deadline) == Err(RecvTimeoutError::Timeout) {
                sender.send("hello").unwrap();
                deadline = clock.now() + secs(10);
            }
        }
    });
    manual.advance(secs(10_000));
    let expected: Vec<_> = (0..1_000)
        .flat_map(|round| notes([(10 * round + 7, "nothing"), (10 * round + 10, "hello")]))
        .collect();
    assert_eq!(log.take(), expected);
    speaker.end();
    listener.end();
}

#[test]
fn a_channel_without_capacity_wakes_a_waiter_too() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let (sender, inbox) = bounded(0);
    let listener = listening(&manual.clock(), &log, secs(10), inbox);
    for _ in 0..200 {
        sender.send("hello").unwrap();
        manual.advance(Duration::ZERO);
        assert_eq!(log.take(), notes([(0, "hello")]));
    }
    drop(sender);
    listener.end();
}

#[test]
fn a_message_that_another_receiver_took_holds_up_no_advance() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let (sender, inbox) = unbounded();
    let thief = inbox.clone();
    let listener = listening(&manual.clock(), &log, secs(1), inbox);
    let mover = thread::spawn({
        let manual = manual.clone();
        move || (0..2_000).for_each(|_| manual.advance(secs(1)))
    });
    let mut stolen = 0;
    for _ in 0..20_000 {
        sender.send("treasure").unwrap();
        stolen += thief.try_iter().count();
    }
    mover.join().unwrap();
    manual.advance(Duration::ZERO);
    let received = log.take().iter().filter(|(_, what)| what == "treasure").count();
    assert_eq!(received + stolen, 20_000);
    drop(sender);
    listener.end();
}

#[test]
fn no_message_is_lost_and_no_deadline_missed_while_others_send() {
    let (manual, log) = (ManualClock::new(), Log::default());
    let (sender, inbox) = bounded(4);
    let listener = listening(&manual.clock(), &log, secs(1), inbox);
    let ticker = ticking(&manual.clock(), &log, "tick", secs(3));
    let senders: Vec<_> = (0..3)
        .map(|_| {
            let sender = sender.clone();
            thread::spawn(move || (0..1_000).for_each(|_| sender.send("hello").unwrap()))
        })
        .collect();
    drop(sender);
    manual.advance(secs(300));
    senders.into_iter().for_each(|thread| thread.join().unwrap());
    manual.advance(Duration::ZERO);
    let log = log.take();
    assert!(log.is_sorted_by_key(|(at, _)| *at));
    let times = |what| log.iter().filter(|(_, note)| note == what).count();
    assert_eq!((times("hello"), times("tick"), times("end")), (3_000, 100, 1));
    listener.end();
    ticker.end();
}

#[test]
fn a_receiver_that_is_gone_is_gone_for_its_senders_once_the_wait_ends() {
    let manual = ManualClock::new();
    let (sender, inbox) = unbounded::<()>();
    let worker = Worker::start(&manual.clock(), move |mut waiter, stopped| {
        let _ = waiter.recv_deadline(&inbox, at_secs(1));
        drop(inbox);
        let _ = waiter.recv_deadline(&stopped, END_OF_TIME);
    });
    manual.advance(secs(1));
    assert_eq!(sender.try_send(()), Err(TrySendError::Disconnected(())));
    worker.end();
}

#[test]
fn a_deadline_that_a_message_came_before_is_not_remembered() {
    let manual = ManualClock::new();
    let clock = manual.clock();
    let (sender, inbox) = unbounded();
    let (tell, told) = unbounded();
    let worker = Worker::start(&clock.clone(), move |mut waiter, stopped| {
        for deadline in [5, 20] {
            let received = waiter.recv_deadline(&inbox, at_secs(deadline));
            tell.send((clock.now(), received)).unwrap();
        }
        let _ = waiter.recv_deadline(&stopped, END_OF_TIME);
    });
    manual.advance(secs(4));
    sender.send("hello").unwrap();
    manual.advance(secs(15));
    assert_eq!(told.try_recv(), Ok((at_secs(4), Ok("hello"))));
    assert_eq!(told.try_recv(), Err(TryRecvError::Empty));
    manual.advance(secs(1));
    let timeout = Err(RecvTimeoutError::Timeout);
    assert_eq!(told.try_recv(), Ok((at_secs(20), timeout)));
    worker.end();
}
