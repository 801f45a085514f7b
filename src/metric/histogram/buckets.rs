//! The layout of a histogram: which values fall into one bucket.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU64;
use std::ops::RangeInclusive;

/// How a histogram divides its range of values: the layout of [HdrHistogram], bucket for bucket.
///
/// The *resolution* is the greatest power of two that is not above `lowest`: 1 for 1, 512 for 1,000. All
/// begins at 0 with buckets of that width. Further up, each octave (the values from one power of two to
/// the next) has as many buckets as the one before. So the values of a bucket differ by less than the
/// resolution or, from the resolution times 10<sup>digits</sup> on, by less than one part in
/// 10<sup>digits</sup>. What is greater than `highest` is in no bucket.
///
/// As in HdrHistogram, from 2<sup>48</sup> on a `lowest` just below a power of two counts as that power.
///
/// The default keeps two digits (1 %) of every `u64`, in 7,424 buckets.
///
/// ```
/// # use flowmeter::Buckets;
/// // Times up to a minute, in nanoseconds: to 512 ns or, from 512 µs on, to a thousandth.
/// let times = Buckets::new(3, 1_000..=60_000_000_000)?;
/// let beside = |time| times.index(time).and_then(|index| times.values(index));
/// assert_eq!(beside(1_000), Some(512..=1_023));
/// assert_eq!(beside(512_000), Some(512_000..=512_511));
/// assert_eq!(beside(60_000_000_001), None);
/// # Ok::<(), flowmeter::BucketsError>(())
/// ```
///
/// [HdrHistogram]: https://docs.rs/hdrhistogram
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Given", into = "Given")]
pub struct Buckets {
    digits: u8,
    lowest: u64,
    highest: u64,
    /// Values that differ only in so many of their last bits are never told apart.
    unit_bits: u8,
    /// An octave has two to the power of this many buckets.
    octave_bits: u8,
    /// All bits that a value of the first two octaves may have.
    undoubled: NonZeroU64,
}

/// A layout as somebody gives it.
#[derive(Serialize, Deserialize)]
struct Given {
    digits: u8,
    lowest: u64,
    highest: u64,
}

/// Why no buckets can be laid out as was asked. The limits are those of HdrHistogram.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BucketsError {
    /// More than five digits.
    #[error("buckets were asked to keep {digits} digits, and 5 are the most")]
    TooManyDigits {
        /// What was asked for.
        digits: u8,
    },
    /// A lowest value of zero.
    #[error("buckets were asked for over 0..={highest}, but the lowest value to tell apart is 1")]
    LowestIsZero {
        /// The greatest value that was asked for.
        highest: u64,
    },
    /// A highest value that is not at least twice the lowest.
    #[error(
        "buckets were asked for over {lowest}..={highest}, but the highest must be twice the lowest"
    )]
    TooNarrow {
        /// The lowest value that was asked for.
        lowest: u64,
        /// The highest value that was asked for.
        highest: u64,
    },
    /// A lowest value beyond which a `u64` has no room for so many digits.
    #[error("buckets were asked to keep {digits} digits from {lowest} on, more than 64 bits have")]
    TooFine {
        /// The digits that were asked for.
        digits: u8,
        /// The lowest value that was asked for.
        lowest: u64,
    },
}

impl TryFrom<Given> for Buckets {
    type Error = BucketsError;

    fn try_from(given: Given) -> Result<Buckets, BucketsError> {
        Buckets::new(given.digits, given.lowest..=given.highest)
    }
}

impl From<Buckets> for Given {
    fn from(Buckets { digits, lowest, highest, .. }: Buckets) -> Given {
        Given { digits, lowest, highest }
    }
}

impl Default for Buckets {
    fn default() -> Buckets {
        Buckets {
            digits: 2,
            lowest: 1,
            highest: u64::MAX,
            unit_bits: 0,
            octave_bits: 7,
            undoubled: undoubled(0, 7),
        }
    }
}

/// `2 digits over 1..=1000`.
impl fmt::Display for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} digits over {}..={}", self.digits, self.lowest, self.highest)
    }
}

/// As it is made, and what it was made of.
impl Buckets {
    /// Buckets that keep `digits` significant decimal digits (0 to 5) of values up to the end of `range`,
    /// with a resolution by its beginning.
    ///
    /// # Errors
    ///
    /// More than five digits, a range that begins at 0 or does not end at twice its beginning or more,
    /// and a beginning so great that a `u64` has no room for the digits behind it are refused.
    pub fn new(digits: u8, range: RangeInclusive<u64>) -> Result<Buckets, BucketsError> {
        let (lowest, highest) = range.into_inner();
        if digits > 5 {
            return Err(BucketsError::TooManyDigits { digits });
        }
        if lowest == 0 {
            return Err(BucketsError::LowestIsZero { highest });
        }
        if highest / 2 < lowest {
            return Err(BucketsError::TooNarrow { lowest, highest });
        }
        let (unit_bits, octave_bits) = (unit_bits(lowest), octave_bits(digits));
        if unit_bits + octave_bits + 1 > 63 {
            return Err(BucketsError::TooFine { digits, lowest });
        }
        let undoubled = undoubled(unit_bits, octave_bits);
        Ok(Buckets { digits, lowest, highest, unit_bits, octave_bits, undoubled })
    }

