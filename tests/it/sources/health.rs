//! Health checks: what they say, whatever they say it with.

use super::registry;
use crate::job::panic_quietly;
use flowmeter::{Health, Registry, Reporter, Snapshot, Text, Value};
use std::panic::resume_unwind;

fn reason(snapshot: &Snapshot, name: &str) -> String {
    match snapshot.health(name) {
        Some(Health::Unhealthy { reason }) => reason.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The reason that is shown for this one.
fn shown(given: String) -> String {
    let (_, registry) = registry();
    let _guard = registry.health("feed", move || Err::<(), _>(given.clone())).unwrap();
    reason(&registry.collect(), "feed")
}

#[test]
fn a_check_is_healthy_or_says_why_not() {
    let (_, registry) = registry();
    let mut asked = 0;
    let _guard = registry.health("feed", move || {
        asked += 1;
        if asked == 2 { Err(format!("{asked} hours old")) } else { Ok(()) }
    });
    assert_eq!(registry.collect().health("feed"), Some(&Health::Healthy));
    let snapshot = registry.collect();
    assert_eq!(reason(&snapshot, "feed"), "2 hours old");
    assert!(!snapshot.health("feed").unwrap().is_healthy());
    assert_eq!(snapshot.health("feed").unwrap().to_string(), "unhealthy: 2 hours old");
    assert!(registry.collect().health("feed").unwrap().is_healthy());
    assert_eq!((snapshot.gauge("feed"), snapshot.health("other")), (None, None));
}

#[test]
fn a_reason_is_one_line() {
    assert_eq!(shown("a\nb\r\u{1b}[31m\tc".to_owned()), "a\\nb\\r\\u{1b}[31m\\tc");
}

#[test]
fn a_reason_is_at_most_about_1_kib() {
    let long = shown("é".repeat(1 << 19));
    assert_eq!(long, format!("{}… ({} more bytes)", "é".repeat(512), (1 << 20) - 1024));
    for given in ["\n", "\u{1b}"] {
        let long = shown(given.repeat(1 << 20));
        assert!(long.len() < 1100 && !long.contains(char::is_control), "{} bytes", long.len());
        assert!(long.ends_with(" more bytes)"), "{long}");
    }
}

#[test]
fn a_panic_is_the_checks_failure_with_its_message() {
    let (_, registry) = registry();
    let says = |name, payload: &'static str| {
        let check = move || -> Result<(), String> { resume_unwind(Box::new(payload)) };
        registry.health(name, check).unwrap().keep();
    };
    says("feed", "no\nfeed");
    registry.health("mute", || -> Result<(), String> { panic_quietly() }).unwrap().keep();
    registry.health("well", || Ok::<_, String>(())).unwrap().keep();
    for times in [1, 2] {
        let snapshot = registry.collect();
        assert_eq!(reason(&snapshot, "feed"), "panicked: no\\nfeed");
        assert_eq!(reason(&snapshot, "mute"), "panicked: as planned");
        assert_eq!(snapshot.health("well"), Some(&Health::Healthy));
        let panicked = |name| super::counted(&snapshot, "panicked", name);
        assert_eq!((panicked("feed"), panicked("well")), (Some(times), Some(0)));
    }
}

#[test]
fn a_check_may_have_labels_and_a_help() {
    let (_, registry) = registry();
    let feed = |of| registry.metric("feed").label("of", of);
    let _a = feed("a").help("Whether it is fresh").health(|| Ok::<_, &str>(())).unwrap();
    let _b = feed("b").health(|| Err("stale")).unwrap();
    let snapshot = registry.collect();
    let said = |of| snapshot.value_with("feed", &[("of", of)]);
    assert_eq!(said("a"), Some(Value::Health(Health::Healthy)));
    let stale = Health::Unhealthy { reason: "stale".into() };
    assert_eq!(said("b"), Some(Value::Health(stale)));
    let help = snapshot.description("feed").and_then(|feed| feed.help.as_deref());
    assert_eq!(help, Some("Whether it is fresh"));
    let error = feed("c").unit("hours").health(|| Ok::<_, &str>(())).unwrap_err().to_string();
    assert!(error.starts_with("metric `feed` can't be given a unit"), "{error}");
}

/// One check of each kind.
fn checked() -> Registry {
    let (_, registry) = registry();
    registry.health("well", || Ok::<_, &str>(())).unwrap().keep();
    registry.health("ill", || Err("\"stale\"\n")).unwrap().keep();
    registry
}

#[test]
fn what_a_check_says_is_read_back_equal() {
    let snapshot = checked().collect();
    assert_eq!(Snapshot::from_json(&snapshot.to_json()).unwrap(), snapshot);
}

#[test]
fn a_report_has_what_checks_say() {
    let report = checked().report();
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    let of = |name| {
        let mut series = json["series"].as_array().unwrap().iter();
        series.find(|series| series["name"] == name).unwrap()["health"].clone()
    };
    assert_eq!(of("well"), serde_json::json!({"healthy": true, "reason": null}));
    let reason = "\"stale\"\\n";
    assert_eq!(of("ill"), serde_json::json!({"healthy": false, "reason": reason}));
    let mut text = Vec::new();
    Text::new(&mut text).with_series().report(&report).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("\nill unhealthy: \"stale\"\\n\n"), "{text}");
    assert!(text.contains("\nwell healthy\n"), "{text}");
}
