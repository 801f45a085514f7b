//! `Number`: the value of a point, exact if it is whole, and always finite.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// Up to here a whole number is written in full wherever it came from; a float of this size or more has
/// an exponent.
const WHOLE_BELOW: f64 = 1e16;

/// The value of a point: any `u64`, exactly, or any finite `f64`, to the bit.
///
/// It is written in the fewest digits that read back to the same value. A float that is whole is written
/// as a whole number, `3` and not `3.0`, below 10^16; from there on, and below 10^-5, floats have an
/// exponent: `1e+16`, `1e-6`. Negative zero is `-0.0`, since many read `-0` as 0. A `u64` is written in full,
/// whatever its size.
///
/// Two are equal if they are written alike: so 3 and 3.0 are equal, 0.0 and -0.0 are not.
///
/// ```
/// use flowmeter::Number;
///
/// assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
/// assert_eq!(Number::of(3.0), Some(Number::from(3_u64)));
/// assert_eq!(Number::of(0.1).map(|number| number.to_string()), Some("0.1".to_owned()));
/// assert_eq!(Number::of(f64::NAN), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Form);

/// What is written alike has one form: a float that is whole, not negative and below [`WHOLE_BELOW`] is `Whole`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Whole(u64),
    /// Finite. Never 0.0, so that comparing it by value compares it by its bits.
    Float(f64),
}

/// None of its floats is a NaN.
impl Eq for Number {}

impl Number {
    /// The number `value`; `None` if it is not finite, for then no point can carry it.
    pub fn of(value: f64) -> Option<Number> {
        let whole = value as u64;
        let is_whole = whole as f64 == value && value < WHOLE_BELOW && value.is_sign_positive();
        let form = if is_whole { Form::Whole(whole) } else { Form::Float(value) };
        value.is_finite().then_some(Number(form))
    }

    /// The number as a float: the nearest one, where it is a whole number above 2^53.
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Form::Whole(whole) => whole as f64,
            Form::Float(value) => value,
        }
    }

    /// The number as a whole one, exactly; `None` if it is negative, has a fraction, or is written with an
    /// exponent.
    pub fn as_u64(self) -> Option<u64> {
        match self.0 {
            Form::Whole(whole) => Some(whole),
            Form::Float(_) => None,
        }
    }

    /// Appends the number as it is written.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        self.with_text(|text| out.extend_from_slice(text.as_bytes()));
    }

    fn with_text<T>(self, take: impl FnOnce(&str) -> T) -> T {
        match self.0 {
            Form::Whole(whole) => take(itoa::Buffer::new().format(whole)),
            Form::Float(value) => take(short(zmij::Buffer::new().format_finite(value))),
        }
    }
}

/// The text of a float, without the fraction if it is whole.
fn short(text: &str) -> &str {
    match text.strip_suffix(".0") {
        Some("-0") | None => text,
        Some(whole) => whole,
    }
}

impl From<u64> for Number {
    fn from(whole: u64) -> Number {
        Number(Form::Whole(whole))
    }
}

/// Exact from -2^53 on; a lower one becomes the nearest float.
impl From<i64> for Number {
    fn from(whole: i64) -> Number {
        Number(u64::try_from(whole).map_or(Form::Float(whole as f64), Form::Whole))
    }
}

/// As it is written in a line.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

/// As a whole number where it is written as one.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Form::Whole(whole) => to.serialize_u64(whole),
            Form::Float(value) if is_negative_whole(value) => to.serialize_i64(value as i64),
            Form::Float(value) => to.serialize_f64(value),
        }
    }
}

fn is_negative_whole(value: f64) -> bool {
    value < 0.0 && value > -WHOLE_BELOW && value as i64 as f64 == value
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Number, D::Error> {
        from.deserialize_any(Numbers)
    }
}

/// Takes every number that is finite.
struct Numbers;

impl Visitor<'_> for Numbers {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a finite number")
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<Number, E> {
        Ok(Number::from(whole))
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<Number, E> {
        Ok(Number::from(whole))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
        Number::of(value).ok_or_else(|| E::invalid_value(de::Unexpected::Float(value), &self))
    }
}
