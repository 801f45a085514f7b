//! What arrives, and what happens to what does not.

use crate::support::{LONG, TOPIC, assert_sum, cluster, kafka, read, registry, wait_until};
use flowmeter::{Kafka, ManualClock, Point, Points, Registry, Reporter};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use std::net::TcpListener;
use std::time::Duration;

#[test]
fn a_point_is_a_message_with_its_endpoint_as_key_and_its_time_as_timestamp() {
    let cluster = cluster();
    let clock = ManualClock::new();
    let registry = Registry::builder().clock(clock.clock()).endpoint("jungle85").build();
    (0..50).for_each(|i| {
        registry.counter_with("rows", &[("table", &i.to_string())]).unwrap().add(i);
    });
    let mut kafka = kafka(&cluster.bootstrap_servers());
    let (watch, report) = (kafka.status(), registry.report());
    let mut points = Points::new().without_own();
    let mut sent: Vec<String> = points.of(&report).iter().map(Point::to_line).collect();
    kafka.report(&report).unwrap();
    kafka.close(LONG).unwrap();

    let all = read(&cluster.bootstrap_servers(), sent.len());
    assert!(all.iter().all(|message| message.partition == all[0].partition), "one key");
    let mut lines: Vec<String> = all.iter().map(|message| message.line.clone()).collect();
    assert_eq!(lines, sent, "in order, without a newline");
    lines.sort();
    sent.sort();
    for message in &all {
        let point = Point::from_line(&message.line).unwrap();
        assert_eq!((&*message.key, message.unix_ms), ("jungle85", Some(point.timestamp * 1000)));
    }
    let now = watch.now();
    assert_eq!((now.produced, now.delivered, now.queued), (50, 50, 0), "{now:?}");
}

#[test]
fn what_an_attached_reporter_counts_is_in_the_registry() {
    let cluster = cluster();
    let registry = registry("here", 3);
    let kafka = Kafka::to(cluster.bootstrap_servers()).topic(TOPIC);
    let watch = kafka.status();
    let guard = registry.attach("kafka", kafka);
    drop(registry.report());
    let delivered = || {
        let labels = [("reporter", "kafka")];
        registry.collect().counter_with("flowmeter.reporter.points.delivered", &labels).unwrap()
    };
    wait_until(&watch, |_| delivered() > 0);
    guard.close().unwrap();
    let now = watch.now();
    assert!(now.delivered > 3, "{now:?}");
    assert_eq!((now.delivered, now.queued), (now.produced, 0), "{now:?}");
}

#[test]
fn the_sums_hold_at_every_moment_while_brokers_fail() {
    let cluster = cluster();
    use RDKafkaRespErr as E;
    let errors = [
        E::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        E::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        E::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        E::RD_KAFKA_RESP_ERR__TRANSPORT,
        E::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
    ];
    cluster.request_errors(RDKafkaApiKey::Produce, &errors);
    let registry = registry("here", 200);
    let mut kafka = kafka(&cluster.bootstrap_servers()).set("retry.backoff.ms", "1");
    let watch = kafka.status();
    for _ in 0..50 {
        kafka.report(&registry.report()).unwrap();
        assert_sum(&watch.now());
    }
    wait_until(&watch, |now| {
        assert_sum(now);
        now.queued == 0
    });
    assert!(kafka.close(LONG).is_err());
    let now = watch.now();
    assert_sum(&now);
    assert_eq!(now.produced, 50 * 200);
    assert!(now.delivered > 0 && now.failed > 0, "{now:?}");
    assert!(now.last_error.as_ref().unwrap().contains("authorization"), "{now:?}");
    assert_eq!(
        read(&cluster.bootstrap_servers(), now.delivered as usize).len() as u64,
        now.delivered
    );
}

