//! The version of a text, read before anything that follows it.

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// The number under `version` in a JSON object; what stands behind it is not looked at.
pub(super) fn read(text: &str) -> Result<u64, serde_json::Error> {
    let mut found = None;
    let end = serde_json::Deserializer::from_str(text).deserialize_map(Finder(&mut found));
    match (found, end) {
        (Some(version), _) => Ok(version),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(Error::missing_field("version")),
    }
}

/// Looks for the version, and puts it where it can be found.
struct Finder<'a>(&'a mut Option<u64>);

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a version")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "version" {
                *self.0 = Some(map.next_value()?);
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
