//! The promises of the clocks: what each shows, and how the manual one moves those who wait on it.

mod manual;
mod messages;
mod moment;
mod order;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, never, unbounded};
use flowmeter::{Clock, ManualClock, Moment, Waiter};
use parking_lot::Mutex;
use std::convert::Infallible;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const END_OF_TIME: Moment = Moment::from_nanos(u64::MAX);

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn at_secs(after_origin: u64) -> Moment {
    Moment::default() + secs(after_origin)
}

fn new_year_2000() -> SystemTime {
    UNIX_EPOCH + secs(946_684_800)
}

/// Who was woken at which second, in the order in which it was noted.
#[derive(Clone, Debug, Default)]
struct Log {
    notes: Arc<Mutex<Vec<(u64, String)>>>,
}

impl Log {
    fn note(&self, clock: &Clock, what: &str) {
        let at = clock.now().since(Moment::default()).as_secs();
        self.notes.lock().push((at, what.to_owned()));
    }

    fn take(&self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.notes.lock())
    }
}

fn notes<const N: usize>(expected: [(u64, &str); N]) -> Vec<(u64, String)> {
    expected.map(|(at, what)| (at, what.to_owned())).into()
}

/// A thread that waits with a waiter of its own; dropping `stop` ends one that waits for it.
struct Worker {
    stop: Sender<Infallible>,
    thread: JoinHandle<()>,
}

impl Worker {
    fn start(
        clock: &Clock,
        work: impl FnOnce(Waiter, Receiver<Infallible>) + Send + 'static,
    ) -> Self {
        let (stop, stopped) = bounded(0);
        let waiter = clock.waiter();
        let thread = thread::spawn(move || work(waiter, stopped));
        Worker { stop, thread }
    }

    fn end(self) {
        drop(self.stop);
        self.thread.join().unwrap();
    }
}

/// Notes its name each period, after some work that gives every other thread a chance to overtake.
fn ticking(clock: &Clock, log: &Log, name: &str, period: Duration) -> Worker {
    let (clock, log, name) = (clock.clone(), log.clone(), name.to_owned());
    Worker::start(&clock.clone(), move |mut waiter, stopped| {
        let mut deadline = clock.now() + period;
        while waiter.recv_deadline(&stopped, deadline) == Err(RecvTimeoutError::Timeout) {
            assert_eq!(clock.now(), deadline);
            thread::yield_now();
            assert_eq!(clock.now(), deadline, "time overtook a thread that works");
            log.note(&clock, &name);
            deadline = deadline + period;
        }
    })
}

// Both clocks.

fn both_clocks() -> [Clock; 2] {
    [Clock::system(), ManualClock::new().clock()]
}

#[test]
fn a_message_that_is_already_there_wins_over_a_passed_deadline() {
    for clock in both_clocks() {
        let (sender, inbox) = unbounded();
        sender.send("hello").unwrap();
        let received = clock.waiter().recv_deadline(&inbox, Moment::default());
        assert_eq!(received, Ok("hello"), "{clock:?}");
    }
}

#[test]
fn a_passed_deadline_is_not_waited_for() {
    for clock in both_clocks() {
        let received = clock.waiter().recv_deadline(&never::<()>(), Moment::default());
        assert_eq!(received, Err(RecvTimeoutError::Timeout), "{clock:?}");
    }
}

#[test]
fn the_end_of_all_senders_wins_over_a_passed_deadline() {
    for clock in both_clocks() {
        let (sender, inbox) = unbounded::<()>();
        drop(sender);
        let received = clock.waiter().recv_deadline(&inbox, Moment::default());
        assert_eq!(received, Err(RecvTimeoutError::Disconnected), "{clock:?}");
    }
}

#[test]
fn a_deadline_at_the_end_of_time_never_comes() {
    for clock in both_clocks() {
        let (sender, inbox) = bounded(0);
        let mut waiter = clock.waiter();
        let thread = thread::spawn(move || {
            let first = waiter.recv_deadline(&inbox, END_OF_TIME);
            (first, waiter.recv_deadline(&inbox, END_OF_TIME))
        });
        sender.send("hello").unwrap();
        drop(sender);
        let received = thread.join().unwrap();
        assert_eq!(received, (Ok("hello"), Err(RecvTimeoutError::Disconnected)), "{clock:?}");
    }
}

#[test]
fn a_deadline_near_the_end_of_time_is_waited_for_like_any_other() {
    for clock in both_clocks() {
        let (sender, inbox) = unbounded();
        let mut waiter = clock.waiter();
        let deadline = Moment::from_nanos(u64::MAX - 1);
        let thread = thread::spawn(move || waiter.recv_deadline(&inbox, deadline));
        sender.send("hello").unwrap();
        assert_eq!(thread.join().unwrap(), Ok("hello"), "{clock:?}");
    }
}

// The system's clock.

#[test]
fn the_system_clock_wakes_at_the_deadline_and_not_before() {
    let clock = Clock::default();
    let deadline = clock.now() + Duration::from_millis(2);
    let received = clock.waiter().recv_deadline(&never::<()>(), deadline);
    assert_eq!(received, Err(RecvTimeoutError::Timeout));
    assert!(clock.now() >= deadline);
}

#[test]
fn a_stamp_of_the_system_clock_lies_between_two_readings() {
    let clock = Clock::system();
    let (moment, wall) = (clock.now(), SystemTime::now());
    let stamp = clock.clone().stamp();
    assert!(moment <= stamp.at && stamp.at <= clock.now());
    assert!(wall <= stamp.wall() + Duration::from_millis(1) && stamp.wall() <= clock.wall());
}
