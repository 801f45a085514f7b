//! The key of a series: its name and its labels, compared in full.

mod shape;
mod values;

pub(crate) use shape::Shape;

use super::names::{is_plain, written};
use crate::text::{self, OneLine};
use serde::{Deserialize, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use values::{Values, first};

/// The name and the labels of a series. A clone shares its texts.
///
/// Two keys are equal if their names and all their labels are; the order in which labels were given
/// does not matter, and keys sort by name, then by labels.
// A registry holds very many of them: what they have in common is there once, and short values lie in the key.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "Given")]
pub struct Key {
    shape: Arc<Shape>,
    values: Values,
}

/// A name and labels as somebody gives them.
#[derive(Deserialize)]
struct Given {
    name: Box<str>,
    #[serde(default)]
    labels: Vec<(Box<str>, Box<str>)>,
}

impl TryFrom<Given> for Key {
    type Error = KeyError;

    fn try_from(Given { name, labels }: Given) -> Result<Key, KeyError> {
        let labels: Vec<_> = labels.iter().map(|(label, value)| (&**label, &**value)).collect();
        Key::new(&name, &labels)
    }
}

/// Why a name and labels are not the key of a series.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The name is empty.
    #[error("a metric was asked for by an empty name")]
    EmptyName,
    /// The name can't be one: it is too long, or has control characters.
    #[error("a metric can't be called `{metric}`: {why}")]
    Name {
        /// The metric's name.
        metric: String,
        /// What is wrong with it.
        why: NameFlaw,
    },
    /// The name of a label is empty.
    #[error("metric `{metric}` was given a label with an empty name")]
    EmptyLabel {
        /// The metric's name.
        metric: String,
    },
    /// The name of a label can't be one: it is too long, or has control characters.
    #[error("metric `{metric}` can't have a label called `{label}`: {why}")]
    Label {
        /// The metric's name.
        metric: String,
        /// The label's name.
        label: String,
        /// What is wrong with it.
        why: NameFlaw,
    },
    /// A label's value is longer than 1,024 bytes.
    #[error(
        "metric `{metric}` was given label `{label}` with a value of {bytes} bytes: at most {VALUE_BYTES_LIMIT} can be kept"
    )]
    Value {
        /// The metric's name.
        metric: String,
        /// The label's name.
        label: String,
        /// How long the value is.
        bytes: usize,
    },
    /// There are more than 32 labels.
    #[error("metric `{metric}` was given {labels} labels: at most {LABELS_LIMIT} can be kept")]
    TooManyLabels {
        /// The metric's name.
        metric: String,
        /// How many labels were given.
        labels: usize,
    },
    /// The same label was given twice.
    #[error("metric `{metric}` was given label `{label}` twice")]
    DuplicateLabel {
        /// The metric's name.
        metric: String,
        /// The label's name.
        label: String,
    },
    /// Two labels have names that exporters write alike, such as `a.b` and `a_b`.
    #[error(
        "metric `{metric}` was given labels `{label}` and `{other}`, which exporters would write alike"
    )]
    LabelsAlike {
        /// The metric's name.
        metric: String,
        /// The one label's name.
        label: String,
        /// The other label's name.
        other: String,
    },
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameFlaw {
    /// It is longer than 200 bytes.
    #[error("it is longer than {NAME_BYTES_LIMIT} bytes")]
    TooLong,
    /// It has control characters, such as a line break.
    #[error("it has control characters")]
    ControlCharacters,
}

/// The longest name of a metric or a label, in bytes.
pub(crate) const NAME_BYTES_LIMIT: usize = 200;
/// The longest value of a label, in bytes.
pub(super) const VALUE_BYTES_LIMIT: usize = 1024;
/// The most labels of a series.
const LABELS_LIMIT: usize = 32;

impl Key {
    /// The key of `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// Whatever [`KeyError`] tells: names that are empty, too long or have control characters, values
    /// that are too long, too many labels, and labels that are given twice or would be written alike.
    pub fn new(name: &str, labels: &[(&str, &str)]) -> Result<Key, KeyError> {
        let mut labels = labels.to_vec();
        labels.sort_unstable();
        check(name, &labels)?;
        let shape = Shape::new(name, labels.iter().map(|(label, _)| *label));
        Ok(Key::of(Arc::new(shape), labels.iter().map(|(_, value)| *value)))
    }

