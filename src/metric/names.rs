//! Names as exporters write them, and that no two metrics are written alike.

use super::kind::MetricKind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a metric's name is followed by where one number is one series.
const OF_DISTRIBUTIONS: &[&str] =
    &["", "_count", "_sum", "_min", "_max", "_p50", "_p90", "_p99", "_bucket"];
const OF_RATES: &[&str] =
    &["", "_count", "_rate_1m", "_rate_5m", "_rate_15m", "_rate_mean", "_total"];

/// A name as exporters of few characters write it: two names that are written alike would be one
/// there. Letters, digits and `_` stay, all else becomes `_`; none begins with a digit.
pub(crate) fn written(name: &str) -> String {
    let first = begins_with_digit(name).then_some('_');
    let rest = name.chars().map(|c| if is_plain_char(c) { c } else { '_' });
    first.into_iter().chain(rest).collect()
}

/// Whether a name is written as it is.
pub(super) fn is_plain(name: &str) -> bool {
    name.chars().all(is_plain_char) && !begins_with_digit(name)
}

fn is_plain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn begins_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

/// The names of metrics, and everything that they may be written as.
#[derive(Debug, Default)]
pub(crate) struct Names {
    written: BTreeMap<String, (Arc<str>, MetricKind)>,
}

/// Another metric is, or may be, written alike.
#[derive(Debug)]
pub(crate) struct Clash {
    /// What both would be written as.
    pub(crate) written: String,
    /// The name of the other metric.
    pub(crate) other: Arc<str>,
}

impl Names {
    /// Takes whatever the metric `name` may be written as; taking it again changes nothing.
    pub(crate) fn take(
        &mut self,
        name: &str,
        kind: MetricKind,
        forms: Vec<String>,
    ) -> Result<(), Clash> {
        for form in &forms {
            match self.written.get(form) {
                Some((other, of)) if **other != *name || *of != kind => {
                    return Err(Clash { written: form.clone(), other: Arc::clone(other) });
                }
                _ => {}
            }
        }
        let name: Arc<str> = name.into();
        for form in forms {
            self.written.entry(form).or_insert_with(|| (Arc::clone(&name), kind));
        }
        Ok(())
    }

    /// Gives back whatever the metric `name` may be written as.
    pub(crate) fn give_back(&mut self, name: &str, forms: &[String]) {
        for form in forms {
            if self.written.get(form).is_some_and(|(owner, _)| **owner == *name) {
                self.written.remove(form);
            }
        }
    }

    /// A metric that may be written with `prefix` at its beginning.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Option<Clash> {
        let (form, (other, _)) = self.written.range(prefix.to_owned()..).next()?;
        let clash = || Clash { written: form.clone(), other: Arc::clone(other) };
        form.starts_with(prefix).then(clash)
    }
}

/// Everything that a metric may be written as.
///
/// A unit is written behind the name or left out, and counters end in `_total` or not; what a name ends in
/// already is not written twice.
pub(crate) fn forms(name: &str, kind: MetricKind, unit: Option<&str>) -> Vec<String> {
    let (endings, units): (&[&[&str]], &[&str]) = match kind {
        MetricKind::Counter => (&[&["", "_total"]], &[]),
        MetricKind::Gauge | MetricKind::HealthCheck => (&[&[""]], &[]),
        MetricKind::Histogram => (&[OF_DISTRIBUTIONS], &[]),
        MetricKind::Meter => (&[OF_RATES], &[]),
        MetricKind::Timer => (&[OF_DISTRIBUTIONS, OF_RATES], &["nanoseconds", "seconds"]),
    };
    let name = written(name);
    let has_total = endings.concat().contains(&"_total");
    let short = name.strip_suffix("_total").filter(|_| has_total);
    // Also as it is: where one number is one series, `x_total` has `x_total_count`.
    let names = [Some(&*name), short].into_iter().flatten();
    let units: Vec<_> = unit.iter().chain(units).map(|unit| written(unit)).collect();
    let bases: Vec<String> = names
        .flat_map(|name| {
            let with_units = units.iter().map(move |unit| with_ending(name, unit));
            std::iter::once(name.to_owned()).chain(with_units)
        })
        .collect();
    let mut forms: Vec<String> = bases
        .iter()
        .flat_map(|base| endings.concat().into_iter().map(move |ending| format!("{base}{ending}")))
        .collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn with_ending(base: &str, unit: &str) -> String {
    match base.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_')) {
        true => base.to_owned(),
        false => format!("{base}_{unit}"),
    }
}
