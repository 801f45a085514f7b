//! `Point`: one measured value, and its line.

use super::error::PointError;
use super::head::{Head, Tail};
use super::number::Number;
use serde::{Deserialize, Serialize};

/// One measured value: what was measured, where, and when.
///
/// Its line is a JSON object with these five fields in this order, as agents in the tradition of
/// Open-Falcon send it:
///
/// ```
/// use flowmeter::{Number, Point};
///
/// let line = r#"{"metric":"cpu.load1","endpoint":"jungle85","tag":["darwin"],"value":1.22,"timestamp":1503240728}"#;
/// let point = Point::from_line(line)?;
/// assert_eq!(point.metric, "cpu.load1");
/// assert_eq!(Some(point.value), Number::of(1.22));
/// assert_eq!(point.to_line(), line);
/// # Ok::<(), flowmeter::PointError>(())
/// ```
///
/// Texts may be empty and have any characters: JSON escapes `"`, `\` and what is below U+0020, so a line
/// never has a line break in it; all else stands as it is. serde_json writes the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The name of what was measured.
    pub metric: String,
    /// Where: the machine's name, as a rule.
    pub endpoint: String,
    /// What tells points of one name apart.
    pub tag: Vec<String>,
    /// The value.
    pub value: Number,
    /// When: seconds since 1970 began, UTC.
    pub timestamp: i64,
}

impl Point {
    /// Reads a line; white space around it and unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// It is no JSON object with these fields, once each and of these types. The error quotes the line.
    pub fn from_line(line: &str) -> Result<Point, PointError> {
        // serde_json would take a list of five values for the fields.
        if !line.trim_start().starts_with('{') {
            return Err(PointError::new(line, "it is no JSON object"));
        }
        serde_json::from_str(line).map_err(|why| PointError::new(line, why))
    }

    /// The line, without a line break at its end.
    pub fn to_line(&self) -> String {
        let mut line = Vec::new();
        let head = Head::new(&self.metric, &self.endpoint, &self.tag);
        head.write("", self.value, &Tail::new(self.timestamp), &mut line);
        line.pop();
        // Cannot fail: it is made of texts and ASCII, and the line break popped was the last byte.
        String::from_utf8(line).expect("a line is UTF-8")
    }
}
