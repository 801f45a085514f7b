//! The key of a series: its name and its labels, compared in full.

use crate::text::{self, OneLine};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The name and the labels of a series.
///
/// Two keys are equal if their names and all their labels are; the order in which labels were given
/// does not matter, and keys sort by name, then by labels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Given")]
pub struct Key {
    name: Box<str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    labels: Box<[(Box<str>, Box<str>)]>,
}

/// A name and labels as somebody gives them.
#[derive(Deserialize)]
struct Given {
    name: Box<str>,
    #[serde(default)]
    labels: Box<[(Box<str>, Box<str>)]>,
}

impl TryFrom<Given> for Key {
    type Error = KeyError;

    fn try_from(Given { name, mut labels }: Given) -> Result<Key, KeyError> {
        labels.sort();
        let key = Key { name, labels };
        key.check()?;
        Ok(key)
    }
}

/// Why a name and labels are not the key of a series.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The name is empty.
    #[error("a metric was asked for by an empty name")]
    EmptyName,
    /// The name of a label is empty.
    #[error("metric `{metric}` was given a label with an empty name")]
    EmptyLabel {
        /// The metric's name.
        metric: String,
    },
    /// The same label was given twice.
    #[error("metric `{metric}` was given label `{label}` twice")]
    DuplicateLabel {
        /// The metric's name.
        metric: String,
        /// The label's name.
        label: String,
    },
}

impl Key {
    /// The key of `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// An empty name, an empty label name, and a label given twice are refused.
    pub fn new(name: &str, labels: &[(&str, &str)]) -> Result<Key, KeyError> {
        let labels = labels.iter().map(|&(label, value)| (label.into(), value.into())).collect();
        Key::try_from(Given { name: name.into(), labels })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The labels' names and values, sorted by name.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.labels.iter().map(|(label, value)| (&**label, &**value))
    }

    fn check(&self) -> Result<(), KeyError> {
        let metric = || text::clipped(&OneLine(&self.name));
        if self.name.is_empty() {
            return Err(KeyError::EmptyName);
        }
        if self.labels.first().is_some_and(|(label, _)| label.is_empty()) {
            return Err(KeyError::EmptyLabel { metric: metric() });
        }
        match self.labels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(twice) => Err(KeyError::DuplicateLabel {
                metric: metric(),
                label: text::clipped(&OneLine(&twice[0].0)),
            }),
            None => Ok(()),
        }
    }
}

/// `rows{table="flights"}`, with what is special in values escaped.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OneLine(&self.name).fmt(f)?;
        for (i, (label, value)) in self.labels().enumerate() {
            let before = if i == 0 { "{" } else { "," };
            write!(f, "{before}{}={value:?}", OneLine(label))?;
        }
        f.write_str(if self.labels.is_empty() { "" } else { "}" })
    }
}
