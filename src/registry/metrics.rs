//! The metrics of a registry: what it gives by name and labels, and takes back.

use super::core::Registry;
use crate::metric::{Counter, Found, Gauge, Histogram, Key, Meter, Timer};
use crate::series::{
    CallSite, Here, InACell, MetricBuilder, MetricError, Pinned, Scope, SourceGuard, SourceGuards,
};
use crate::snapshot::Source;
use std::fmt::Display;
use std::sync::Arc;

/// # Metrics
///
/// Each is registered when it is asked for the first time; asked for again, it is the same one. Hold the
/// handle: looking it up costs much more than counting.
///
/// A name is of one kind, whatever the labels. Names are refused that exporters would write alike
/// (`a.b` and `a_b`; `size` in `bytes` and `size_bytes`; a timer `load` and `load.count`), and names that
/// begin with `job.`, `group.`, `task.` or `flowmeter.`, which are the library's own figures.
impl Registry {
    /// A metric, to say more of than its name and labels: help, unit, precision, limits.
    #[inline]
    pub fn metric<'a>(&self, name: &'a str) -> MetricBuilder<'a> {
        MetricBuilder::new(Some(Arc::clone(&self.core.store)), "", name)
    }

    /// The counter `name` without labels.
    ///
    /// # Errors
    ///
    /// The name is one of another kind, or is not allowed: see [`MetricError`].
    pub fn counter(&self, name: &str) -> Result<Counter, MetricError> {
        self.core.store.named(name, &[])
    }

    /// The counter `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// As [`counter`](Registry::counter), or the labels are not allowed.
    pub fn counter_with(
        &self,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Result<Counter, MetricError> {
        self.core.store.named(name, labels)
    }

    /// The gauge `name` without labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Registry::counter).
    pub fn gauge(&self, name: &str) -> Result<Gauge, MetricError> {
        self.core.store.named(name, &[])
    }

    /// The gauge `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Registry::counter_with).
    pub fn gauge_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Gauge, MetricError> {
        self.core.store.named(name, labels)
    }

    /// The histogram `name` without labels, precise to two digits over the whole range of a `u64`.
    ///
    /// # Errors
    ///
    /// As [`counter`](Registry::counter).
    pub fn histogram(&self, name: &str) -> Result<Histogram, MetricError> {
        self.core.store.named(name, &[])
    }

    /// The histogram `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Registry::counter_with).
    pub fn histogram_with(
        &self,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Result<Histogram, MetricError> {
        self.core.store.named(name, labels)
    }

    /// The meter `name` without labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Registry::counter).
    pub fn meter(&self, name: &str) -> Result<Meter, MetricError> {
        self.core.store.named(name, &[])
    }

    /// The meter `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Registry::counter_with).
    pub fn meter_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Meter, MetricError> {
        self.core.store.named(name, labels)
    }

    /// The timer `name` without labels. Its unit is nanoseconds.
    ///
    /// # Errors
    ///
    /// As [`counter`](Registry::counter).
    pub fn timer(&self, name: &str) -> Result<Timer, MetricError> {
        self.core.store.named(name, &[])
    }

    /// The timer `name` with `labels`, in any order.
    ///
    /// # Errors
    ///
    /// As [`counter_with`](Registry::counter_with).
    pub fn timer_with(&self, name: &str, labels: &[(&str, &str)]) -> Result<Timer, MetricError> {
        self.core.store.named(name, labels)
    }
}

/// What macros such as [`counter!`](crate::counter!) ask.
#[doc(hidden)]
impl Registry {
    #[inline]
    pub fn here<M: InACell>(&self, site: &'static CallSite<M>) -> Here<'_, M> {
        Here::new(site, &self.store)
    }

    #[inline]
    pub fn found<M: Pinned>(&self, site: &'static CallSite<M>) -> Found<'_, M> {
        site.found(&self.store)
    }
}

/// # What is asked when the registry is collected
///
/// Callbacks, sources and health checks are called at every collection, one after the other, on a thread of
/// the registry's own: the first collection that has something to call starts it, and it ends with the last
/// of them. All calls of a collection together have [a bounded time](crate::RegistryBuilder::source_wait):
/// what has not answered by then is not in the snapshot, and is counted in `flowmeter.late`.
///
/// A call that takes longer than a fifth of that time counts as hanging. It keeps its thread, a fresh one
/// takes over the rest, and later collections do not wait for it. So up to four calls hang and hold nothing
/// else up, and there are five threads at most; when a fifth hangs, nothing is called until one of them
/// returns, and all are counted late. How many hang is in `flowmeter.stuck`.
///
/// One that panics is counted in `flowmeter.panicked`. They may use the registry, also register and collect;
/// a collection from inside one of them leaves all of them out.
///
/// What they hold lives as long as the registry does. So one that holds the `Registry` itself would keep it
/// alive for ever: hold a [`Scope`], which does not.
impl Registry {
    /// A gauge without labels whose level is what `level` returns at each collection, for as long as the
    /// guard is held.
    ///
    /// # Errors
    ///
    /// As [`counter`](Registry::counter), and if the series is there already, or its name is full.
    pub fn callback(
        &self,
        name: &str,
        level: impl FnMut() -> f64 + Send + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.metric(name).callback(level)
    }

    /// A health check: well when `check` returns `Ok`, else unwell for the reason that it gives. A panic is
    /// such a reason too.
    ///
    /// # Errors
    ///
    /// As [`callback`](Registry::callback).
    pub fn health<E: Display>(
        &self,
        name: &str,
        check: impl FnMut() -> Result<(), E> + Send + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.metric(name).health(check)
    }

    /// A source: its series are named `name`, a dot, and what it calls them.
    ///
    /// # Errors
    ///
    /// The name is not allowed, or others begin with it already: see [`MetricError`].
    pub fn source(
        &self,
        name: &str,
        source: impl Source + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.metric(name).source(source)
    }

    /// Several sources, each by its name, or none of them; for as long as what is returned is held.
    ///
    /// # Errors
    ///
    /// As [`source`](Registry::source), of the first that can't be added; those before it are taken out again.
    pub fn sources<S: Source + 'static>(
        &self,
        sources: impl IntoIterator<Item = (impl AsRef<str>, S)>,
    ) -> Result<SourceGuards, MetricError> {
        sources.into_iter().map(|(name, source)| self.source(name.as_ref(), source)).collect()
    }
}

/// # Parts of a registry, and taking back
impl Registry {
    /// The part of this registry whose names begin with `prefix` and a dot.
    pub fn scope(&self, prefix: &str) -> Scope {
        self.core.everything().scope(prefix)
    }

    /// The part of this registry that carries this label, whatever the names.
    pub fn label(&self, label: &str, value: &str) -> Scope {
        self.core.everything().label(label, value)
    }

    /// The keys of all series that were registered, sorted; so neither what sources give is there, nor what the
    /// registry says of itself and its reporters.
    pub fn keys(&self) -> Vec<Key> {
        self.core.everything().keys()
    }

    /// Why metrics, callbacks, sources and checks were refused, each reason once: the first ten. How often that was in all
    /// is counted in `flowmeter.refused`. What has an error to look at is here too; macros and families have none.
    ///
    /// ```
    /// # use flowmeter::{Registry, counter};
    /// let registry = Registry::new();
    /// registry.gauge("depth")?;
    /// counter!(registry, "depth").inc();
    /// assert_eq!(registry.refusals(), ["metric `depth` was asked for as a counter but is a gauge"]);
    /// # Ok::<(), flowmeter::MetricError>(())
    /// ```
    pub fn refusals(&self) -> Vec<String> {
        self.store.refusals()
    }

    /// Takes out the series and sources called `name`, whatever their labels, and tells how many series
    /// there were, but for what sources give.
    ///
    /// Handles of them count on, unseen, and [say so](Counter::is_registered); asking for one again
    /// registers a new series.
    pub fn unregister(&self, name: &str) -> usize {
        self.core.everything().unregister(name)
    }

    /// Takes out the series of `name` with `labels`, and tells whether it was there.
    pub fn unregister_with(&self, name: &str, labels: &[(&str, &str)]) -> bool {
        self.core.everything().unregister_with(name, labels)
    }

    /// Takes out all series and sources, and tells how many series there were, but for what sources give.
    /// Jobs stay.
    pub fn unregister_all(&self) -> usize {
        self.core.everything().unregister_all()
    }
}
