//! A distribution in JSON: compact, and read back equal; what can't have been recorded isn't read.

use super::{buckets, recorded, values};
use flowmeter::{Buckets, Histogram, HistogramSnapshot};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(form: &Value) -> Result<HistogramSnapshot, String> {
    serde_json::from_str(&form.to_string()).map_err(|error| error.to_string())
}

fn layout() -> Value {
    json!({"digits": 2, "lowest": 1, "highest": 1000})
}

#[test]
fn only_what_is_there_is_written() {
    let buckets = Buckets::new(2, 1..=1000).unwrap();
    let text = |values: &[u64]| serde_json::to_string(&recorded(buckets, values)).unwrap();
    let layout = r#"{"buckets":{"digits":2,"lowest":1,"highest":1000},"#;
    assert_eq!(text(&[]), format!(r#"{layout}"counts":[],"sum":0}}"#));
    let some = r#""counts":[[7,2],[256,1]],"sum":271,"min":7,"max":257}"#;
    assert_eq!(text(&[257, 7, 7]), format!("{layout}{some}"));
    let above = r#""counts":[],"above":1,"sum":2000,"min":2000,"max":2000}"#;
    assert_eq!(text(&[2000]), format!("{layout}{above}"));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_equal((buckets, values) in (buckets(), values())) {
        let seen = recorded(buckets, &values);
        let text = serde_json::to_string(&seen).unwrap();
        prop_assert_eq!(serde_json::from_str::<HistogramSnapshot>(&text).unwrap(), seen);
    }

    /// Whatever is read is a distribution: every figure is among its values, and nothing panics.
    #[test]
    fn nothing_absurd_is_read(
        counts in vec((0..1000_u32, prop_oneof![0..3_u64, any::<u64>()]), 0..4),
        above in prop_oneof![3 => Just(0), 1 => any::<u64>()],
        sum in prop_oneof![any::<u64>(), Just(u64::MAX)],
        (min, max) in (of(0..2000_u64), of(0..3000_u64)),
    ) {
        let form = json!({
            "buckets": layout(), "counts": counts, "above": above,
            "sum": sum, "min": min, "max": max,
        });
        if let Ok(seen) = read(&form) {
            let counts = counts.iter().map(|&(_, count)| u128::from(count));
            let total = counts.sum::<u128>() + u128::from(above);
            prop_assert_eq!(u128::from(seen.count()), total.min(u128::from(u64::MAX)));
            prop_assert_eq!((seen.min(), seen.max(), seen.sum()), (min, max, sum));
            prop_assert!(seen.is_empty() == min.is_none() && min <= max);
            for q in [0.0, 0.5, 1.0] {
                prop_assert!(seen.quantile(q) >= min && seen.quantile(q) <= max);
            }
            let mean = seen.mean();
            prop_assert!(mean >= min.map(|n| n as f64) && mean <= max.map(|n| n as f64));
            prop_assert_eq!(seen.to_hdr().len(), seen.count());
            prop_assert_eq!(read(&serde_json::to_value(&seen).unwrap()), Ok(seen));
        }
    }
}

#[test]
fn counts_in_any_order_and_of_nothing_are_put_in_order() {
    let form = json!({
        "buckets": layout(), "counts": [[9, 1], [3, 0], [7, 2]], "sum": 23, "min": 7, "max": 9,
    });
    let values = HistogramSnapshot::of(Buckets::new(2, 1..=1000).unwrap(), [7, 7, 9]);
    assert_eq!(read(&form), Ok(values));
}

/// Asserts that one of three values, 7, 7 and 9, is not read with `change`, and what is said of it.
#[track_caller]
fn refused(change: Value, said: &str) {
    let mut form = json!({
        "buckets": layout(), "counts": [[7, 2], [9, 1]], "sum": 23, "min": 7, "max": 9,
    });
    assert!(read(&form).is_ok());
    let (form_fields, Value::Object(change)) = (form.as_object_mut().unwrap(), change) else {
        panic!("a change is an object")
    };
    form_fields.extend(change);
    let error = read(&form).unwrap_err();
    assert!(error.contains(said), "{error}");
}

#[test]
fn what_cannot_have_been_recorded_is_refused_and_quoted() {
    let said = "a histogram has 507 buckets, but there is a count for number 507";
    refused(json!({"counts": [[507, 1]]}), said);
    refused(json!({"counts": [[507, 0]]}), said);
    refused(json!({"counts": [[7, 2], [9, 1], [7, 1]]}), "a histogram has two counts for bucket 7");
    refused(json!({"counts": [[7, -2]]}), "invalid value");
    refused(json!({"counts": [[7, 1.8446744073709552e19]]}), "invalid");
    let extremes = |min: &str, max: &str| {
        format!("a histogram of 3 values has {min} as the least and {max} as the greatest")
    };
    refused(json!({"min": 8}), &extremes("Some(8)", "Some(9)"));
    refused(json!({"max": 8}), &extremes("Some(7)", "Some(8)"));
    refused(json!({"min": null}), &extremes("None", "Some(9)"));
    refused(json!({"max": null}), &extremes("Some(7)", "None"));
    refused(json!({"sum": 22}), "a histogram has a sum of 22, but its values add up to 23 or more");
    refused(json!({"above": 1}), "a histogram of 4 values has Some(7) as the least");
    refused(json!({"counts": []}), "a histogram of 0 values has Some(7) as the least");
    let nothing = json!({"counts": [], "min": null, "max": null});
    refused(nothing, "a histogram has a sum of 23, but its values add up to 0 or more");
    refused(json!({"buckets": {"digits": 2, "lowest": 0, "highest": 9}}), "0..=9");
    let whole = json!({
        "buckets": {"digits": 2, "lowest": 1, "highest": u64::MAX}, "above": 1, "max": u64::MAX,
    });
    refused(whole, "a histogram has 1 values above 18446744073709551615, which is the greatest");
}

#[test]
fn a_new_histogram_goes_on_from_one_that_was_read() {
    let histogram = Histogram::default();
    histogram.record(7);
    let text = serde_json::to_string(&histogram.snapshot()).unwrap();
    histogram.record(9);
    let since = histogram.snapshot().since(&serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(since, HistogramSnapshot::of(histogram.buckets(), [9]));
}
