//! `Scope`: a part of a registry, by the beginning of its names and by labels.

use super::builder::MetricBuilder;
use super::error::MetricError;
use super::guard::SourceGuard;
use super::store::Store;
use crate::metric::{Counter, Gauge, Histogram, Key, Meter, Timer};
use crate::snapshot::Source;
use std::fmt::Display;
use std::sync::{Arc, Weak};

/// A part of a registry: what begins with a prefix, and carries certain labels.
///
/// It is a view: its series are all those whose names begin with its prefix and a dot, and which carry its
/// labels, whoever registered them. So two scopes with the same prefix and labels are the same, a scope
/// within another one is part of it, and scopes that differ in the value of a label, or in a word of the
/// prefix, see nothing of each other.
///
/// A scope does not keep its registry alive. What is asked for once the registry is gone is an error; that
/// makes it the right handle for a [`Source`] or a callback to hold.
#[derive(Clone, Debug)]
pub struct Scope {
    store: Weak<Store>,
    prefix: String,
    labels: Vec<(String, String)>,
}

impl Scope {
    /// The scope of everything.
    pub(crate) fn of(store: &Arc<Store>) -> Scope {
        Scope { store: Arc::downgrade(store), prefix: String::new(), labels: Vec::new() }
    }

    /// The part of this scope whose names begin with `prefix` and a dot, behind the prefix of this one.
    /// Whether the names are allowed shows when one is asked for. An empty prefix adds nothing.
    pub fn scope(&self, prefix: &str) -> Scope {
        let mut scope = self.clone();
        if !prefix.is_empty() {
            scope.prefix.push_str(prefix);
            scope.prefix.push('.');
        }
        scope
    }

    /// The part of this scope that carries this label too.
    #[must_use = "the narrower scope is returned"]
    pub fn label(mut self, label: &str, value: &str) -> Scope {
        self.labels.push((label.to_owned(), value.to_owned()));
        self
    }

    /// A metric of this scope, to say more of than its name. See [`MetricBuilder`].
    pub fn metric<'a>(&'a self, name: &'a str) -> MetricBuilder<'a> {
        let labels = self.labels.iter().map(|(label, value)| (&**label, &**value));
        MetricBuilder::new(self.store.upgrade(), &self.prefix, name).in_scope(labels)
    }

    /// The counter `name` of this scope: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// See [`Registry::counter`](crate::Registry::counter); and if the registry is gone.
    pub fn counter(&self, name: &str) -> Result<Counter, MetricError> {
        self.metric(name).counter()
    }

