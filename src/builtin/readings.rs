//! `Readings`: what one reading of a subject gave.

use crate::snapshot::Sample;

/// Kept, so that it can be given again until the next reading is due.
#[derive(Debug, Default)]
pub(super) struct Readings {
    all: Vec<Reading>,
}

#[derive(Debug)]
struct Reading {
    name: &'static str,
    labels: Vec<(&'static str, String)>,
    number: Number,
}

#[derive(Clone, Copy, Debug)]
enum Number {
    Level(f64),
    Total(u64),
}

impl Readings {
    /// A level, if it is known.
    pub(super) fn level(&mut self, name: &'static str, level: impl Into<Option<f64>>) {
        self.add(name, &[], level.into().map(Number::Level));
    }

    /// A size in bytes, if it is known.
    pub(super) fn bytes(&mut self, name: &'static str, bytes: impl Into<Option<u64>>) {
        self.level(name, bytes.into().map(|bytes| bytes as f64));
    }

    /// Of what only grows, if it is known.
    pub(super) fn total(&mut self, name: &'static str, total: impl Into<Option<u64>>) {
        self.add(name, &[], total.into().map(Number::Total));
    }

    /// Those of one among several, which these labels tell apart.
    pub(super) fn of<'a>(&'a mut self, labels: &'a [(&'static str, &'a str)]) -> Labelled<'a> {
        Labelled { readings: self, labels }
    }

    fn add(&mut self, name: &'static str, labels: &[(&'static str, &str)], number: Option<Number>) {
        // A level that is not finite is of something that the system does not have.
        let is_known =
            |number: &Number| !matches!(number, Number::Level(level) if !level.is_finite());
        let labels = || labels.iter().map(|&(key, value)| (key, value.to_owned())).collect();
        let reading =
            number.filter(is_known).map(|number| Reading { name, labels: labels(), number });
        self.all.extend(reading);
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    pub(super) fn give(&self, sample: &mut Sample) {
        for Reading { name, labels, number } in &self.all {
            let labels: Vec<_> = labels.iter().map(|(key, value)| (*key, value.as_str())).collect();
            match *number {
                Number::Level(level) => sample.gauge_with(name, &labels, level),
                Number::Total(total) => sample.counter_with(name, &labels, total),
            }
        }
    }
}

/// Takes readings with labels.
pub(super) struct Labelled<'a> {
    readings: &'a mut Readings,
    labels: &'a [(&'static str, &'a str)],
}

impl Labelled<'_> {
    pub(super) fn level(&mut self, name: &'static str, level: impl Into<Option<f64>>) -> &mut Self {
        self.readings.add(name, self.labels, level.into().map(Number::Level));
        self
    }

    pub(super) fn bytes(&mut self, name: &'static str, bytes: impl Into<Option<u64>>) -> &mut Self {
        self.level(name, bytes.into().map(|bytes| bytes as f64))
    }

    pub(super) fn total(&mut self, name: &'static str, total: impl Into<Option<u64>>) -> &mut Self {
        self.readings.add(name, self.labels, total.into().map(Number::Total));
        self
    }
}
