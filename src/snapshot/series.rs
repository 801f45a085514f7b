//! A series as it was at one moment, and the JSON form of values that JSON has no numbers for.

use crate::metric::Key;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// A value of a series, with its kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// The total of a counter.
    Counter(u64),
    /// The level of a gauge. In JSON, what is not finite is a text that holds its bits.
    Gauge(#[serde(with = "any_float")] f64),
}

/// Levels are compared bit for bit, so that what was written and read back is equal.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Counter(one), Value::Counter(other)) => one == other,
            (Value::Gauge(one), Value::Gauge(other)) => one.to_bits() == other.to_bits(),
            (Value::Counter(_) | Value::Gauge(_), _) => false,
        }
    }
}

impl Eq for Value {}

/// One series in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SeriesSnapshot {
    /// Its name and labels.
    pub key: Arc<Key>,
    /// Its value.
    pub value: Value,
}

impl SeriesSnapshot {
    /// The series `key` with `value`.
    pub fn new(key: Arc<Key>, value: Value) -> SeriesSnapshot {
        SeriesSnapshot { key, value }
    }
}

/// A float as a JSON number, or, where it is not finite, as a text with its bits: `f64:7ff0…`.
mod any_float {
    use super::*;

    const PREFIX: &str = "f64:";

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Number(f64),
        Bits(String),
    }

    // serde asks for the reference.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        let form = match value.is_finite() {
            true => Form::Number(*value),
            false => Form::Bits(format!("{PREFIX}{:016x}", value.to_bits())),
        };
        form.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        match Form::deserialize(from)? {
            Form::Number(value) => Ok(value),
            Form::Bits(text) => read(&text).ok_or_else(|| {
                serde::de::Error::custom(format_args!("`{text}` is not the bits of a float"))
            }),
        }
    }

    fn read(text: &str) -> Option<f64> {
        let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == 16)?;
        let bits = u64::from_str_radix(digits, 16).ok()?;
        Some(f64::from_bits(bits))
    }
}
