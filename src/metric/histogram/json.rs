//! How a distribution is written, and what is asked of one that is read.

use super::buckets::Buckets;
use super::counts::Counts;
use super::snapshot::HistogramSnapshot;
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};

#[derive(serde::Serialize, serde::Deserialize)]
struct Form {
    buckets: Buckets,
    /// Indices and counts.
    counts: Vec<(u32, u64)>,
    #[serde(default, skip_serializing_if = "is_zero")]
    above: u64,
    sum: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<u64>,
}

// serde asks for the reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Why what was read is no distribution.
#[derive(Debug, thiserror::Error)]
enum Impossible {
    #[error("a histogram has {has} buckets, but there is a count for number {index}")]
    NoSuchBucket { index: u32, has: u32 },
    #[error("a histogram has two counts for bucket {index}")]
    TwoCounts { index: u32 },
    #[error("a histogram has {above} values above {highest}, which is the greatest there is")]
    NothingAbove { above: u64, highest: u64 },
    #[error("a histogram of {count} values has {min:?} as the least and {max:?} as the greatest")]
    Extremes { count: u64, min: Option<u64>, max: Option<u64> },
    #[error("a histogram has a sum of {sum}, but its values add up to {least} or more")]
    Sum { sum: u64, least: u64 },
}

impl Serialize for HistogramSnapshot {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let HistogramSnapshot { buckets, counts, above, sum, min: _, max: _ } = self;
        let (buckets, above, sum) = (*buckets, *above, *sum);
        let counts = counts.iter().collect();
        Form { buckets, counts, above, sum, min: self.min(), max: self.max() }.serialize(to)
    }
}

impl<'de> Deserialize<'de> for HistogramSnapshot {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<HistogramSnapshot, D::Error> {
        let form = Form::deserialize(from)?;
        read(form).map_err(D::Error::custom)
    }
}

/// Counts may be in any order, and there may be some of 0.
fn read(
    Form { buckets, mut counts, above, sum, min, max }: Form,
) -> Result<HistogramSnapshot, Impossible> {
    counts.sort_unstable();
    check_indices(buckets, &counts)?;
    let counts = Counts::of(counts);
    let highest = buckets.highest();
    if above > 0 && highest == u64::MAX {
        return Err(Impossible::NothingAbove { above, highest });
    }
    let empty = HistogramSnapshot::empty(buckets);
    let all = HistogramSnapshot {
        counts,
        above,
        sum,
        min: min.unwrap_or(empty.min),
        max: max.unwrap_or(empty.max),
        ..empty
    };
    let are_told = [min, max] == [all.min(), all.max()];
    if !are_told || !all.is_empty() && !extremes_fit(&all) {
        return Err(Impossible::Extremes { count: all.count(), min, max });
    }
    check_sum(&all)?;
    Ok(all)
}

fn check_indices(buckets: Buckets, counts: &[(u32, u64)]) -> Result<(), Impossible> {
    let has = buckets.count();
    if let Some(&(index, _)) = counts.last().filter(|&&(index, _)| index >= has) {
        return Err(Impossible::NoSuchBucket { index, has });
    }
    match counts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(Impossible::TwoCounts { index: pair[0].0 }),
        None => Ok(()),
    }
}

/// Whether each part, cut at both ends, has a value left: then the least is not greater than what was
/// counted, nor the greatest less.
fn extremes_fit(all: &HistogramSnapshot) -> bool {
    all.min <= all.max && all.parts().all(|((least, greatest), _)| least <= greatest)
}

/// The sum of what others wrote may be ahead of the counts, but never behind.
fn check_sum(all: &HistogramSnapshot) -> Result<(), Impossible> {
    let (least, _) = all.sum_bounds();
    let is_possible = if all.is_empty() { all.sum == 0 } else { all.sum >= least };
    is_possible.then_some(()).ok_or(Impossible::Sum { sum: all.sum, least })
}
