//! What the tests share: a registry to report of, and what a topic has.

use flowmeter::{Clock, Kafka, KafkaStatus, KafkaWatch, Points, Registry};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use std::thread;
use std::time::Duration;

pub(crate) const TOPIC: &str = "points";

/// So long everything may take, on a loaded machine.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) type Cluster = MockCluster<'static, DefaultProducerContext>;

/// One broker, and a topic with three partitions.
pub(crate) fn cluster() -> Cluster {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, 3, 1).unwrap();
    cluster
}

/// A reporter without the points that the library has of itself.
pub(crate) fn kafka(brokers: &str) -> Kafka {
    kafka_of(brokers, TOPIC)
}

pub(crate) fn kafka_of(brokers: &str, topic: &str) -> Kafka {
    Kafka::to(brokers).topic(topic).points(Points::new().without_own())
}

/// What `is_there` gives at last. After so long the test fails, and says what there is instead.
pub(crate) fn eventually<T>(
    within: Duration,
    mut is_there: impl FnMut() -> Option<T>,
    instead: impl Fn() -> String,
) -> T {
    let clock = Clock::system();
    let deadline = clock.now() + within;
    loop {
        if let Some(it) = is_there() {
            return it;
        }
        assert!(clock.now() < deadline, "{}", instead());
        thread::yield_now();
    }
}

/// Waits until the status of a reporter is as it is wanted.
pub(crate) fn wait_until(watch: &KafkaWatch, wanted: impl Fn(&KafkaStatus) -> bool) {
    eventually(LONG, || wanted(&watch.now()).then_some(()), || format!("{:?}", watch.now()));
}

/// A registry on `endpoint` with so many counters, each of its own value.
pub(crate) fn registry(endpoint: &str, counters: u64) -> Registry {
    let registry = Registry::builder().endpoint(endpoint).series_limit(1_000_000).build();
    for i in 0..counters {
        registry.counter_with("rows", &[("table", &i.to_string())]).unwrap().add(i);
    }
    registry
}

/// What a topic has of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Read {
    pub(crate) partition: i32,
    pub(crate) key: String,
    pub(crate) line: String,
    pub(crate) unix_ms: Option<i64>,
}

/// The first so many messages of the topic, by an own consumer.
pub(crate) fn read(brokers: &str, count: usize) -> Vec<Read> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "readers")
        .set("auto.offset.reset", "earliest")
        .create()
        .unwrap();
    consumer.subscribe(&[TOPIC]).unwrap();
    let mut all = Vec::new();
    let next = || consumer.poll(Duration::from_millis(100)).and_then(Result::ok);
    while all.len() < count {
        let message = eventually(LONG, next, || format!("{} of {count} messages", all.len()));
        let text = |part: Option<&[u8]>| String::from_utf8(part.unwrap().to_vec()).unwrap();
        all.push(Read {
            partition: message.partition(),
            key: text(message.key()),
            line: text(message.payload()),
            unix_ms: message.timestamp().to_millis(),
        });
    }
    all
}

/// The sum that holds at every moment.
pub(crate) fn assert_sum(status: &KafkaStatus) {
    let KafkaStatus { produced, delivered, failed, dropped, queued, .. } = *status;
    assert_eq!(produced, delivered + failed + dropped + queued, "{status:?}");
}