    /// Of names and values that have been checked.
    pub(super) fn of<'a>(shape: Arc<Shape>, values: impl Iterator<Item = &'a str> + Clone) -> Key {
        Key { shape, values: Values::new(values) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.shape.name()
    }

    /// The labels' names and values, sorted by name.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        let mut rest = self.values.bytes();
        (0..self.shape.labels()).map(move |at| {
            let value;
            (value, rest) = first(rest);
            // Cannot fail: it was a text when it was put there.
            (self.shape.label(at), str::from_utf8(value).expect("a value is a text"))
        })
    }

    /// Its name and the names of its labels.
    #[inline]
    pub(crate) fn shape(&self) -> &Arc<Shape> {
        &self.shape
    }

    /// Whether these are the values of its labels, of which it has as many.
    #[inline]
    pub(super) fn has_values<'a>(&self, values: impl Iterator<Item = &'a str>) -> bool {
        self.values.are(values)
    }
}

/// By name, then by labels.
impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        // As a rule those that are compared are of one name.
        if Arc::ptr_eq(&self.shape, &other.shape) {
            return self.values.cmp(&other.values, self.shape.labels());
        }
        let by_name = self.name().cmp(other.name());
        by_name.then_with(|| self.labels().cmp(other.labels()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// That a key can have this name and these labels, which are sorted.
pub(super) fn check(name: &str, labels: &[(&str, &str)]) -> Result<(), KeyError> {
    let metric = || quoted(name);
    if name.is_empty() {
        return Err(KeyError::EmptyName);
    }
    check_name(name).map_err(|why| KeyError::Name { metric: metric(), why })?;
    if labels.len() > LABELS_LIMIT {
        return Err(KeyError::TooManyLabels { metric: metric(), labels: labels.len() });
    }
    labels.iter().try_for_each(|(label, value)| check_label(name, label, value))?;
    check_apart(name, labels)
}

/// That no two labels are, or would be written as, the same.
fn check_apart(name: &str, labels: &[(&str, &str)]) -> Result<(), KeyError> {
    let metric = || quoted(name);
    if let Some(twice) = labels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(KeyError::DuplicateLabel { metric: metric(), label: quoted(twice[0].0) });
    }
    match labels_alike(labels) {
        Some([label, other]) => Err(KeyError::LabelsAlike {
            metric: metric(),
            label: quoted(label),
            other: quoted(other),
        }),
        None => Ok(()),
    }
}

fn labels_alike<'a>(labels: &[(&'a str, &str)]) -> Option<[&'a str; 2]> {
    // Usually each is written as it is, and there is nothing to compare.
    if labels.iter().all(|(label, _)| is_plain(label)) {
        return None;
    }
    let mut labels: Vec<_> = labels.iter().map(|(label, _)| (written(label), *label)).collect();
    labels.sort_unstable();
    labels.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| [pair[0].1, pair[1].1])
}

fn check_name(name: &str) -> Result<(), NameFlaw> {
    if name.len() > NAME_BYTES_LIMIT {
        Err(NameFlaw::TooLong)
    } else if name.contains(char::is_control) {
        Err(NameFlaw::ControlCharacters)
    } else {
        Ok(())
    }
}

fn check_label(metric: &str, label: &str, value: &str) -> Result<(), KeyError> {
    let metric = || quoted(metric);
    if label.is_empty() {
        return Err(KeyError::EmptyLabel { metric: metric() });
    }
    check_name(label).map_err(|why| KeyError::Label {
        metric: metric(),
        label: quoted(label),
        why,
    })?;
    match value.len() {
        bytes if bytes > VALUE_BYTES_LIMIT => {
            Err(KeyError::Value { metric: metric(), label: quoted(label), bytes })
        }
        _ => Ok(()),
    }
}

/// A name as an error quotes it.
pub(crate) fn quoted(name: &str) -> String {
    text::clipped(&OneLine(name))
}

/// `rows{table="flights"}`, with what is special in values escaped.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OneLine(self.name()).fmt(f)?;
        for (i, (label, value)) in self.labels().enumerate() {
            let before = if i == 0 { "{" } else { "," };
            write!(f, "{before}{}={value:?}", OneLine(label))?;
        }
        f.write_str(if self.shape.labels() == 0 { "" } else { "}" })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<_> = self.labels().collect();
        f.debug_struct("Key").field("name", &self.name()).field("labels", &labels).finish()
    }
}

/// A key as it is written: without labels if it has none.
#[derive(Serialize)]
struct Written<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<(&'a str, &'a str)>,
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written { name: self.name(), labels: self.labels().collect() }.serialize(to)
    }
}
