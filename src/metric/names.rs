//! Names as exporters write them, and that no two metrics are written alike.

use super::kind::MetricKind;
use std::collections::BTreeMap;
use std::ops::Bound;
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
///
/// Only the bases are kept, three for a timer; what is written with endings is found from them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    bases: BTreeMap<Box<str>, (Arc<str>, MetricKind)>,
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
            match self.owner(form) {
                Some((other, of)) if **other != *name || *of != kind => {
                    return Err(Clash { written: form.clone(), other: Arc::clone(other) });
                }
                _ => {}
            }
        }
        let name: Arc<str> = name.into();
        for base in bases(&forms, kind) {
            let base = base.clone().into_boxed_str();
            self.bases.entry(base).or_insert_with(|| (Arc::clone(&name), kind));
        }
        Ok(())
    }

    /// Gives back whatever the metric `name` may be written as.
    pub(crate) fn give_back(&mut self, name: &str, forms: &[String]) {
        for form in forms {
            if self.bases.get(&**form).is_some_and(|(owner, _)| **owner == *name) {
                self.bases.remove(&**form);
            }
        }
    }

    /// The metric that may be written as `form`: a base with one of the endings of its kind.
    fn owner(&self, form: &str) -> Option<&(Arc<str>, MetricKind)> {
        all_endings().find_map(|ending| {
            let owner = self.bases.get(form.strip_suffix(ending)?)?;
            endings(owner.1).any(|of| of == ending).then_some(owner)
        })
    }

    /// A metric that may be written with `prefix` at its beginning: of several forms the first.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Option<Clash> {
        let from_it = (Bound::Included(prefix), Bound::Unbounded);
        let first = self.bases.range::<str, _>(from_it).next();
        let longer = first.filter(|(base, _)| base.starts_with(prefix));
        let longer = longer.map(|(base, (other, _))| (base.to_string(), other));
        let with_endings = prefix.char_indices().flat_map(|(at, _)| self.split_at(prefix, at));
        let (written, other) = longer.into_iter().chain(with_endings).min()?;
        Some(Clash { written, other: Arc::clone(other) })
    }

    /// The forms that begin with `prefix`, of which the first `at` bytes are the base.
    fn split_at(&self, prefix: &str, at: usize) -> impl Iterator<Item = (String, &Arc<str>)> {
        let (base, begun) = prefix.split_at(at);
        self.bases.get(base).into_iter().flat_map(move |(other, kind)| {
            let endings = endings(*kind).filter(move |ending| ending.starts_with(begun));
            endings.map(move |ending| (format!("{base}{ending}"), other))
        })
    }
}

/// What a metric's name is followed by, of which `""` is one for each kind.
fn endings(kind: MetricKind) -> impl Iterator<Item = &'static str> {
    let (one, other): (&[&str], &[&str]) = match kind {
        MetricKind::Counter => (&["", "_total"], &[]),
        MetricKind::Gauge | MetricKind::HealthCheck => (&[""], &[]),
        MetricKind::Histogram => (OF_DISTRIBUTIONS, &[]),
        MetricKind::Meter => (OF_RATES, &[]),
        MetricKind::Timer => (OF_DISTRIBUTIONS, OF_RATES),
    };
    one.iter().chain(other).copied()
}

/// A timer has those of every other kind.
fn all_endings() -> impl Iterator<Item = &'static str> {
    endings(MetricKind::Timer)
}

/// Those of all the forms of a metric which are forms with every ending too: from them come the others.
fn bases(forms: &[String], kind: MetricKind) -> impl Iterator<Item = &String> {
    let is_form = |form: String| forms.binary_search(&form).is_ok();
    forms.iter().filter(move |base| endings(kind).all(|ending| is_form(format!("{base}{ending}"))))
}

/// Everything that a metric may be written as.
///
/// A unit is written behind the name or left out, and counters end in `_total` or not; what a name ends in
/// already is not written twice. They are sorted.
pub(crate) fn forms(name: &str, kind: MetricKind, unit: Option<&str>) -> Vec<String> {
    let units: &[&str] = match kind {
        MetricKind::Timer => &["nanoseconds", "seconds"],
        _ => &[],
    };
    let name = written(name);
    let has_total = endings(kind).any(|ending| ending == "_total");
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
        .flat_map(|base| endings(kind).map(move |ending| format!("{base}{ending}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that the same is found as if all forms of both were kept.
    fn check(one: (&str, MetricKind), other: (&str, MetricKind)) {
        let mut names = Names::default();
        let mut all = BTreeMap::new();
        for (name, kind) in [one, other] {
            let forms = forms(name, kind, Some("bytes"));
            names.take(name, kind, forms.clone()).unwrap();
            all.extend(forms.into_iter().map(|form| (form, name)));
        }
        let beginnings = all.keys().flat_map(|form| (1..=form.len()).map(|at| &form[..at]));
        for prefix in beginnings.chain(["b", "a_c_", "~"]) {
            let first = all.iter().find(|(form, _)| form.starts_with(prefix));
            let found = names.beginning_with(prefix);
            let found = found.as_ref().map(|clash| (&clash.written, &*clash.other));
            assert_eq!(found, first.map(|(form, name)| (form, *name)), "{prefix} of {all:?}");
        }
        for (name, kind) in [one, other] {
            names.give_back(name, &forms(name, kind, Some("bytes")));
        }
        assert!(names.bases.is_empty(), "{names:?}");
    }

    #[test]
    fn what_begins_alike_is_found_as_if_every_form_were_kept() {
        use MetricKind::{Counter, Gauge, HealthCheck, Histogram, Meter, Timer};
        let kinds = [Counter, Gauge, Histogram, Meter, Timer, HealthCheck];
        for (one, other) in kinds.iter().flat_map(|one| kinds.map(|other| (*one, other))) {
            for (name, beside) in [("a", "c"), ("a", "ab"), ("a_total", "a_d"), ("a.count", "a.x")]
            {
                check((name, one), (beside, other));
            }
        }
    }

    #[test]
    fn of_a_name_only_its_bases_are_kept() {
        let kept = |name, kind| {
            let forms = forms(name, kind, None);
            bases(&forms, kind).cloned().collect::<Vec<_>>()
        };
        assert_eq!(kept("x", MetricKind::Timer), ["x", "x_nanoseconds", "x_seconds"]);
        assert_eq!(kept("x_total", MetricKind::Meter), ["x", "x_total"]);
        assert_eq!(kept("x", MetricKind::Counter), ["x"]);
    }
}