    /// The counter `name` of this scope with `labels`, in any order, besides those of the scope.
    ///
    /// # Errors
    ///
    /// As [`counter`](Scope::counter), or the labels are not allowed, or given by the scope too.
    pub fn counter_with(
        &self,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Result<Counter, MetricError> {
        self.metric(name).labels(labels).counter()
    }

    /// The gauge `name` of this scope: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// As [`counter`](Scope::counter).
    pub fn gauge(&self, name: &str) -> Result<Gauge, MetricError> {
        self.metric(name).gauge()
    }

    /// The gauge `name` of this scope with `labels`, in any order, besides those of the scope.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Scope::counter_with).
    pub fn gauge_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Gauge, MetricError> {
        self.metric(name).labels(labels).gauge()
    }

    /// The histogram `name` of this scope: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// As [`counter`](Scope::counter).
    pub fn histogram(&self, name: &str) -> Result<Histogram, MetricError> {
        self.metric(name).histogram()
    }

    /// The histogram `name` of this scope with `labels`, in any order, besides those of the scope.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Scope::counter_with).
    pub fn histogram_with(
        &self,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Result<Histogram, MetricError> {
        self.metric(name).labels(labels).histogram()
    }

    /// The meter `name` of this scope: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// As [`counter`](Scope::counter).
    pub fn meter(&self, name: &str) -> Result<Meter, MetricError> {
        self.metric(name).meter()
    }

    /// The meter `name` of this scope with `labels`, in any order, besides those of the scope.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Scope::counter_with).
    pub fn meter_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Meter, MetricError> {
        self.metric(name).labels(labels).meter()
    }

    /// The timer `name` of this scope: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// As [`counter`](Scope::counter).
    pub fn timer(&self, name: &str) -> Result<Timer, MetricError> {
        self.metric(name).timer()
    }

    /// The timer `name` of this scope with `labels`, in any order, besides those of the scope.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Scope::counter_with).
    pub fn timer_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Timer, MetricError> {
        self.metric(name).labels(labels).timer()
    }

    /// A gauge of this scope whose level is what `level` returns at each collection. See
    /// [`Registry::callback`](crate::Registry::callback).
    ///
    /// # Errors
    ///
    /// As [`counter`](Scope::counter), and if the series is there already, or its name is full.
    pub fn callback(
        &self,
        name: &str,
        level: impl FnMut() -> f64 + Send + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.metric(name).callback(level)
    }

    /// A health check of this scope. See [`Registry::health`](crate::Registry::health).
    ///
    /// # Errors
    ///
    /// As [`callback`](Scope::callback).
    pub fn health<E: Display>(
        &self,
        name: &str,
        check: impl FnMut() -> Result<(), E> + Send + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.metric(name).health(check)
    }

    /// A source of this scope: its series carry the scope's labels. See
    /// [`Registry::source`](crate::Registry::source).
    ///
    /// # Errors
    ///
    /// As [`Registry::source`](crate::Registry::source), and if the registry is gone.
    pub fn source(
        &self,
        name: &str,
        source: impl Source + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.metric(name).source(source)
    }

    /// The keys of this scope's series, sorted; but for what its sources give.
    pub fn keys(&self) -> Vec<Key> {
        self.store.upgrade().map_or_else(Vec::new, |store| store.keys(|key| self.has(key)))
    }

    /// Takes the series and sources called `name` out of this scope, whatever their labels, and tells how
    /// many series there were, but for what sources give.
    ///
    /// Handles of them count on, unseen, and [say so](Counter::is_registered); asking for one again
    /// registers a new series.
    pub fn unregister(&self, name: &str) -> usize {
        let name = format!("{}{name}", self.prefix);
        self.remove(|store| {
            store.remove(|index| {
                index.remove_named(&name, |key| self.has(key) || self.has_source(key))
            })
        })
    }

    /// Takes one series out of this scope: that of `name` with `labels` besides those of the scope. Tells
    /// whether it was there.
    pub fn unregister_with(&self, name: &str, labels: &[(&str, &str)]) -> bool {
        let Ok(wanted) = self.metric(name).labels(labels).key() else { return false };
        self.remove(|store| store.remove(|index| index.remove_key(&wanted))) > 0
    }

    /// Takes all series and sources out of this scope, and tells how many series there were, but for what
    /// sources give.
    pub fn unregister_all(&self) -> usize {
        self.remove(|store| {
            store.remove(|index| index.remove(|key| self.has(key), |key| self.has_source(key)))
        })
    }

    fn remove(&self, remove: impl FnOnce(&Store) -> usize) -> usize {
        self.store.upgrade().map_or(0, |store| remove(&store))
    }

    fn has(&self, key: &Key) -> bool {
        key.name().starts_with(&self.prefix) && self.has_labels_of(key)
    }

    /// Whether all series of the source are in this scope: they begin with its name and a dot.
    fn has_source(&self, key: &Key) -> bool {
        format!("{}.", key.name()).starts_with(&self.prefix) && self.has_labels_of(key)
    }

    fn has_labels_of(&self, key: &Key) -> bool {
        let is_there = |label: &str, value: &str| key.labels().any(|own| own == (label, value));
        self.labels.iter().all(|(label, value)| is_there(label, value))
    }
}
