//! The shape of a key: its name and the names of its labels, in one text.

use std::hash::{Hash, Hasher};

/// The name of a metric and the names of its labels: the same for most of its series, which share it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// One behind the other.
    text: Box<str>,
    /// Where each ends, that of the metric first.
    ends: Box<[u16]>,
}

impl Shape {
    /// Of names that have been checked: together they are shorter than 64 KiB.
    pub(crate) fn new<'a>(name: &'a str, labels: impl Iterator<Item = &'a str> + Clone) -> Shape {
        let all = [name].into_iter().chain(labels);
        let mut text = String::with_capacity(all.clone().map(str::len).sum());
        let mut ends = Vec::with_capacity(all.clone().count());
        for name in all {
            text.push_str(name);
            ends.push(text.len() as u16);
        }
        Shape { text: text.into(), ends: ends.into() }
    }

    pub(super) fn name(&self) -> &str {
        &self.text[..usize::from(self.ends[0])]
    }

    /// How many labels there are.
    pub(crate) fn labels(&self) -> usize {
        self.ends.len() - 1
    }

    /// The name of the label number `at`, from 0.
    pub(crate) fn label(&self, at: usize) -> &str {
        &self.text[usize::from(self.ends[at])..usize::from(self.ends[at + 1])]
    }
}

impl Hash for Shape {
    // Without the ends: what is equal has the same text.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
