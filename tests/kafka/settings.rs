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
    assert_eq!(
        refusal(kafka(" ")),
        "the Kafka reporter can't start: it was told no brokers, see `Kafka::to`"
    );
    let start = "the Kafka reporter can't start: ";
    assert_eq!(
        of("no.such", "1"),
        format!(
            "{start}the client refuses `no.such`, set to `1`: No such configuration property: \"no.such\""
        )
    );
    assert_eq!(
        of("linger.ms", "soon"),
        format!(
            "{start}the client refuses `linger.ms`, set to `soon`: Invalid value for configuration property \"queue.buffering.max.ms\""
        )
    );
    for property in ["delivery.report.only.error", "transactional.id"] {
        let why = of(property, "true");
        assert!(why.contains("`, set to `true`: the reporter "), "{why}");
    }
    assert!(of("client.id", "a\0b").ends_with("`client.id`, set to `a\0b`: there is a NUL in it"));
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
fn what_no_feature_brings_names_the_feature() {
    let why = kafka("127.0.0.1:9").set("security.protocol", "ssl").start();
    let why = why.map_or_else(|why| why.to_string(), |()| String::new());
    let hint = "OpenSSL not available at build time; the feature `kafka-tls` brings it";
    assert_eq!(why.ends_with(hint), !cfg!(feature = "kafka-tls"), "{why}");
}

#[test]
fn why_it_can_not_start_is_in_its_status() {
    let mut kafka = kafka("127.0.0.1:9").set("no.such", "1");
    let why = kafka.report(&registry("here", 1).report()).unwrap_err().to_string();
    assert_eq!(kafka.status().now().last_error, Some(why));
}

/// The client has two names for some properties: whichever is set last counts, also beside what is set unless told.
#[test]
fn a_property_counts_by_each_of_its_names() {
    for (of_ours, other) in [
        ("linger.ms", "queue.buffering.max.ms"),
        ("compression.type", "compression.codec"),
        ("acks", "request.required.acks"),
        ("delivery.timeout.ms", "message.timeout.ms"),
        ("bootstrap.servers", "metadata.broker.list"),
    ] {
        for (first, last) in [(of_ours, other), (other, of_ours)] {
            let kafka = kafka("127.0.0.1:9").set(first, "a").set(last, "b");
            let why = kafka.set(last, "c");
            let shown = refusal_or_brokers(why);
            assert!(shown.contains("`c`") || shown.contains(" at c"), "{first} {last}: {shown}");
        }
    }
}

/// What is refused, or where it would send to.
fn refusal_or_brokers(mut kafka: Kafka) -> String {
    match kafka.start() {
        Ok(()) => {
            kafka.report(&registry("here", 1).report()).unwrap();
            kafka.close(std::time::Duration::ZERO).unwrap_err().to_string()
        }
        Err(why) => why.to_string(),
    }
}

#[test]
fn no_secret_is_shown() {
    let secret = "open sesame";
    let kafka = kafka("127.0.0.1:9").set("ssl.key.password", "open").set("sasl.password", secret);
    let kafka = kafka.set("https.proxy", secret).set("SASL.Passwd", secret);
    let shown = format!("{kafka:?}");
    assert!(shown.contains("sasl.password=…") && !shown.contains("open"), "{shown}");
    let mut kafka = kafka;
    let why = kafka.start().unwrap_err().to_string();
    assert!(!why.contains("open"), "{why}");
    let kafka = crate::support::kafka("127.0.0.1:9").set("sasl.password", secret);
    let why = refusal(kafka.set("security.protocol", secret));
    assert!(!why.contains(secret), "{why}");
}

/// The cells of the first column of a table of the page, and of the second, without their marks.
fn table(title: &str) -> Vec<[String; 2]> {
    let page = std::fs::read_to_string("docs/kafka.md").unwrap();
    let (_, after) = page.split_once(title).unwrap();
    let rows = after.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cell = |row: &str, at: usize| row.split('|').nth(at).unwrap().trim().replace('`', "");
    rows.map(|row| [1, 2].map(|at| cell(row, at))).collect()
}

#[test]
fn the_page_has_the_properties_that_are_set_unless_told_otherwise() {
    let source = std::fs::read_to_string("src/reporter/kafka/settings.rs").unwrap();
    let (_, after) = source.split_once("const UNLESS_TOLD").unwrap();
    let (set, _) = after.split_once("];").unwrap();
    let set = set.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.strip_suffix("\"),"));
    let mut set: Vec<String> = set.map(str::to_owned).collect();
    let mut shown: Vec<String> =
        table("## Settings").iter().map(|[name, value]| format!("{name}\", \"{value}")).collect();
    set.sort();
    shown.sort();
    assert_eq!(shown, set);
    assert_eq!(set.len(), 11);
}

/// The page's code is compiled by a documentation test.
#[test]
fn the_readme_shows_a_line_of_the_page() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let page = std::fs::read_to_string("docs/kafka.md").unwrap();
    let line = readme.lines().find(|line| line.contains("Kafka::to(")).unwrap();
    assert!(page.lines().any(|of_page| of_page == line), "{line}");
}

#[test]
fn the_page_has_the_figures() {
    let shown = table("## Figures");
    let shown: Vec<&str> = shown.iter().flat_map(|[names, _]| names.split(", ")).collect();
    let figures = kafka("127.0.0.1:9").figures();
    assert_eq!(shown, figures.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}
