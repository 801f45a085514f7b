//! Each counting method adds to its own counter, and to no other.

use crate::job::Started;
use flowmeter::{Amount, Counters, ManualClock, ReaderCounters, ReaderSide};
use flowmeter::{WriterCounters, WriterSide};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

type ReaderStep = (&'static str, fn(&mut ReaderSide), fn(&mut ReaderCounters));
type WriterStep = (&'static str, fn(&mut WriterSide), fn(&mut WriterCounters));

fn transform(reader: &mut ReaderSide, outcome: Result<Option<u8>, &'static str>) {
    let expected = outcome.ok().flatten();
    assert_eq!(reader.transform(13, || outcome), expected);
}

fn send(reader: &mut ReaderSide) {
    let (sender, receiver) = sync_channel(1);
    reader.send(&sender, "row", 14).unwrap();
    assert_eq!(receiver.recv(), Ok("row"));
}

fn send_batch(reader: &mut ReaderSide) {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    reader.send_batch(&sender, vec!["row"; 6], 6, 15).unwrap();
    assert_eq!(receiver.recv().unwrap().len(), 6);
}

fn hand_on(reader: &mut ReaderSide) {
    assert_eq!(reader.hand_on(7, 16, |_| Ok::<_, String>("pushed")), Ok("pushed"));
}

const READER_STEPS: [ReaderStep; 12] = [
    ("read", |side| side.read(5), |sum| sum.read = Amount::new(1, 5)),
    ("read_batch", |side| side.read_batch(2, 9), |sum| sum.read = Amount::new(2, 9)),
    ("made", |side| side.made(3), |sum| sum.made = 3),
    ("unreadable", |side| side.unreadable(2, 10, "?"), |sum| sum.unreadable = Amount::new(2, 10)),
    ("filtered", |side| side.filtered(3, 11), |sum| sum.filtered = Amount::new(3, 11)),
    ("refused", |side| side.refused(4, 12, "?"), |sum| sum.refused = Amount::new(4, 12)),
    ("transformed", |side| side.transformed(5), |sum| sum.transformed = 5),
    ("transform to a record", |side| transform(side, Ok(Some(1))), |sum| sum.transformed = 1),
    (
        "transform to none",
        |side| transform(side, Ok(None)),
        |sum| sum.filtered = Amount::new(1, 13),
    ),
    (
        "transform in error",
        |side| transform(side, Err("?")),
        |sum| sum.refused = Amount::new(1, 13),
    ),
    ("send", send, |sum| sum.handed_on = Amount::new(1, 14)),
    ("hand_on", hand_on, |sum| sum.handed_on = Amount::new(7, 16)),
];

#[test]
fn each_method_of_the_reader_side_counts_in_its_own_counter() {
    let batch: ReaderStep = ("send_batch", send_batch, |sum| sum.handed_on = Amount::new(6, 15));
    for (method, step, expect) in READER_STEPS.into_iter().chain([batch]) {
        // Its clock stands still, so that no time is counted.
        let mut started = Started::on(ManualClock::new().clock());
        step(&mut started.reader);
        let mut expected = Counters::default();
        expect(&mut expected.reader);
        assert_eq!(started.now().counters, expected, "{method}");
    }
}

fn receive(writer: &mut WriterSide) {
    let (sender, receiver) = sync_channel(1);
    sender.send("five!").unwrap();
    assert_eq!(writer.receive(&receiver, |row| row.len() as u64), Some("five!"));
}

fn receive_batch(writer: &mut WriterSide) {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    sender.send(vec!["row"; 4]).unwrap();
    let rows = writer.receive_batch(&receiver, |rows| (rows.len() as u64, 21));
    assert_eq!(rows.map(|rows| rows.len()), Some(4));
}

const WRITER_STEPS: [WriterStep; 6] = [
    ("receive", receive, |sum| sum.received = Amount::new(1, 5)),
    ("receive_batch", receive_batch, |sum| sum.received = Amount::new(4, 21)),
    ("received", |side| side.received(2, 22), |sum| sum.received = Amount::new(2, 22)),
    ("skipped", |side| side.skipped(3, 23), |sum| sum.skipped = Amount::new(3, 23)),
    ("failed", |side| side.failed(4, 24, "?"), |sum| sum.failed = Amount::new(4, 24)),
    ("committed", |side| side.committed(5, 25), |sum| sum.committed = Amount::new(5, 25)),
];

#[test]
fn each_method_of_the_writer_side_counts_in_its_own_counter() {
    for (method, step, expect) in WRITER_STEPS {
        let mut started = Started::on(ManualClock::new().clock());
        step(&mut started.writer);
        let mut expected = Counters::default();
        expect(&mut expected.writer);
        assert_eq!(started.now().counters, expected, "{method}");
    }
}

#[test]
fn what_is_counted_again_adds_up_and_is_seen_at_once() {
    let mut started = Started::new();
    for n in 1..=100 {
        started.reader.read(10);
        started.writer.committed(2, 30);
        let counters = started.now().counters;
        assert_eq!(counters.reader.read, Amount::new(n, 10 * n));
        assert_eq!(counters.writer.committed, Amount::new(2 * n, 30 * n));
    }
}

#[test]
fn a_counter_stops_at_the_largest_number() {
    let mut started = Started::new();
    started.reader.read_batch(u64::MAX, u64::MAX - 1);
    started.reader.read_batch(1, 1);
    started.reader.read(1);
    assert_eq!(started.now().counters.reader.read, Amount::new(u64::MAX, u64::MAX));
}

#[test]
fn the_time_of_a_transform_counts_whatever_its_outcome() {
    let manual = ManualClock::new();
    let mut started = Started::on(manual.clock());
    let outcomes: [(u64, Result<Option<()>, &str>); 3] =
        [(2, Ok(Some(()))), (3, Ok(None)), (5, Err("a blank"))];
    let mut sum = Duration::ZERO;
    for (seconds, outcome) in outcomes {
        let took = Duration::from_secs(seconds);
        let _ = started.reader.transform(1, || {
            manual.advance(took);
            outcome
        });
        sum += took;
        // Between two transforms no time counts.
        manual.advance(Duration::from_secs(100));
        assert_eq!(started.now().counters.reader.transform_time(), sum);
    }
}

#[test]
fn an_end_marker_or_an_empty_batch_counts_nothing() {
    let mut started = Started::new();
    let (sender, receiver) = sync_channel(3);
    let pushed = started.reader.hand_on(0, 99, |_| sender.send(Vec::<u8>::new()));
    pushed.unwrap();
    started.reader.send_batch(&sender, Vec::new(), 0, 99).unwrap();
    let batch = started.writer.receive_batch(&receiver, |batch| (batch.len() as u64, 99));
    assert_eq!(batch, Some(Vec::new()));
    assert_eq!(receiver.recv(), Ok(Vec::new()));
    started.writer.received(0, 99);
    assert_eq!(started.now().counters, Counters::default());
}
