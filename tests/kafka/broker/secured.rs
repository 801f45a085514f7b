//! A broker that asks for TLS and a password.

use super::process::{Broker, broker};
use crate::support::{kafka_of, registry, wait_until};
use flowmeter::{Kafka, Reporter};
use std::time::Duration;

const TOPIC: &str = "secured";

fn secured(broker: &Broker, password: &str) -> Kafka {
    kafka_of(&broker.secured(), TOPIC)
        .set("security.protocol", "sasl_ssl")
        .set("ssl.ca.location", broker.certificate())
        .set("sasl.mechanism", "PLAIN")
        .set("sasl.username", "etl")
        .set("sasl.password", password)
}

#[test]
fn a_broker_with_tls_and_a_password_has_the_points_of_who_knows_it() {
    let Some(broker) = broker() else { return };
    let registry = registry("here", 20);

    let mut kafka = secured(&broker, "guessed");
    let watch = kafka.status();
    kafka.report(&registry.report()).unwrap();
    let refused = |why: &String| why.contains("Authentication failed");
    wait_until(&watch, |now| now.last_error.as_ref().is_some_and(refused));
    let left = kafka.close(Duration::ZERO).unwrap_err().to_string();
    assert!(!left.contains("guessed"), "{left}");

    let mut kafka = secured(&broker, "open sesame");
    kafka.report(&registry.report()).unwrap();
    kafka.close(Duration::from_secs(60)).unwrap();
    assert_eq!(kafka.status().now().delivered, 20);
    assert_eq!(broker.read(TOPIC).len(), 20);
}
