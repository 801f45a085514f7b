//! `MetricBuilder`: a metric that is asked for with more than its name.

use super::asked_labels::AskedLabels;
use super::calls::{callback, check, source};
use super::details::Details;
use super::error::MetricError;
use super::family::Family;
use super::guard::SourceGuard;
use super::held::{Kind, Metric};
use super::name::Name;
use super::store::Store;
use super::template::Template;
use super::typed_family::{Labels, TypedFamily};
use crate::metric::{
    Buckets, Counter, Gauge, GaugeMerge, Histogram, Key, Meter, MetricKind, Timer, quoted,
};
use crate::sampler::CallId;
use crate::snapshot::Source;
use std::fmt::Display;
use std::sync::Arc;

/// A metric that is asked for with more than its name; what it is called last says of which kind it is.
///
/// The details of a name (help, unit, merge, buckets, series limit) hold for all its series. What was not
/// known before is taken over; what contradicts what is known is an error that names both, but for the help,
/// of which the first one stays. To give none is no contradiction.
///
/// ```
/// # use flowmeter::{GaugeMerge, Registry};
/// let registry = Registry::new();
/// let waiting = registry
///     .metric("waiting")
///     .label("stage", "parse")
///     .help("Records that wait for a worker")
///     .unit("records")
///     .merge(GaugeMerge::Sum)
///     .gauge()?;
/// waiting.set(12.0);
/// # Ok::<(), flowmeter::MetricError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is registered before it is asked for as a counter, a gauge, …"]
pub struct MetricBuilder<'a> {
    // `None`: the registry is gone.
    store: Option<Arc<Store>>,
    name: Name<'a>,
    labels: AskedLabels<'a>,
    /// How many of them, the first ones, are the scope's.
    of_scope: usize,
    details: Details<'a>,
}