/// Where nobody listens: the port was ours, and is free again.
fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn nothing_waits_for_a_broker_that_is_away_and_what_finds_no_room_is_counted() {
    let mut kafka = kafka(&nobody()).set("queue.buffering.max.messages", "500");
    let (watch, registry) = (kafka.status(), registry("here", 200));
    for _ in 0..5 {
        kafka.report(&registry.report()).unwrap();
        assert_sum(&watch.now());
    }
    let now = watch.now();
    assert_eq!((now.produced, now.dropped, now.queued), (1_000, 500, 500), "{now:?}");
    let left = kafka.close(Duration::from_millis(300)).unwrap_err().to_string();
    assert!(left.starts_with("of 1000 points for the topic `points` at 127.0.0.1:"), "{left}");
    assert!(left.contains(" 1000 were dropped: "), "{left}");
    assert!(left.contains("Connection refused"), "{left}");
    let now = watch.now();
    assert_eq!((now.dropped, now.queued, now.delivered), (1_000, 0, 0), "{now:?}");
    assert!(now.errors > 0, "{now:?}");
    assert_eq!(
        kafka.report(&registry.report()).unwrap_err().to_string(),
        "the Kafka reporter is closed"
    );
}

#[test]
fn what_was_refused_before_the_end_is_told_at_the_end_too() {
    let cluster = cluster();
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_POLICY_VIOLATION;
    cluster.request_errors(RDKafkaApiKey::Produce, &[error]);
    let mut kafka = kafka(&cluster.bootstrap_servers());
    let (watch, registry) = (kafka.status(), registry("here", 20));
    kafka.report(&registry.report()).unwrap();
    wait_until(&watch, |now| now.failed == 20);
    kafka.report(&registry.report()).unwrap();
    let brokers = cluster.bootstrap_servers();
    let why = kafka.close(LONG).unwrap_err().to_string();
    let begin =
        format!("of 40 points for the topic `points` at {brokers} 20 failed: the point `rows`");
    assert!(why.starts_with(&begin) && why.contains("Policy"), "{why}");
}

#[test]
fn closing_waits_for_no_batch_to_fill_and_no_value_is_lost_unseen() {
    let cluster = cluster();
    let long = [("linger.ms", "100000"), ("message.timeout.ms", "200000")];
    let kafka = kafka(&cluster.bootstrap_servers());
    let mut kafka = long.iter().fold(kafka, |kafka, (name, value)| kafka.set(*name, *value));
    let (watch, registry) = (kafka.status(), registry("here", 20));
    registry.gauge("load").unwrap().set(f64::NAN);
    kafka.report(&registry.report()).unwrap();
    kafka.close(LONG).unwrap();
    assert_eq!((watch.now().delivered, watch.now().left_out), (20, 1));
}

#[test]
fn no_time_to_close_is_an_error_while_anything_is_queued() {
    let mut kafka = kafka(&nobody());
    kafka.report(&registry("here", 20).report()).unwrap();
    let why = kafka.close(Duration::ZERO).unwrap_err().to_string();
    assert!(why.starts_with("of 20 points "), "{why}");
    assert_eq!(kafka.start().unwrap_err().to_string(), "the Kafka reporter is closed");
}

#[test]
fn one_that_is_dropped_gives_up_a_full_queue_and_counts_all_of_it() {
    let mut kafka = kafka(&nobody());
    let (watch, registry) = (kafka.status(), registry("here", 20_000));
    let report = registry.report();
    (0..11).for_each(|_| kafka.report(&report).unwrap());
    let now = watch.now();
    assert_eq!((now.dropped, now.queued), (20_000, 200_000), "{now:?}");
    drop(kafka);
    wait_until(&watch, |now| now.queued == 0);
    let now = watch.now();
    assert_eq!((now.produced, now.dropped), (220_000, 220_000), "{now:?}");
}

#[test]
fn a_client_that_can_not_go_on_is_replaced() {
    let cluster = cluster();
    // What an idempotent producer can't go on after: it may not begin.
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
    cluster.request_errors(RDKafkaApiKey::InitProducerId, &[error, error]);
    let mut kafka = kafka(&cluster.bootstrap_servers());
    let (watch, registry) = (kafka.status(), registry("here", 20));
    kafka.start().unwrap();
    wait_until(&watch, |now| now.restarts > 0);
    let mut reports = 0;
    while watch.now().delivered < 20 {
        kafka.report(&registry.report()).unwrap();
        reports += 1;
        wait_until(&watch, |now| now.queued == 0);
    }
    let _ = kafka.close(LONG);
    let now = watch.now();
    assert_sum(&now);
    assert_eq!((now.produced, now.queued), (reports * 20, 0), "{now:?}");
    assert!(now.restarts < 10, "with a pause between them: {now:?}");
    let there = read(&cluster.bootstrap_servers(), now.delivered as usize);
    assert_eq!(there.len() as u64, now.delivered);
}
