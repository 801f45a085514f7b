//! What is told to the client, and what it says of it.

use crate::support::{kafka, registry};
use flowmeter::{Kafka, Reporter};

fn refusal(mut kafka: Kafka) -> String {
    let why = kafka.start().unwrap_err().to_string();
    // The same when it is only noticed by the first report.
    let of_report = kafka.report(&registry("here", 1).report()).unwrap_err().to_string();
    assert_eq!(why, of_report);
    why
}

#[test]
fn what_the_client_does_not_take_is_an_error_in_its_own_words() {
    let of = |property: &str, value: &str| refusal(kafka("127.0.0.1:9").set(property, value));
    let start = "the Kafka reporter can't start: ";
    assert_eq!(
        of("no.such", "1"),
        format!(
            "{start}the client refuses the property `no.such`: No such configuration property: \"no.such\""
        )
    );
    assert_eq!(
        of("linger.ms", "soon"),
        format!(
            "{start}the client refuses the property `linger.ms`: Invalid value for configuration property \"queue.buffering.max.ms\""
        )
    );
    let contradiction = of("acks", "1");
    assert!(
        contradiction.contains("can't be made: ") && contradiction.contains("`acks`"),
        "{contradiction}"
    );
    assert_eq!(
        refusal(Kafka::to("127.0.0.1:9")),
        "the Kafka reporter can't start: it was told no topic, see `Kafka::topic`"
    );
}

#[test]
fn no_secret_is_shown() {
    let secret = "open sesame";
    let kafka = kafka("127.0.0.1:9").set("sasl.password", secret);
    let shown = format!("{kafka:?}");
    assert!(shown.contains("sasl.password=…") && !shown.contains(secret), "{shown}");
    let why = refusal(kafka.set("security.protocol", secret));
    assert!(!why.contains(secret), "{why}");
}
