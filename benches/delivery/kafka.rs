//! From reports to a real broker, beside its client alone.

use crate::input::{Input, counters};
use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use flowmeter::{Kafka, Reporter};
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs};

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
    let Ok(brokers) = env::var("KAFKA_BROKERS") else {
        println!("kafka: skipped, for KAFKA_BROKERS names no broker");
        return;
    };
    let input = counters(scale.series);
    let load = Load { brokers: &brokers, input: &input, reports: scale.reports };
    let (ours, alone) = (AtomicU64::new(0), AtomicU64::new(0));
    let title = format!("to Kafka: {} points of {} bytes", load.points(), input.bytes_a_line());
    Contest::new(title, "point")
        .way("`rdkafka` alone, ready lines -> acknowledged", || processor(&alone, || load.alone()))
        .way("`Kafka`, reports -> acknowledged", || processor(&ours, || load.by_reporter()))
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

/// A turn, and what it takes of processors, added up.
fn processor(ticks: &AtomicU64, turn: impl FnOnce() -> Turn) -> Turn {
    let before = spent();
    let turn = turn();
    ticks.fetch_add(spent() - before, Ordering::Relaxed);
    turn
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

    /// From the first report to the last acknowledgement.
    fn by_reporter(self) -> Turn {
        let kafka = Kafka::to(self.brokers).topic(TOPIC);
        let mut kafka = SETTINGS.iter().fold(kafka, |kafka, &(name, value)| kafka.set(name, value));
        kafka.start().unwrap();
        let turn = Turn::of(|| {
            (0..self.reports).for_each(|_| kafka.report(&self.input.report).unwrap());
            kafka.close(LONG).unwrap();
            self.points()
        });
        assert_eq!(kafka.status().now().delivered, turn.count);
        turn
    }

    /// From the first ready line to the last acknowledgement.
    fn alone(self) -> Turn {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.brokers);
        SETTINGS.iter().for_each(|&(name, value)| _ = config.set(name, value));
        let delivered = Arc::new(AtomicU64::new(0));
        let counting = Counting(Arc::clone(&delivered));
        let producer: BaseProducer<Counting> = config.create_with_context(counting).unwrap();
        let (texts, start) = (self.input.texts(), Instant::now());
        for (i, text) in (0..self.reports).flat_map(|_| &texts).enumerate() {
            // As its documentation asks for: now and then it is heard what became of the messages.
            if i % 1_000 == 0 {
                producer.poll(Duration::ZERO);
            }
            let record =
                BaseRecord::to(TOPIC).key("jungle85").payload(*text).timestamp(946_684_800_000);
            producer.send(record).map_err(|(error, _)| error).unwrap();
        }
        producer.flush(LONG).unwrap();
        let took = start.elapsed();
        assert_eq!(delivered.load(Ordering::Relaxed), self.points());
        Turn { count: self.points(), took }
    }
}

/// Counts what was acknowledged.
struct Counting(Arc<AtomicU64>);

impl ClientContext for Counting {}

impl ProducerContext for Counting {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.0.fetch_add(u64::from(result.is_ok()), Ordering::Relaxed);
    }
}
