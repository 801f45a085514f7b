//! A real broker: what is delivered is there, once and in order, also when it is killed in between.

mod process;
#[cfg(feature = "kafka-tls")]
mod secured;

use crate::support::{assert_sum, kafka_of, registry};
use flowmeter::{Point, Registry, Reporter};
use process::{Broker, broker};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::process::{Command, Stdio};
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

/// Adds to each counter, so that every point of every report is another one.
fn count(registry: &Registry, counters: u64) {
    for i in 0..counters {
        registry.counter_with("rows", &[("table", &i.to_string())]).unwrap().inc();
    }
}

/// Fails unless each message is there once, and the values of each series rise.
fn assert_once_and_in_order(messages: &[(String, String)]) -> u64 {
    let mut last: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut all = BTreeSet::new();
    for (key, line) in messages {
        assert!(all.insert(seen(key, line)), "twice: {line}");
        let point = Point::from_line(line).unwrap();
        let value = point.value.as_u64().unwrap();
        let before = last.insert((point.endpoint, point.tag.join(",")), value);
        assert!(before.is_none_or(|before| before < value), "{before:?} before {line}");
    }
    all.len() as u64
}

#[test]
fn a_real_broker_has_each_point_once_and_those_of_an_endpoint_in_order() {
    let Some(broker) = broker() else { return };
    let topic = "whole";
    let registries = ["one", "two", "three"].map(|endpoint| registry(endpoint, 50));
    let mut reporters = registries.each_ref().map(|_| kafka_of(&broker.brokers(), topic));
    for _ in 0..20 {
        for (registry, kafka) in registries.iter().zip(&mut reporters) {
            count(registry, 50);
            kafka.report(&registry.report()).unwrap();
        }
    }
    for kafka in &mut reporters {
        kafka.close(PATIENCE).unwrap();
        assert_eq!(kafka.status().now().delivered, 20 * 50);
    }
    assert_eq!(assert_once_and_in_order(&broker.read(topic)), 3 * 20 * 50);
}

#[test]
fn a_broker_that_is_killed_has_each_point_once_that_was_reported_as_delivered() {
    let Some(mut broker) = broker() else { return };
    let runs = env::var("KAFKA_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    for run in 0..runs {
        killed(&mut broker, run);
    }
}

fn killed(broker: &mut Broker, run: u64) {
    let topic = format!("killed-{run}");
    let random = RandomState::new().hash_one(run);
    // At which report, and how many of its points are delivered by then, which nobody knows.
    let (at, reports) = (random % 40, 60);
    println!("run {run}: killed after report {at} of {reports}");
    let registry = registry("here", 100);
    let mut kafka = kafka_of(&broker.brokers(), &topic);
    let watch = kafka.status();
    for report in 0..reports {
        count(&registry, 100);
        kafka.report(&registry.report()).unwrap();
        assert_sum(&watch.now());
        match report {
            _ if report == at => broker.kill(),
            _ if report == at + 10 => broker.start_again(),
            _ => {}
        }
    }
    let _ = kafka.close(PATIENCE);
    let now = watch.now();
    assert_sum(&now);
    assert_eq!((now.produced, now.queued), (reports * 100, 0), "{now:?}");
    let there = assert_once_and_in_order(&broker.read(&topic));
    // What failed may be there: nobody was told.
    assert!((now.delivered..=now.delivered + now.failed).contains(&there), "{there} {now:?}");
    assert!(now.delivered > 0, "{now:?}");
}

#[test]
fn the_flights_example_sends_its_reports_there() {
    let Some(broker) = broker() else { return };
    let temporary = tempfile::tempdir().unwrap();
    let profile = if cfg!(debug_assertions) { "test" } else { "release" };
    // Those of this test, so that little is to be built.
    let more = [("kafka-tls", cfg!(feature = "kafka-tls")), ("tracing", cfg!(feature = "tracing"))];
    let more = more.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| format!(",{name}"));
    let features = format!("kafka{}", more.collect::<String>());
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", "flights", "--profile", profile])
        .args(["--features", &features, "--", "--kafka", &broker.brokers()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("TMPDIR", temporary.path())
        .stdin(Stdio::null())
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