    /// The significant decimal digits that it keeps, from the resolution times 10<sup>digits</sup> on.
    pub fn digits(&self) -> u8 {
        self.digits
    }

    /// Where the range begins that it was made of: what it tells apart is the resolution.
    pub fn lowest(&self) -> u64 {
        self.lowest
    }

    /// The greatest value that is in a bucket.
    pub fn highest(&self) -> u64 {
        self.highest
    }
}

/// Where values are.
impl Buckets {
    /// The number of buckets: they are numbered from 0 on, by rising values.
    pub fn count(&self) -> u32 {
        self.position(self.highest) + 1
    }

    /// The bucket that `value` falls into; `None` if it is greater than the highest.
    #[inline]
    pub fn index(&self, value: u64) -> Option<u32> {
        (value <= self.highest).then(|| self.position(value))
    }

    /// The values that fall into the bucket `index`; `None` if there is no such bucket.
    pub fn values(&self, index: u32) -> Option<RangeInclusive<u64>> {
        (index < self.count()).then(|| {
            let (least, greatest) = self.edges(index);
            least..=greatest
        })
    }

    /// How many octaves there are, the values before the first one among them.
    pub(super) fn octaves(&self) -> usize {
        self.octave(self.count() - 1).0 + 1
    }

    /// An octave has two to the power of this many buckets.
    pub(super) fn octave_bits(&self) -> u8 {
        self.octave_bits
    }

    /// The buckets of one octave, which lie next to each other. The values before the first octave have
    /// as many.
    pub(super) fn per_octave(&self) -> u32 {
        1 << self.octave_bits
    }

    /// The octave of the bucket `index`, and its place in it.
    #[inline]
    pub(super) fn octave(&self, index: u32) -> (usize, usize) {
        ((index >> self.octave_bits) as usize, (index & (self.per_octave() - 1)) as usize)
    }

    /// The least and the greatest value of the bucket `index`, which there must be.
    pub(super) fn edges(&self, index: u32) -> (u64, u64) {
        let (octave, place) = self.octave(index);
        let (doublings, units) = match octave {
            0 => (0, place),
            octave => (octave - 1, place + self.per_octave() as usize),
        };
        let bits = doublings + usize::from(self.unit_bits);
        let least = (units as u64) << bits;
        (least, (least + ((1 << bits) - 1)).min(self.highest))
    }

    #[inline]
    pub(super) fn position(&self, value: u64) -> u32 {
        let (dropped, units) = self.units(value);
        let doublings = dropped - u32::from(self.unit_bits);
        // `units` counts from 0 also where the octave begins, and so makes up for the first one.
        (doublings << self.octave_bits) + units
    }

    /// How many of its last bits a bucket drops of `value`, and what is left. Of the first two octaves it is the same
    /// number, that of the unit, and of each further one it is one more.
    #[inline]
    pub(super) fn units(&self, value: u64) -> (u32, u32) {
        // With these bits set whatever lies in the first two octaves drops as many.
        let highest_bit = 63 - (self.undoubled | value).leading_zeros();
        let dropped = highest_bit - u32::from(self.octave_bits);
        (dropped, (value >> dropped) as u32)
    }

    /// The bits of the unit.
    pub(super) fn unit_bits(&self) -> u8 {
        self.unit_bits
    }
}

fn undoubled(unit_bits: u8, octave_bits: u8) -> NonZeroU64 {
    let bits = ((2 << octave_bits) - 1) << unit_bits;
    // Cannot be less: its last bit is that of the unit.
    NonZeroU64::new(bits).unwrap_or(NonZeroU64::MIN)
}

/// The bits of the greatest power of two that is not above `lowest`, as the crate `hdrhistogram`
/// computes it: from 2^48 on it takes what lies just below a power of two for that power. So do we, since
/// what lies in other buckets could not be handed on.
fn unit_bits(lowest: u64) -> u8 {
    (lowest as f64).log2().floor() as u8
}

/// One unit must be told apart up to 2 · 10^digits: that many units, up to a power of two, make up the
/// first two octaves.
fn octave_bits(digits: u8) -> u8 {
    let units = 2 * 10_u32.pow(u32::from(digits));
    (units.next_power_of_two().trailing_zeros() - 1) as u8
}
