//! Waiting for the other side: counted while it goes on, exact afterwards, and never less.

use crate::job::{Started, panic_quietly, panics, start};
use crate::threads::work_until_looked;
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use flowmeter::{BoundedReceiver, BoundedSender, Counters, Gone, ManualClock, Task};
use std::sync::mpsc::{RecvError, SendError, TryRecvError, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn counters(task: &Task) -> Counters {
    task.snapshot().counters
}

fn waited_for_writer(task: &Task) -> Duration {
    counters(task).reader.waited_for_writer()
}

fn waited_for_reader(task: &Task) -> Duration {
    counters(task).writer.waited_for_reader()
}

/// A channel's end that says when it is about to wait, and during whose tries time passes.
struct Told<C> {
    channel: C,
    waits: Sender<()>,
    try_takes: (ManualClock, Duration),
}

impl<C> Told<C> {
    fn new(channel: C, manual: &ManualClock, try_takes: Duration) -> (Told<C>, Receiver<()>) {
        let (waits, waiting) = unbounded();
        (Told { channel, waits, try_takes: (manual.clone(), try_takes) }, waiting)
    }

    fn pass_time(&self) {
        let (manual, takes) = &self.try_takes;
        manual.advance(*takes);
    }
}

impl<T, C: BoundedSender<T>> BoundedSender<T> for Told<C> {
    fn try_send(&self, item: T) -> Result<(), TrySendError<T>> {
        self.pass_time();
        self.channel.try_send(item)
    }

    fn send(&self, item: T) -> Result<(), SendError<T>> {
        self.waits.send(()).unwrap();
        self.channel.send(item)
    }
}

impl<T, C: BoundedReceiver<T>> BoundedReceiver<T> for Told<C> {
    fn try_recv(&self) -> Result<T, TryRecvError> {
        self.pass_time();
        self.channel.try_recv()
    }

    fn recv(&self) -> Result<T, RecvError> {
        self.waits.send(()).unwrap();
        self.channel.recv()
    }
}

#[test]
fn a_reader_at_a_full_channel_waits_visibly_and_then_exactly() {
    let manual = ManualClock::new();
    let Started { task, mut reader, job, registry: _registry, writer: _writer } =
        Started::on(manual.clock());
    let (sender, receiver) = sync_channel(1);
    let (sender, waiting) = Told::new(sender, &manual, Duration::ZERO);
    let reading = thread::spawn(move || {
        reader.send(&sender, 1, 10).unwrap();
        reader.send(&sender, 2, 10).unwrap();
        reader
    });
    waiting.recv().unwrap();
    assert_eq!(waited_for_writer(&task), Duration::ZERO);
    for seconds in 1..=7 {
        manual.advance(secs(1));
        assert_eq!(waited_for_writer(&task), secs(seconds));
        assert_eq!(waited_for_writer(&task), secs(seconds), "a look changes nothing");
    }
    assert_eq!((receiver.recv(), receiver.recv()), (Ok(1), Ok(2)));
    let _reader = reading.join().unwrap();
    manual.advance(secs(100));
    assert_eq!(waited_for_writer(&task), secs(7));
    assert_eq!(waited_for_reader(&task), Duration::ZERO);
    assert_eq!(job.snapshot().communication().counters, counters(&task));
}

#[test]
fn a_writer_at_an_empty_channel_waits_visibly_and_then_exactly() {
    let manual = ManualClock::new();
    let Started { task, mut writer, registry: _registry, job: _job, reader: _reader } =
        Started::on(manual.clock());
    let (sender, receiver) = bounded(0);
    let (receiver, waiting) = Told::new(receiver, &manual, Duration::ZERO);
    let writing = thread::spawn(move || {
        assert_eq!(writer.receive(&receiver, |_| 10), Some("row"));
        assert_eq!(writer.receive(&receiver, |_| 10), None);
        writer
    });
    waiting.recv().unwrap();
    manual.advance(secs(2));
    assert_eq!(waited_for_reader(&task), secs(2));
    sender.send("row").unwrap();
    waiting.recv().unwrap();
    manual.advance(secs(3));
    assert_eq!(waited_for_reader(&task), secs(5), "a wait for the end of a channel is one too");
    drop(sender);
    let _writer = writing.join().unwrap();
    manual.advance(secs(100));
    assert_eq!(waited_for_reader(&task), secs(5));
    assert_eq!(waited_for_writer(&task), Duration::ZERO);
}

#[test]
fn a_try_that_succeeds_books_no_time() {
    let manual = ManualClock::new();
    let mut started = Started::on(manual.clock());
    let (sender, receiver) = bounded(1);
    let (sender, _waiting) = Told::new(sender, &manual, secs(5));
    let (receiver, _waiting) = Told::new(receiver, &manual, secs(5));
    for n in 0..3 {
        started.reader.send(&sender, n, 1).unwrap();
        assert_eq!(started.writer.receive(&receiver, |_| 1), Some(n));
    }
    assert_eq!(waited_for_writer(&started.task), Duration::ZERO);
    assert_eq!(waited_for_reader(&started.task), Duration::ZERO);
}

/// Nobody is at the other end of `sender` and of `receiver`.
fn does_not_wait<S: BoundedSender<u8>, R: BoundedReceiver<u8>>(sender: S, receiver: R) {
    let manual = ManualClock::new();
    let mut started = Started::on(manual.clock());
    let (sender, waiting_for_writer) = Told::new(sender, &manual, secs(1));
    let (receiver, waiting_for_reader) = Told::new(receiver, &manual, secs(1));
    assert_eq!(started.reader.send(&sender, 1, 1), Err(Gone));
    assert_eq!(started.writer.receive(&receiver, |_| 1), None);
    assert!(waiting_for_writer.is_empty() && waiting_for_reader.is_empty());
}

#[test]
fn nobody_waits_at_a_channel_that_is_closed() {
    let (sender, _) = sync_channel(1);
    let (_, receiver) = sync_channel(1);
    does_not_wait(sender, receiver);
    let (sender, _) = bounded(1);
    let (_, receiver) = bounded(1);
    does_not_wait(sender, receiver);
}

#[test]
fn a_wait_begins_after_the_try_and_waits_add_up() {
    let manual = ManualClock::new();
    let mut started = Started::on(manual.clock());
    for seconds in [2, 3] {
        started.reader.wait_for_writer(|| manual.advance(secs(seconds)));
        manual.advance(secs(50));
        started.writer.wait_for_reader(|| manual.advance(secs(10 * seconds)));
    }
    assert_eq!(waited_for_writer(&started.task), secs(5));
    assert_eq!(waited_for_reader(&started.task), secs(50));
}

#[test]
fn a_panic_inside_a_wait_ends_the_wait() {
    let manual = ManualClock::new();
    let mut started = Started::on(manual.clock());
    let breaks = || {
        manual.advance(secs(2));
        panic_quietly();
    };
    panics(|| started.reader.wait_for_writer(breaks));
    panics(|| started.writer.wait_for_reader(breaks));
    manual.advance(secs(100));
    assert_eq!(waited_for_writer(&started.task), secs(2));
    assert_eq!(waited_for_reader(&started.task), secs(2));
    started.reader.wait_for_writer(|| manual.advance(secs(1)));
    assert_eq!(waited_for_writer(&started.task), secs(3));
}

#[test]
fn the_frozen_value_of_a_job_has_the_wait_up_to_its_end() {
    let manual = ManualClock::new();
    let Started { registry, job, mut reader, task: _task, writer: _writer } =
        Started::on(manual.clock());
    let report = reader.wait_for_writer(|| {
        manual.advance(secs(4));
        let report = job.kill("too slow");
        manual.advance(secs(4));
        report
    });
    let kept = registry.collect().job("copy").unwrap().communication();
    for communication in [report.communication(), &kept] {
        assert_eq!(communication.counters.reader.waited_for_writer(), secs(4));
    }
}

/// How often the two sides meet, each time after a wait.
const MEETINGS: u64 = 4_000;

#[test]
fn waited_time_never_goes_down_while_the_sides_wait_for_each_other() {
    let registry = flowmeter::Registry::new();
    let job = registry.job("copy").unwrap();
    let (task, mut reader, mut writer) = start(&job, 0, 0);
    let (sender, receiver) = bounded(0);
    let reading = thread::spawn(move || {
        for n in 0..MEETINGS {
            reader.wait_for_writer(|| sender.send(n)).unwrap();
            // Waits that end as soon as they begin.
            (0..10).for_each(|_| reader.wait_for_writer(|| ()));
        }
        reader.done().unwrap();
    });
    let writing = thread::spawn(move || {
        while writer.wait_for_reader(|| receiver.recv()).is_ok() {
            (0..10).for_each(|_| writer.wait_for_reader(|| ()));
        }
        writer.done();
    });
    let mut before = Counters::default();
    let mut rises = 0_u64;
    while !task.state().is_finished() {
        let now = counters(&task);
        assert!(now.continues(&before), "{now:?} after {before:?}");
        rises += u64::from(now != before);
        before = now;
    }
    reading.join().unwrap();
    writing.join().unwrap();
    assert!(counters(&task).continues(&before));
    assert!(rises > 100, "only {rises} snapshots that differ");
}

#[test]
fn waited_time_does_not_go_down_when_a_wait_ends() {
    let registry = flowmeter::Registry::new();
    let job = registry.job("copy").unwrap();
    let (task, mut reader, mut writer) = start(&job, 0, 0);
    let mut before = Counters::default();
    let look = || {
        let now = counters(&task);
        assert!(now.continues(&before), "{now:?} after {before:?}");
        before = now;
    };
    // As long as some looks: a look that gave a wait more than was booked is followed by one that
    // takes it back.
    let pause = || (0..100).for_each(|_| std::hint::spin_loop());
    work_until_looked(200_000, look, || {
        reader.wait_for_writer(pause);
        pause();
        writer.wait_for_reader(pause);
        pause();
    });
}
