//! From reports to a real broker, beside its client alone.

use crate::input::{Input, counters, histograms};
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crossbeam_channel::{Sender, unbounded};
use flowmeter::{Kafka, Reporter};
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const TOPIC: &str = "measured";
const LONG: Duration = Duration::from_secs(120);

/// What both are told: as the reporter has it, but for a queue in which nothing is dropped.
const SETTINGS: [(&str, &str); 8] = [
    ("acks", "all"),
    ("enable.idempotence", "true"),
    ("compression.type", "lz4"),
    ("linger.ms", "50"),
    ("batch.size", "1000000"),
    ("partitioner", "murmur2_random"),
    ("queue.buffering.max.messages", "5000000"),
    ("queue.buffering.max.kbytes", "2000000"),
];

/// Into the brokers that `KAFKA_BROKERS` names: `tests/kafka/broker/start` starts one.
pub(crate) fn measure(scale: Scale) {
    show_memory(scale);
    let Ok(brokers) = env::var("KAFKA_BROKERS") else {
        println!("kafka: the rest is skipped, for KAFKA_BROKERS names no broker");
        return;
    };
    for input in [counters(scale.series), histograms(scale.series / 7)] {
        beside_its_client(
            scale,
            &Load { brokers: &brokers, input: &input, reports: scale.reports },
        );
    }
}

/// What a point takes while nobody listens: the queue is filled, as large as it is unless told.
fn show_memory(scale: Scale) {
    let input = counters(scale.series);
    let mut kafka = Kafka::to("127.0.0.1:9").topic(TOPIC);
    kafka.report(&input.report).unwrap();
    let (before, first) = (resident_bytes(), kafka.status().now().queued);
    while kafka.status().now().dropped == 0 {
        kafka.report(&input.report).unwrap();
    }
    let points = kafka.status().now().queued;
    println!(
        "Kafka: a full queue has {points} points of {} bytes, each takes {} bytes of memory",
        input.bytes_a_line(),
        (resident_bytes() - before) / (points - first)
    );
}

/// What of this process is in memory.
fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

fn beside_its_client(scale: Scale, load: &Load<'_>) {
    let (ours, alone) = (AtomicU64::new(0), AtomicU64::new(0));
    let (points, bytes, name) = (load.points(), load.input.bytes_a_line(), load.input.name);
    let title = format!("to Kafka: {points} points of {bytes} bytes: {name}");
    Contest::new(title, "point")
        .way("`rdkafka` alone, ready lines -> acknowledged", || load.alone(&alone))
        .way("`Kafka`, reports -> acknowledged", || load.by_reporter(&ours))
        .run(scale.sends)
        .show();
    for (name, ticks) in [("`rdkafka` alone", alone), ("`Kafka`", ours)] {
        // A tick is a hundredth of a second on Linux; one turn more than is counted above.
        let points = load.points() * (scale.sends as u64 + 1);
        println!(
            "{name:46}{:8.0} ns of processor a point",
            ticks.into_inner() as f64 * 1e7 / points as f64
        );
    }
}

/// What `work` gives; what it takes of processors is added up.
fn processor<T>(ticks: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let before = spent();
    let result = work();
    ticks.fetch_add(spent() - before, Ordering::Relaxed);
    result
}

/// The ticks that this process has had, as `/proc/self/stat` has them.
fn spent() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

#[derive(Clone, Copy)]
struct Load<'a> {
    brokers: &'a str,
    input: &'a Input,
    reports: usize,
}

impl Load<'_> {
    fn points(self) -> u64 {
        self.input.count * self.reports as u64
    }

    /// From the second report to the last acknowledgement: the first one finds out where the topic is.
    fn by_reporter(self, ticks: &AtomicU64) -> Turn {
        let kafka = Kafka::to(self.brokers).topic(TOPIC);
        let mut kafka = SETTINGS.iter().fold(kafka, |kafka, &(name, value)| kafka.set(name, value));
        kafka.report(&self.input.report).unwrap();
        while kafka.status().now().queued > 0 {
            thread::yield_now();
        }
        let turn = Turn::of(|| {
            processor(ticks, || {
                (0..self.reports).for_each(|_| kafka.report(&self.input.report).unwrap());
                kafka.close(LONG).unwrap();
            });
            self.points()
        });
        assert_eq!(kafka.status().now().delivered, turn.count + self.input.count);
        turn
    }

    /// From the first ready line to the last acknowledgement, once it is known where the topic is.
    fn alone(self, ticks: &AtomicU64) -> Turn {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.brokers);
        SETTINGS.iter().for_each(|&(name, value)| _ = config.set(name, value));
        let (reports, acknowledged) = unbounded();
        let counting = Counting { count: AtomicU64::new(0), every: self.input.count, reports };
        let producer: ThreadedProducer<Counting> = config.create_with_context(counting).unwrap();
        let texts = self.input.texts();
        let report = || {
            for text in &texts {
                let record =
                    BaseRecord::to(TOPIC).key("jungle85").payload(*text).timestamp(946_684_800_000);
                producer.send(record).map_err(|(error, _)| error).unwrap();
            }
        };
        report();
        acknowledged.recv().unwrap();
        let start = Instant::now();
        processor(ticks, || {
            (0..self.reports).for_each(|_| report());
            // It has all sent at once; to wait in it would ask what the producer's thread asks for already.
            let _ = producer.flush(Duration::ZERO);
            let end = acknowledged.iter().nth(self.reports - 1).unwrap();
            Turn { count: self.points(), took: end - start }
        })
    }
}

/// Counts what was acknowledged, and says when it was as many as a report has, and once more as many.
struct Counting {
    count: AtomicU64,
    every: u64,
    reports: Sender<Instant>,
}

impl ClientContext for Counting {}

impl ProducerContext for Counting {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let acknowledged = u64::from(result.is_ok());
        let count = self.count.fetch_add(acknowledged, Ordering::Relaxed) + acknowledged;
        if count.is_multiple_of(self.every) {
            self.reports.send(Instant::now()).unwrap();
        }
    }
}
