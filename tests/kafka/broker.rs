//! A real broker: what is delivered is there, once and in order, also when it is killed in between.

mod process;
#[cfg(feature = "kafka-tls")]
mod secured;

use crate::common::example;
use crate::support::{assert_sum, kafka_of, registry, wait_until};
use flowmeter::{Kafka, KafkaWatch, Point, Points, Registry, Reporter};
use process::{Broker, broker};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often the broker is killed, unless told.
const RUNS: u64 = 2;
/// A broker that was killed is back within this, also on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// A point as it can be told apart from all others of a run: where it was measured, of what, and how much.
type Seen = (String, String, String);

fn seen(key: &str, line: &str) -> Seen {
    let point = Point::from_line(line).unwrap();
    assert_eq!(point.endpoint, key);
    (point.endpoint, point.tag.join(","), format!("{:?}", point.value))
}

/// Adds to each counter, so that every point of every report is another one; and reports that.
fn report(registry: &Registry, counters: u64, kafka: &mut Kafka) -> Vec<Seen> {
    for i in 0..counters {
        registry.counter_with("rows", &[("table", &i.to_string())]).unwrap().inc();
    }
    let report = registry.report();
    kafka.report(&report).unwrap();
    let points = Points::new().without_own().of(&report);
    points.iter().map(|point| seen(&point.endpoint, &point.to_line())).collect()
}

/// All that is there: each once, and the values of each series rise.
fn once_and_in_order(messages: &[(String, String)]) -> BTreeSet<Seen> {
    let mut last: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut all = BTreeSet::new();
    for (key, line) in messages {
        assert!(all.insert(seen(key, line)), "twice: {line}");
        let point = Point::from_line(line).unwrap();
        let value = point.value.as_u64().unwrap();
        let before = last.insert((point.endpoint, point.tag.join(",")), value);
        assert!(before.is_none_or(|before| before < value), "{before:?} before {line}");
    }
    all
}

#[test]
fn a_real_broker_has_each_point_once_and_those_of_an_endpoint_in_order() {
    let Some(broker) = broker() else { return };
    let topic = "whole";
    let registries = ["one", "two", "three"].map(|endpoint| registry(endpoint, 50));
    let mut reporters = registries.each_ref().map(|_| kafka_of(&broker.brokers(), topic));
    let mut sent = BTreeSet::new();
    for _ in 0..20 {
        for (registry, kafka) in registries.iter().zip(&mut reporters) {
            sent.extend(report(registry, 50, kafka));
        }
    }
    for kafka in &mut reporters {
        kafka.close(PATIENCE).unwrap();
        assert_eq!(kafka.status().now().delivered, 20 * 50);
    }
    assert_eq!(sent.len(), 3 * 20 * 50);
    assert!(once_and_in_order(&broker.read(topic)) == sent);
}

#[test]
fn a_broker_that_is_killed_has_each_point_once_that_was_reported_as_delivered() {
    let Some(mut broker) = broker() else { return };
    let runs = env::var("KAFKA_RUNS").map_or(RUNS, |runs| runs.parse().unwrap());
    for run in 0..runs {
        killed(&mut broker, run);
    }
}

/// The broker is killed while points are on their way, at a moment of which nobody knows beforehand.
fn killed(broker: &mut Broker, run: u64) {
    let topic = format!("killed-{run}");
    let many = 1_000 + RandomState::new().hash_one(run) % 10_000;
    let mut kafka = kafka_of(&broker.brokers(), &topic).set("linger.ms", "1");
    let (watch, is_there) = (kafka.status(), &AtomicBool::new(true));
    let sent = thread::scope(|scope| {
        let reports = scope.spawn({
            let (watch, kafka) = (watch.clone(), &mut kafka);
            move || send_reports(kafka, &watch, is_there)
        });
        wait_until(&watch, |now| {
            assert_sum(now);
            now.delivered > many
        });
        broker.kill();
        let now = watch.now();
        is_there.store(false, Ordering::Relaxed);
        println!("run {run}: killed after {} points, {} on their way", now.delivered, now.queued);
        assert!(now.delivered > 0 && now.queued > 0, "{now:?}");
        broker.start_again();
        reports.join().unwrap()
    });
    let _ = kafka.close(PATIENCE);
    let now = watch.now();
    assert_sum(&now);
    assert_eq!((now.produced, now.queued), (sent.len() as u64, 0), "{now:?}");
    let there = once_and_in_order(&broker.read(&topic));
    assert!(there.is_subset(&sent));
    // What failed may be there: nobody was told.
    let count = there.len() as u64;
    assert!((now.delivered..=now.delivered + now.failed).contains(&count), "{count} {now:?}");
}

/// Some are on their way at each moment until the broker is gone, and all the others wait for it.
fn send_reports(kafka: &mut Kafka, watch: &KafkaWatch, is_there: &AtomicBool) -> BTreeSet<Seen> {
    let registry = registry("here", 100);
    let mut sent = BTreeSet::new();
    while is_there.load(Ordering::Relaxed) {
        sent.extend(report(&registry, 100, kafka));
        wait_until(watch, |now| now.queued < 2_000 || !is_there.load(Ordering::Relaxed));
    }
    (0..50).for_each(|_| sent.extend(report(&registry, 100, kafka)));
    sent
}

#[test]
fn the_flights_example_sends_its_reports_there() {
    let Some(broker) = broker() else { return };
    let temporary = tempfile::tempdir().unwrap();
    let run = example("flights", &["--kafka", &broker.brokers()])
        .env("TMPDIR", temporary.path())
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert_eq!((run.status.success(), &*complaint), (true, ""));
    let points = broker.read("points");
    let committed = |(_, line): &(String, String)| {
        let point = Point::from_line(line).unwrap();
        (point.metric == "job.committed.records").then(|| point.value.as_u64())?
    };
    assert_eq!(points.iter().filter_map(committed).max(), Some(26_398));
}
