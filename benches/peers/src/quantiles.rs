//! What is read of a histogram: three of its quantiles.

use crate::values::SPREAD;

/// The median, and what nine and ninety-nine of a hundred do not exceed.
pub(crate) const READ: [f64; 3] = [0.5, 0.9, 0.99];

/// The three of each histogram.
pub(crate) type Quantiles = Vec<[u64; 3]>;

/// Fails unless each is what [`SPREAD`] has, within this part of it.
pub(crate) fn check(all: &Quantiles, histograms: usize, within: f64) {
    let mut sorted = SPREAD.clone();
    sorted.sort_unstable();
    let right = READ.map(|q| sorted[(q * sorted.len() as f64) as usize] as f64);
    let is_near = |(&read, right): (&u64, f64)| (read as f64 / right - 1.0).abs() < within;
    assert_eq!(all.len(), histograms);
    assert!(all.iter().all(|three| three.iter().zip(right).all(is_near)), "{:?} {right:?}", all[0]);
}
