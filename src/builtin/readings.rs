//! `Readings`: the numbers that one reading of a subject gave.

use crate::snapshot::{Sample, Value};

/// Kept, so that they can be given again until the next reading is due.
#[derive(Debug, Default)]
pub(super) struct Readings {
    all: Vec<Number>,
}

#[derive(Debug)]
struct Number {
    name: &'static str,
    labels: Vec<(&'static str, String)>,
    value: Value,
}

impl Readings {
    /// Takes those of one among several, which these labels tell apart.
    pub(super) fn of<'a>(&'a mut self, labels: &'a [(&'static str, &'a str)]) -> Labelled<'a> {
        Labelled { readings: self, labels }
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    #[cfg(test)]
    pub(super) fn shown(&self) -> Vec<String> {
        self.all.iter().map(|number| format!("{} {:?}", number.name, number.value)).collect()
    }

    pub(super) fn give(&self, sample: &mut Sample) {
        for Number { name, labels, value } in &self.all {
            let labels: Vec<_> = labels.iter().map(|(key, value)| (*key, value.as_str())).collect();
            match *value {
                Value::Counter(total) => sample.counter_with(name, &labels, total),
                Value::Gauge(level) => sample.gauge_with(name, &labels, level),
                _ => {}
            }
        }
    }
}

/// Takes numbers that have the same labels: those that are known.
pub(super) struct Labelled<'a> {
    readings: &'a mut Readings,
    labels: &'a [(&'static str, &'a str)],
}

impl Labelled<'_> {
    /// A level that is not finite is of something that the system does not have.
    pub(super) fn gauge(&mut self, name: &'static str, level: impl Into<Option<f64>>) -> &mut Self {
        self.add(name, level.into().filter(|level| level.is_finite()).map(Value::Gauge))
    }

    pub(super) fn bytes(&mut self, name: &'static str, bytes: impl Into<Option<u64>>) -> &mut Self {
        self.gauge(name, bytes.into().map(|bytes| bytes as f64))
    }

    pub(super) fn counter(
        &mut self,
        name: &'static str,
        total: impl Into<Option<u64>>,
    ) -> &mut Self {
        self.add(name, total.into().map(Value::Counter))
    }

    fn add(&mut self, name: &'static str, value: Option<Value>) -> &mut Self {
        let labels = || self.labels.iter().map(|&(key, value)| (key, value.to_owned())).collect();
        let number = value.map(|value| Number { name, labels: labels(), value });
        self.readings.all.extend(number);
        self
    }
}
