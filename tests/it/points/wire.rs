//! The line of a point, byte for byte, and back.

use crate::laws::arbitrary::text;
use crate::snapshot::level;
use flowmeter::{Number, Point};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Serialize;

/// Lines of the system that this library joins.
const SEED: [&str; 4] = [
    r#"{"metric":"cpu.usage","endpoint":"jungle85","tag":["darwin"],"value":15.384615384615385,"timestamp":1503212470}"#,
    r#"{"metric":"mem.usage","endpoint":"jungle85","tag":["darwin"],"value":526478.90625,"timestamp":1503212470}"#,
    r#"{"metric":"mem.percent","endpoint":"jungle85","tag":["darwin"],"value":554504601600,"timestamp":1503240725}"#,
    r#"{"metric":"cpu.load1","endpoint":"jungle85","tag":["darwin"],"value":1.22,"timestamp":1503240728}"#,
];

fn point(metric: &str, value: f64, timestamp: i64) -> Point {
    Point {
        metric: metric.to_owned(),
        endpoint: "jungle85".to_owned(),
        tag: vec!["darwin".to_owned()],
        value: Number::of(value).unwrap(),
        timestamp,
    }
}

fn seed() -> [Point; 4] {
    [
        point("cpu.usage", 15.384615384615385, 1503212470),
        point("mem.usage", 526478.90625, 1503212470),
        point("mem.percent", 554504601600.0, 1503240725),
        point("cpu.load1", 1.22, 1503240728),
    ]
}

#[test]
fn the_lines_of_the_seed_are_written_byte_for_byte_and_read_back() {
    for (point, line) in seed().iter().zip(SEED) {
        assert_eq!(point.to_line(), line);
        assert_eq!(serde_json::to_string(point).unwrap(), line);
        assert_eq!(Point::from_line(line).as_ref(), Ok(point));
    }
}

fn written(value: f64) -> String {
    Number::of(value).unwrap().to_string()
}

#[test]
fn whole_numbers_are_written_as_such_and_the_rest_in_the_fewest_digits() {
    let cases = [
        (0.0, "0"),
        (-0.0, "-0.0"),
        (3.0, "3"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (9_007_199_254_740_992.0, "9007199254740992"),
        (9_999_999_999_999_998.0, "9999999999999998"),
        (-9_999_999_999_999_998.0, "-9999999999999998"),
        (1e16, "1e+16"),
        (-1e16, "-1e+16"),
        (1e300, "1e+300"),
        (f64::MAX, "1.7976931348623157e+308"),
        (1e-5, "0.00001"),
        (9e-6, "9e-6"),
        (5e-324, "5e-324"),
    ];
    for (value, text) in cases {
        assert_eq!(written(value), text);
        let back: Number = serde_json::from_str(text).unwrap();
        assert_eq!(back.as_f64().to_bits(), value.to_bits(), "{text}");
    }
}

#[test]
fn a_whole_number_beyond_2_to_the_53_stays_exact() {
    for whole in [1 << 53, (1 << 53) + 1, 10_u64.pow(16) + 1, u64::MAX - 1, u64::MAX] {
        let number = Number::from(whole);
        assert_eq!(number.to_string(), whole.to_string());
        let back: Number = serde_json::from_str(&whole.to_string()).unwrap();
        assert_eq!((back, back.as_u64()), (number, Some(whole)));
    }
    assert_eq!(Number::from(-5_i64), Number::of(-5.0).unwrap());
    assert_eq!(Number::from(5_i64), Number::from(5_u64));
    assert_eq!(Number::from(i64::MIN).as_f64(), -(2.0_f64.powi(63)));
}

#[test]
fn what_is_not_finite_is_no_number() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Number::of(value), None);
    }
}

fn numbers() -> impl Strategy<Value = Number> {
    let whole_floats = (any::<i64>(), 0..64_u32).prop_map(|(bits, by)| (bits >> by) as f64);
    let floats = prop_oneof![level(), whole_floats].prop_filter_map("finite", Number::of);
    prop_oneof![3 => floats, 1 => any::<u64>().prop_map(Number::from)]
}

fn arbitrary() -> impl Strategy<Value = Point> {
    (text(), text(), vec(text(), 0..4), numbers(), any::<i64>()).prop_map(
        |(metric, endpoint, tag, value, timestamp)| Point {
            metric,
            endpoint,
            tag,
            value,
            timestamp,
        },
    )
}

