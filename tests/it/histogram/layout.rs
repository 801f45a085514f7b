//! Which buckets can be had, and which can't.

use super::buckets;
use flowmeter::{Buckets, Histogram};
use proptest::prelude::*;

#[test]
fn the_default_is_two_digits_of_every_number() {
    let buckets = Buckets::default();
    assert_eq!(Buckets::new(2, 1..=u64::MAX), Ok(buckets));
    assert_eq!((buckets.digits(), buckets.lowest(), buckets.highest()), (2, 1, u64::MAX));
    assert_eq!(buckets.count(), 7424);
    assert_eq!(Histogram::default().buckets(), buckets);
}

#[test]
fn buckets_that_there_cannot_be_are_refused_and_quoted() {
    let said = |digits, range| Buckets::new(digits, range).unwrap_err().to_string();
    assert_eq!(said(6, 1..=100), "buckets were asked to keep 6 digits, and 5 are the most");
    assert_eq!(
        said(2, 0..=100),
        "buckets were asked for over 0..=100, but the lowest value to tell apart is 1"
    );
    assert_eq!(
        said(2, 51..=101),
        "buckets were asked for over 51..=101, but the highest must be twice the lowest"
    );
    assert_eq!(
        said(2, u64::MAX..=u64::MAX),
        "buckets were asked for over 18446744073709551615..=18446744073709551615, \
         but the highest must be twice the lowest"
    );
    assert_eq!(
        said(5, 1 << 46..=u64::MAX),
        "buckets were asked to keep 5 digits from 70368744177664 on, more than 64 bits have"
    );
}

#[test]
fn all_begins_with_buckets_as_wide_as_the_greatest_power_of_two_up_to_the_lowest() {
    let first = |lowest| Buckets::new(1, lowest..=u64::MAX).unwrap().values(0).unwrap();
    for (lowest, last) in
        [(1, 0), (2, 1), (3, 1), (4, 3), (1_000, 511), ((1 << 47) - 1, (1 << 46) - 1)]
    {
        assert_eq!(first(lowest), 0..=last, "{lowest}");
    }
    // Just below a power of two counts as that one: HdrHistogram computes it in floats.
    assert_eq!(first((1 << 50) - 1), 0..=(1 << 50) - 1);
}

proptest! {
    #[test]
    fn each_value_of_the_range_is_in_one_bucket_and_these_lie_without_a_gap(
        buckets in buckets(),
        at in any::<prop::sample::Index>(),
    ) {
        let index = at.index(buckets.count() as usize) as u32;
        let values = buckets.values(index).unwrap();
        prop_assert_eq!(buckets.index(*values.start()), Some(index));
        prop_assert_eq!(buckets.index(*values.end()), Some(index));
        match buckets.values(index + 1) {
            Some(next) => prop_assert_eq!(*next.start(), values.end() + 1),
            None => prop_assert_eq!(*values.end(), buckets.highest()),
        }
        prop_assert_eq!(buckets.values(0).map(|values| *values.start()), Some(0));
        prop_assert_eq!(buckets.values(buckets.count()), None);
    }

    #[test]
    fn a_layout_is_written_as_it_was_asked_for_and_read_back(buckets in buckets()) {
        let text = serde_json::to_string(&buckets).unwrap();
        let (digits, lowest, highest) = (buckets.digits(), buckets.lowest(), buckets.highest());
        let form = format!(r#"{{"digits":{digits},"lowest":{lowest},"highest":{highest}}}"#);
        prop_assert_eq!(&text, &form);
        prop_assert_eq!(serde_json::from_str::<Buckets>(&text).unwrap(), buckets);
    }
}

#[test]
fn a_layout_that_there_cannot_be_is_not_read() {
    let read = serde_json::from_str::<Buckets>(r#"{"digits":9,"lowest":1,"highest":10}"#);
    let said = read.unwrap_err().to_string();
    assert!(said.contains("buckets were asked to keep 9 digits, and 5 are the most"), "{said}");
}
