//! The bounded channels of std and of crossbeam, of any capacity, carry and count every record.

use crate::job::{Started, error_of};
use flowmeter::{Amount, BoundedReceiver, BoundedSender, Gone, State};
use std::sync::mpsc::sync_channel;
use std::thread;

const CAPACITIES: [usize; 3] = [0, 1, 100];
const BATCHES: u64 = 500;

type Batch = Vec<u64>;

fn bytes(batch: &Batch) -> u64 {
    batch.iter().sum()
}

/// Carries batches of 0, 1 and 2 records, one after the other.
fn carries<S, R>(what: &str, (sender, receiver): (S, R))
where
    S: BoundedSender<Batch> + Send + 'static,
    R: BoundedReceiver<Batch>,
{
    let Started { task, mut reader, mut writer, registry: _registry, job: _job } = Started::new();
    let reading = thread::spawn(move || {
        for n in 0..BATCHES {
            let batch = vec![n; (n % 3) as usize];
            let (records, bytes) = (batch.len() as u64, bytes(&batch));
            reader.read_batch(records, bytes);
            reader.send_batch(&sender, batch, records, bytes).unwrap();
        }
        reader.read(1);
        reader.send(&sender, vec![1], 1).unwrap();
        reader.done().unwrap();
    });
    let mut arrived = Vec::new();
    while let Some(batch) =
        writer.receive_batch(&receiver, |batch| (batch.len() as u64, bytes(batch)))
    {
        writer.committed(batch.len() as u64, bytes(&batch));
        arrived.push(batch);
    }
    reading.join().unwrap();
    writer.done();

    let sent: Vec<_> = (0..BATCHES).map(|n| vec![n; (n % 3) as usize]).chain([vec![1]]).collect();
    assert_eq!(arrived, sent, "{what}");
    let expected = Amount::new(
        sent.iter().map(|batch| batch.len() as u64).sum(),
        sent.iter().map(bytes).sum(),
    );
    let now = task.snapshot().communication();
    let (reader, writer) = (now.counters.reader, now.counters.writer);
    assert_eq!([reader.read, reader.handed_on, writer.received], [expected; 3], "{what}");
    assert_eq!((task.state(), now.ledger().discrepancy), (State::Succeeded, 0), "{what}");
}

#[test]
fn a_channel_of_std_carries_every_record_whatever_its_capacity() {
    for capacity in CAPACITIES {
        carries(&format!("capacity {capacity}"), sync_channel(capacity));
    }
}

#[test]
fn a_channel_of_crossbeam_carries_every_record_whatever_its_capacity() {
    for capacity in CAPACITIES {
        carries(&format!("capacity {capacity}"), crossbeam_channel::bounded(capacity));
    }
}

/// The receiver goes while the sender has more than the channel holds.
fn closes<S, R>(what: &str, (sender, receiver): (S, R))
where
    S: BoundedSender<u64> + Send + 'static,
    R: BoundedReceiver<u64>,
{
    let Started { task, mut reader, mut writer, registry: _registry, job: _job } = Started::new();
    let reading = thread::spawn(move || {
        let mut sent = 0;
        while reader.send(&sender, sent, 1) != Err(Gone) {
            sent += 1;
        }
        let handed_on = sent + 1;
        assert_eq!(reader.done().unwrap_err().records, 1);
        handed_on
    });
    for n in 0..10 {
        assert_eq!(writer.receive(&receiver, |_| 1), Some(n), "{what}");
    }
    drop(receiver);
    let handed_on = reading.join().unwrap();
    writer.fail("had enough");
    let counters = task.snapshot().counters;
    assert_eq!(counters.reader.handed_on, Amount::new(handed_on, handed_on), "{what}");
    assert_eq!(counters.writer.received, Amount::new(10, 10), "{what}");
    assert_eq!(error_of(&task).reason, "had enough", "{what}");
}

#[test]
fn a_send_returns_when_the_receiver_goes_even_if_it_is_waiting() {
    for capacity in CAPACITIES {
        closes(&format!("std, capacity {capacity}"), sync_channel(capacity));
        closes(&format!("crossbeam, capacity {capacity}"), crossbeam_channel::bounded(capacity));
    }
}