impl<'a> MetricBuilder<'a> {
    #[inline]
    pub(crate) fn new(
        store: Option<Arc<Store>>,
        prefix: &'a str,
        name: &'a str,
    ) -> MetricBuilder<'a> {
        let (labels, details) = <_>::default();
        MetricBuilder { store, name: Name { prefix, name }, labels, of_scope: 0, details }
    }

    /// With the labels of its scope, before it is given others.
    pub(super) fn in_scope(
        mut self,
        labels: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> MetricBuilder<'a> {
        labels.for_each(|label| self.labels.push(label));
        self.of_scope = self.labels.len();
        self
    }

    /// With this label too.
    #[inline]
    pub fn label(mut self, label: &'a str, value: &'a str) -> MetricBuilder<'a> {
        self.labels.push((label, value));
        self
    }

    /// With these labels too, in any order.
    #[inline]
    pub fn labels(mut self, labels: &[(&'a str, &'a str)]) -> MetricBuilder<'a> {
        labels.iter().for_each(|label| self.labels.push(*label));
        self
    }

    /// What the numbers mean, for people. It is cut to about 1 KiB.
    #[inline]
    pub fn help(mut self, help: &'a str) -> MetricBuilder<'a> {
        self.details.help = Some(help);
        self
    }

    /// What the numbers count: a plural such as `bytes`. Timers, whose unit is nanoseconds, and health
    /// checks have none to choose.
    #[inline]
    pub fn unit(mut self, unit: &'a str) -> MetricBuilder<'a> {
        self.details.unit = Some(unit);
        self
    }

    /// Of a gauge: how the levels of several processes become one; the latest one unless told.
    #[inline]
    pub fn merge(mut self, merge: GaugeMerge) -> MetricBuilder<'a> {
        self.details.merge = Some(merge);
        self
    }

    /// Of a histogram or a timer: how precise it is, and over which range.
    #[inline]
    pub fn buckets(mut self, buckets: Buckets) -> MetricBuilder<'a> {
        self.details.buckets = Some(buckets);
        self
    }

    /// How many series the name may have; what is asked for beyond shares one series of its scope, with the
    /// scope's labels and `flowmeter.overflow="true"`. A source has no such limit of its own: that of the
    /// registry bounds all its series together. Without it the
    /// [registry's](crate::RegistryBuilder::series_limit) holds.
    #[inline]
    pub fn series_limit(mut self, limit: usize) -> MetricBuilder<'a> {
        self.details.limit = Some(limit);
        self
    }

    /// The counter: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// See [`MetricError`]; this goes for the other kinds too.
    #[inline]
    pub fn counter(self) -> Result<Counter, MetricError> {
        self.get()
    }

    /// The gauge: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// See [`MetricError`].
    #[inline]
    pub fn gauge(self) -> Result<Gauge, MetricError> {
        self.get()
    }

    /// The histogram: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// See [`MetricError`].
    #[inline]
    pub fn histogram(self) -> Result<Histogram, MetricError> {
        self.get()
    }

    /// The meter: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// See [`MetricError`].
    #[inline]
    pub fn meter(self) -> Result<Meter, MetricError> {
        self.get()
    }

    /// The timer: registered if it was not, else the same one.
    ///
    /// # Errors
    ///
    /// See [`MetricError`].
    #[inline]
    pub fn timer(self) -> Result<Timer, MetricError> {
        self.get()
    }

    /// The metrics of this name that differ in the values of these labels: see [`Family`]. Of which kind they are says
    /// the type that it is asked for as. Each is registered when it is needed.
    ///
    /// # Errors
    ///
    /// See [`MetricError`]: of the name, the labels and the details.
    pub fn family<M: Metric, const N: usize>(
        self,
        labels: [&str; N],
    ) -> Result<Family<M, N>, MetricError> {
        self.template::<M, N>(labels).map(Family::new)
    }

    /// The metrics of this name, one for each value of labels that are types: see [`TypedFamily`]. Of which kind they
    /// are says the type that it is asked for as.
    ///
    /// # Errors
    ///
    /// See [`MetricError`].
    pub fn typed_family<M: Metric, L: Labels>(self) -> Result<TypedFamily<M, L>, MetricError> {
        TypedFamily::new(|labels| self.clone().labels(labels).get())
    }

    /// A gauge whose level is what `level` returns at each collection. See
    /// [`Registry::callback`](crate::Registry::callback).
    ///
    /// # Errors
    ///
    /// See [`MetricError`]: also if the series is there already, or its name is full.
    pub fn callback(
        self,
        level: impl FnMut() -> f64 + Send + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.add(|store, key, details| {
            store.add_call(key, MetricKind::Gauge, details, callback(level))
        })
    }

    /// A health check. See [`Registry::health`](crate::Registry::health).
    ///
    /// # Errors
    ///
    /// As [`callback`](MetricBuilder::callback).
    pub fn health<E: Display>(
        self,
        asked: impl FnMut() -> Result<(), E> + Send + 'static,
    ) -> Result<SourceGuard, MetricError> {
        self.add(|store, key, details| {
            store.add_call(key, MetricKind::HealthCheck, details, check(asked))
        })
    }

    /// A source, which has no details but its labels.
    pub(crate) fn source(self, given: impl Source + 'static) -> Result<SourceGuard, MetricError> {
        self.add(|store, key, _| {
            let limit = store.series_limit();
            store.add_source(key, source(key.clone(), limit, given))
        })
    }

    pub(super) fn key(&self) -> Result<Key, MetricError> {
        Ok(Key::new(&self.name.joined(&mut None), &self.labels)?)
    }

    /// What it asks for, with values of these labels to follow.
    fn template<M: Kind, const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<Template<N>, MetricError> {
        let (store, mut room) = (self.store()?, None);
        let name = self.name.joined(&mut room);
        let mut all = self.labels.clone();
        names.iter().for_each(|name| all.push((name, "")));
        store.announce(&name, &all, M::KIND, &self.details)?;
        let (store, of_scope) = (Arc::downgrade(store), self.of_scope);
        Ok(Template::new(store, &name, &self.labels, of_scope, names, &self.details))
    }

    fn get<M: Kind>(&self) -> Result<M, MetricError> {
        let (mut room, of_scope) = (None, &self.labels[..self.of_scope]);
        self.store()?.metric(&self.name.joined(&mut room), &self.labels, &self.details, of_scope)
    }

    fn add(
        self,
        add: impl FnOnce(&Store, &Key, &Details<'_>) -> Result<CallId, MetricError>,
    ) -> Result<SourceGuard, MetricError> {
        let store = self.store()?;
        if store.is_disabled() {
            return Ok(SourceGuard::disabled());
        }
        let key = store.counted(self.key())?;
        let id = add(store, &key, &self.details)?;
        Ok(SourceGuard::new(Arc::downgrade(store), id, key))
    }

    fn store(&self) -> Result<&Arc<Store>, MetricError> {
        let gone = || MetricError::Gone { metric: quoted(&self.name.joined(&mut None)) };
        self.store.as_ref().ok_or_else(gone)
    }
}
