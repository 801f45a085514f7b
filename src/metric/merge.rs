//! How the levels of disjoint parts become one level.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// What the level of several processes is, given the level of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GaugeMerge {
    /// Their sum: of queue lengths, of bytes in use.
    Sum,
    /// The lowest.
    Min,
    /// The highest.
    Max,
    /// The one that was read last, by wall time; of two read in the same millisecond that of the
    /// registry with the higher number.
    #[default]
    Latest,
}

/// As it is written in JSON: `sum`, `min`, `max`, `latest`.
impl fmt::Display for GaugeMerge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            GaugeMerge::Sum => "sum",
            GaugeMerge::Min => "min",
            GaugeMerge::Max => "max",
            GaugeMerge::Latest => "latest",
        })
    }
}

/// The sum of two levels. Of finite ones it is finite: it saturates. All NaNs give the same one, so
/// that the order of the two makes no difference to any bit.
pub(crate) fn sum(one: f64, other: f64) -> f64 {
    let sum = one + other;
    if sum.is_nan() {
        f64::NAN
    } else if one.is_finite() && other.is_finite() {
        sum.clamp(f64::MIN, f64::MAX)
    } else {
        sum
    }
}

/// The lower of two levels, and a number rather than NaN.
pub(crate) fn min(one: f64, other: f64) -> f64 {
    choose(one, other, Ordering::Less)
}

/// The higher of two levels, and a number rather than NaN.
pub(crate) fn max(one: f64, other: f64) -> f64 {
    choose(one, other, Ordering::Greater)
}

/// The order is total, also among zeros and NaNs: whatever is chosen, it is bit for bit the same
/// however the parts are grouped.
fn choose(one: f64, other: f64, wanted: Ordering) -> f64 {
    match (one.is_nan(), other.is_nan()) {
        (false, true) => one,
        (true, false) => other,
        _ if one.total_cmp(&other) == wanted => one,
        _ => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any of all the bits that there are.
    fn level() -> impl Strategy<Value = f64> {
        let rare = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, f64::MAX];
        let rare = proptest::sample::select(rare.to_vec());
        prop_oneof![rare, any::<u64>().prop_map(f64::from_bits)]
    }

    proptest! {
        #[test]
        fn the_order_of_two_levels_makes_no_difference_to_any_bit(one in level(), other in level()) {
            for merge in [sum, min, max] {
                prop_assert_eq!(merge(one, other).to_bits(), merge(other, one).to_bits());
            }
        }

        #[test]
        fn the_grouping_of_three_levels_makes_none_to_the_lowest_and_the_highest(
            one in level(),
            two in level(),
            three in level(),
        ) {
            for choose in [min, max] {
                let left = choose(choose(one, two), three);
                prop_assert_eq!(left.to_bits(), choose(one, choose(two, three)).to_bits());
            }
        }

        #[test]
        fn what_is_chosen_is_one_of_the_two_and_a_number_if_one_is(one in level(), other in level()) {
            for choose in [min, max] {
                let chosen = choose(one, other);
                prop_assert!([one, other].map(f64::to_bits).contains(&chosen.to_bits()));
                prop_assert_eq!(chosen.is_nan(), one.is_nan() && other.is_nan());
            }
            prop_assert!(!(min(one, other) > one || min(one, other) > other));
            prop_assert!(!(max(one, other) < one || max(one, other) < other));
        }

        #[test]
        fn the_sum_of_numbers_is_one(one in level(), other in level()) {
            prop_assume!(one.is_finite() && other.is_finite());
            let sum = sum(one, other);
            prop_assert!(sum.is_finite());
            let plain = one + other;
            prop_assert!(plain == sum || (plain.is_infinite() && sum.abs() == f64::MAX));
        }
    }
}