/// The same fields with a number as serde_json writes it.
#[derive(Serialize)]
struct Plain<'a> {
    metric: &'a str,
    endpoint: &'a str,
    tag: &'a [String],
    value: f64,
    timestamp: i64,
}

/// As serde_json writes the same with a float, which has a `.0` if it is whole and below 10^16.
fn plain(point: &Point) -> String {
    let Point { metric, endpoint, tag, value, timestamp } = point;
    let (value, timestamp) = (value.as_f64(), *timestamp);
    serde_json::to_string(&Plain { metric, endpoint, tag, value, timestamp }).unwrap()
}

proptest! {
    #[test]
    fn every_point_is_one_line_that_reads_back_to_the_same_values(point in arbitrary()) {
        let line = point.to_line();
        prop_assert!(line.bytes().all(|byte| byte >= b' '), "{line:?}");
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(&json["metric"], &point.metric);
        prop_assert_eq!(&json["endpoint"], &point.endpoint);
        prop_assert_eq!(&json["tag"], &serde_json::Value::from(point.tag.clone()));
        prop_assert_eq!(json["timestamp"].as_i64(), Some(point.timestamp));
        let bits = json["value"].as_f64().map(f64::to_bits);
        prop_assert_eq!(bits, Some(point.value.as_f64().to_bits()));
        prop_assert_eq!(json["value"].as_u64(), point.value.as_u64());
        prop_assert_eq!(Point::from_line(&line), Ok(point));
    }

    #[test]
    fn a_line_is_what_serde_json_writes(point in arbitrary()) {
        prop_assert_eq!(point.to_line(), serde_json::to_string(&point).unwrap());
    }

    #[test]
    fn a_float_is_written_as_serde_json_does_but_for_the_fraction_of_whole_ones(
        mut point in arbitrary(),
        value in level(),
    ) {
        prop_assume!(value.is_finite());
        point.value = Number::of(value).unwrap();
        let is_short = value.fract() == 0.0 && value.abs() < 1e16 && value.to_bits() != 1 << 63;
        let ending = format!(",\"timestamp\":{}}}", point.timestamp);
        let line = match point.to_line().strip_suffix(&ending) {
            Some(begun) if is_short => format!("{begun}.0{ending}"),
            _ => point.to_line(),
        };
        prop_assert_eq!(line, plain(&point));
    }

    #[test]
    fn no_text_is_more_than_an_error(line in text()) {
        prop_assert!(Point::from_line(&line).is_err());
    }
}

/// The first line of the seed with `from` replaced.
fn broken(from: &str, to: &str) -> String {
    assert!(SEED[3].contains(from));
    SEED[3].replace(from, to)
}

#[test]
fn white_space_and_unknown_fields_are_passed_over() {
    let [.., load] = seed();
    let line = format!(" \t{}\r\n", broken("{", r#"{"step":60,"period":null,"#));
    assert_eq!(Point::from_line(&line), Ok(load));
}

#[test]
fn what_is_not_a_point_is_an_error() {
    let bad = [
        String::new(),
        "{}".to_owned(),
        r#"["cpu.load1","jungle85",["darwin"],1.22,1503240728]"#.to_owned(),
        broken("}", ""),
        broken("}", "}{}"),
        broken("1.22", "null"),
        broken("1.22", "NaN"),
        broken("1.22", "1e999"),
        broken("1.22", "\"1.22\""),
        broken("1503240728", "1503240728.5"),
        broken("1503240728", "9223372036854775808"),
        broken(r#"["darwin"]"#, r#""darwin""#),
        broken(r#"["darwin"]"#, "[1]"),
        broken(r#""endpoint":"jungle85","#, ""),
        broken("{", r#"{"metric":"twice","#),
        broken("cpu", "\u{1}"),
    ];
    for line in bad {
        assert!(Point::from_line(&line).is_err(), "{line}");
    }
}

#[test]
fn an_error_quotes_the_line_on_one_line_and_cut() {
    let error = Point::from_line(" 3\n").unwrap_err();
    assert_eq!(error.to_string(), "` 3\\n` is not a point: it is no JSON object");
    let missing = Point::from_line(r#"{"metric":"x"}"#).unwrap_err().to_string();
    assert!(missing.starts_with(r#"`{"metric":"x"}` is not a point: missing field `endpoint`"#));
    let huge = "x".repeat(100_000);
    let error = Point::from_line(&broken("1.22", &format!("{huge:?}"))).unwrap_err();
    assert!(error.to_string().len() < 2_300, "{}", error.to_string().len());
    assert_eq!(error.to_string().lines().count(), 1);
}
