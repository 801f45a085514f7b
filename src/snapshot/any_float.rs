//! A float as a JSON number, or, where it is not finite, as a text with its bits: `f64:7ff0…`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
