//! Bucket for bucket the same as `hdrhistogram`.

use super::{bounds, edge, quantiles, recorded, within};
use flowmeter::Buckets;
use hdrhistogram::Histogram as Hdr;
use proptest::prelude::*;

fn hdr(buckets: Buckets, values: &[u64]) -> Hdr<u64> {
    let (lowest, highest) = (buckets.lowest(), buckets.highest());
    let mut hdr = Hdr::new_with_bounds(lowest, highest, buckets.digits()).unwrap();
    values.iter().for_each(|&value| hdr.record(value).unwrap());
    hdr
}

/// The greatest value of a bucket, by what `hdr` says of it: where that should be the greatest of all
/// numbers it is one less.
fn last_of(buckets: Buckets, hdr_says: u64) -> u64 {
    let last = if hdr_says == u64::MAX - 1 { u64::MAX } else { hdr_says };
    last.min(buckets.highest())
}

proptest! {
    #[test]
    fn there_are_buckets_exactly_where_hdr_has_some(
        (digits, lowest, highest) in bounds(),
        zero in 0..10_u8,
        more_digits in prop_oneof![3 => Just(0), 1 => 0..200_u8],
    ) {
        let (digits, lowest) = (digits + more_digits, if zero == 0 { 0 } else { lowest });
        // Far fewer octaves where it would allocate for each of them.
        let most = if digits > 3 { lowest.saturating_mul(1 << 20) } else { u64::MAX };
        let highest = highest.min(most);
        let hdr = Hdr::<u64>::new_with_bounds(lowest, highest, digits);
        prop_assert_eq!(Buckets::new(digits, lowest..=highest).is_ok(), hdr.is_ok());
    }

    #[test]
    fn each_value_lies_in_the_bucket_where_hdr_has_it((buckets, values) in within()) {
        let hdr = hdr(buckets, &[]);
        for value in values {
            let index = buckets.index(value).unwrap();
            let bucket = buckets.values(index).unwrap();
            prop_assert_eq!(*bucket.start(), hdr.lowest_equivalent(value));
            prop_assert_eq!(*bucket.end(), last_of(buckets, hdr.highest_equivalent(value)));
            prop_assert!((index as usize) < hdr.distinct_values());
        }
    }

    #[test]
    fn all_buckets_are_those_of_hdr_and_in_its_order(
        digits in 0..=2_u8,
        lowest in prop_oneof![Just(1), edge().prop_map(|n| n.clamp(1, 1 << 40))],
        octaves in 1..12_u32,
    ) {
        let buckets = Buckets::new(digits, lowest..=lowest << octaves).unwrap();
        let hdr = hdr(buckets, &[]);
        for (index, its) in (0..buckets.count()).zip(hdr.iter_all()) {
            let greatest = last_of(buckets, its.value_iterated_to());
            prop_assert_eq!(buckets.values(index).map(|values| *values.end()), Some(greatest));
        }
    }

    #[test]
    fn the_same_values_make_the_same_counts((buckets, values) in within()) {
        let (ours, hdr) = (recorded(buckets, &values), hdr(buckets, &values));
        let its = hdr.iter_recorded().map(|its| {
            let (value, count) = (its.value_iterated_to(), its.count_at_value());
            (hdr.lowest_equivalent(value)..=last_of(buckets, value), count)
        });
        prop_assert_eq!(ours.iter().collect::<Vec<_>>(), its.collect::<Vec<_>>());
        prop_assert_eq!((ours.count(), ours.above()), (hdr.len(), 0));
    }

    #[test]
    fn each_quantile_is_that_of_hdr_but_never_beyond_the_values((buckets, values) in within()) {
        let (ours, hdr) = (recorded(buckets, &values), hdr(buckets, &values));
        for q in quantiles() {
            let expected = ours.min().zip(ours.max()).map(|(min, max)| {
                last_of(buckets, hdr.value_at_quantile(q)).clamp(min, max)
            });
            prop_assert_eq!(ours.quantile(q), expected, "{}", q);
        }
    }

    #[test]
    fn what_is_handed_on_equals_what_hdr_recorded_itself((buckets, values) in within()) {
        let (ours, its) = (recorded(buckets, &values).to_hdr(), hdr(buckets, &values));
        // Of zeros and `u64::MAX` alone it says that the least but 0 is `u64::MAX`, else the least of
        // that bucket; whether there was another value in the bucket is not known to us.
        let last = its.lowest_equivalent(u64::MAX);
        if its.min() == 0 && its.min_nz() == last && values.contains(&u64::MAX) {
            return Ok(());
        }
        prop_assert!(ours == its, "{:?} of {:?}", values, buckets);
        prop_assert_eq!((ours.low(), ours.high()), (its.low(), its.high()));
        prop_assert_eq!((ours.sigfig(), ours.len()), (its.sigfig(), its.len()));
    }
}

#[test]
fn also_the_buckets_that_hdr_takes_for_those_of_the_next_power_of_two_are_the_same() {
    for bits in 40..55 {
        for lowest in [(1 << bits) - 1, 1 << bits, (1 << bits) + 1] {
            let buckets = Buckets::new(1, lowest..=u64::MAX).unwrap();
            let hdr = hdr(buckets, &[]);
            let width = buckets.values(0).map(|values| values.end() + 1);
            assert_eq!(width, Some(hdr.equivalent_range(0)), "{lowest}");
        }
    }
}
