//! Points that a broker refuses, and take no others with them.

use crate::support::{LONG, assert_sum, cluster, kafka, read, registry, wait_until};
use flowmeter::Reporter;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

#[test]
fn a_point_that_is_too_large_is_named_and_takes_no_others_with_it() {
    let cluster = cluster();
    let registry = registry("here", 20);
    registry.counter_with("large", &[("text", &"x".repeat(950))]).unwrap().add(1);
    let mut kafka = kafka(&cluster.bootstrap_servers())
        .set("message.max.bytes", "1000")
        .set("batch.size", "1000");
    let watch = kafka.status();
    kafka.report(&registry.report()).unwrap();
    assert!(kafka.close(LONG).is_err());
    let now = watch.now();
    assert_sum(&now);
    assert_eq!((now.delivered, now.failed), (20, 1), "{now:?}");
    let why = now.last_error.unwrap();
    assert!(
        why.starts_with("the point `large` of 10") && why.ends_with("Message size too large)"),
        "{why}"
    );
    assert_eq!(read(&cluster.bootstrap_servers(), 20).len(), 20);
}

#[test]
fn many_points_that_are_sent_alone_arrive_while_nothing_is_closed() {
    let cluster = cluster();
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    cluster.request_errors(RDKafkaApiKey::Produce, &[error]);
    let mut kafka = kafka(&cluster.bootstrap_servers());
    let watch = kafka.status();
    kafka.report(&registry("here", 2_000).report()).unwrap();
    wait_until(&watch, |now| now.delivered == 2_000);
    assert!(watch.now().isolated > 500, "{:?}", watch.now());
}

#[test]
fn a_batch_that_is_refused_for_one_point_is_sent_point_by_point() {
    for error in [
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_RECORD,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
    ] {
        let cluster = cluster();
        // The batch, and one of the points when it comes alone.
        cluster.request_errors(RDKafkaApiKey::Produce, &[error, error]);
        let registry = registry("here", 20);
        let mut kafka = kafka(&cluster.bootstrap_servers());
        let watch = kafka.status();
        kafka.report(&registry.report()).unwrap();
        assert!(kafka.close(LONG).is_err());
        let now = watch.now();
        assert_sum(&now);
        assert_eq!((now.isolated, now.delivered, now.failed), (20, 19, 1), "{now:?}");
        assert!(now.last_error.as_ref().unwrap().starts_with("the point `rows` of "), "{now:?}");
        assert_eq!(read(&cluster.bootstrap_servers(), 19).len(), 19);
    }
}
