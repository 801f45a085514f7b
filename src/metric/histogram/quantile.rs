//! What is derived from a distribution: its quantiles, its mean and its spread.

use super::snapshot::HistogramSnapshot;

impl HistogramSnapshot {
    /// The value of which a part `q` of all values (0 to 1) is at most as great.
    ///
    /// That is the greatest value of the bucket in which the one at rank ⌈`q` · count⌉ lies, as
    /// HdrHistogram gives it, but never above the greatest value recorded. So it is off by less than a
    /// bucket, upwards: at most 1 % with the default [buckets](crate::Buckets). 0 gives the least value,
    /// 1 the greatest, and so does a rank among those [above](HistogramSnapshot::above). A `q` beyond 0
    /// or 1 counts as these.
    ///
    /// The rank is computed in floats, as HdrHistogram does: of 100 values 0.07 gives rank 8, since 0.07
    /// has no float of its own, and the product with 100 comes out above 7.
    ///
    /// `None` if there is no value, or `q` is not a number.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let (least, greatest) = self.quantile_bounds(q)?;
        Some(if q <= 0.0 { least } else { greatest })
    }

    /// Between which two values, both included, the value at that rank is for certain: see
    /// [`quantile`](HistogramSnapshot::quantile).
    pub fn quantile_bounds(&self, q: f64) -> Option<(u64, u64)> {
        let counted = self.counts.at_rank(self.rank(q)?);
        counted.map_or_else(|| self.bounds_above(), |index| Some(self.bounds(index)))
    }

    /// The mean: the sum by the count; `None` if there is no value. It is exact, but in a
    /// [cut](crate::Histogram::snapshot) while others record to the width of the buckets.
    ///
    /// With a [`sum`](HistogramSnapshot::sum) of `u64::MAX`, at which sums stop, it is a lower bound.
    pub fn mean(&self) -> Option<f64> {
        // Where the sum has stopped, or was read: no mean is beyond the values.
        let (min, max) = (self.min()? as f64, self.max()? as f64);
        Some((self.sum as f64 / self.total() as f64).clamp(min, max))
    }

    /// The standard deviation of all values (not of a sample), taking each for the middle of its
    /// bucket; `None` if there is no value.
    ///
    /// It is off by at most half the width of the widest bucket that has a value: with the default
    /// buckets, half a percent of the greatest value. Those [above](HistogramSnapshot::above) are one bucket, which
    /// ends with the greatest value.
    pub fn standard_deviation(&self) -> Option<f64> {
        let total = self.total();
        let mean_of = |f: &dyn Fn(f64) -> f64| {
            let all = self.parts().map(|(bounds, count)| f(middle(bounds)) * count as f64);
            all.sum::<f64>() / total as f64
        };
        (total > 0).then(|| {
            let mean = mean_of(&|value| value);
            mean_of(&|value| (value - mean).powi(2)).sqrt()
        })
    }

    /// The rank of the quantile `q`, from 1 on.
    fn rank(&self, q: f64) -> Option<u128> {
        let total = self.total();
        if total == 0 || q.is_nan() {
            return None;
        }
        let rank = (q * total as f64).ceil() as u128;
        // A float has no room for every great count, but the last rank is known.
        Some(if q >= 1.0 { total } else { rank.clamp(1, total) })
    }
}

fn middle((least, greatest): (u64, u64)) -> f64 {
    least as f64 + (greatest - least) as f64 / 2.0
}
