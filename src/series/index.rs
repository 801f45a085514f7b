//! Every series of a registry by its whole key, and the rules that hold between names.

use super::cached::Cached;
use super::details::{Details, Known};
use super::error::MetricError;
use super::held::Held;
use super::namesakes::Namesakes;
use super::rules::{alike, check_forms, check_labels, prefix};
use super::slots::Slots;
use super::sources::Sources;
use crate::metric::{Key, KeyRef, MetricKind, Names, Shape, forms, quoted};
use crate::sampler::CallId;
use crate::snapshot::{Description, Listed};
use crate::text;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use hashbrown::hash_map::RawEntryMut;
use parking_lot::Mutex;
use std::slice;
use std::sync::Arc;

/// How much a registry holds at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Series of one name, unless told otherwise for the name.
    pub(super) series: usize,
    /// Names, and sources.
    pub(super) names: usize,
}

/// Every series, found by its whole key, which hashes only help to find. A name is of one kind.
#[derive(Debug)]
pub(super) struct Index {
    limits: Limits,
    by_name: ByName,
    slots: Slots,
    cached: Mutex<Cached>,
    names: Names,
    sources: Sources,
    registrations: u64,
}

type ByName = HashMap<Arc<str>, Namesakes, RandomState>;

/// What was taken out of the index.
#[derive(Default)]
pub(super) struct Removed {
    /// How many series and sources.
    pub(super) count: usize,
    /// The calls that nobody needs any more.
    pub(super) calls: Vec<CallId>,
    /// What was held of them. To let go of it takes its time, which nobody should wait for at the index.
    held: Vec<Held>,
}

impl Removed {
    fn take(&mut self, held: Held) {
        held.set_registered(false);
        self.count += 1;
        self.calls.extend(held.call());
        self.held.push(held);
    }

    fn take_sources(&mut self, calls: Vec<CallId>) {
        self.count += calls.len();
        self.calls.extend(calls);
    }
}

impl Index {
    pub(super) fn new(limits: Limits) -> Index {
        let (by_name, slots, cached, names, sources) = <_>::default();
        Index { limits, by_name, slots, cached, names, sources, registrations: 0 }
    }

    /// The series that have the name of `key`.
    #[inline]
    fn namesakes(&self, key: &KeyRef<'_>) -> Option<&Namesakes> {
        let found =
            self.by_name.raw_entry().from_key_hashed_nocheck(key.hash_of_name(), key.name());
        found.map(|(_, namesakes)| namesakes)
    }

    /// What hashes names, and the labels of keys.
    pub(super) fn hasher(&self) -> &RandomState {
        self.by_name.hasher()
    }

    /// The series of `key`, if it is there as it is asked for. That of an overflow is nobody's to find.
    pub(super) fn find(
        &self,
        key: &KeyRef<'_>,
        kind: MetricKind,
        details: &Details<'_>,
    ) -> Option<Held> {
        let namesakes = self.namesakes(key)?;
        match namesakes.is_as_asked(kind, details) {
            true => self.slots.held(namesakes.series.find(key, &self.slots)?),
            false => None,
        }
    }

    /// The call that gives the series of `key`, if one does.
    fn call(&self, key: &KeyRef<'_>) -> Option<CallId> {
        let slot = self.namesakes(key)?.series.find(key, &self.slots)?;
        self.slots.held(slot)?.call()
    }

    /// The series of `key`; if there is none, a new one, or that of the overflow, and whether it is that.
    pub(super) fn get_or_insert(
        &mut self,
        key: &KeyRef<'_>,
        kind: MetricKind,
        details: &Details<'_>,
        scope: &[(&str, &str)],
        new: impl FnOnce(&Known) -> Held,
    ) -> Result<(Held, bool), MetricError> {
        let shape = match self.ready(key, kind, details) {
            Some(shape) => shape,
            None => self.make_ready(key, kind, details)?,
        };
        // Cannot fail: they were made if they were not there.
        let namesakes = namesakes_mut(&mut self.by_name, key).expect("the namesakes are there");
        let slots = &mut self.slots;
        if let Some(held) = namesakes.series.find(key, slots).and_then(|slot| slots.held(slot)) {
            return Ok((held, false));
        }
        let (registrations, cached) = (&mut self.registrations, self.cached.get_mut());
        let new = |known: &_| {
            cached.forget_directory();
            *registrations += 1;
            let held = new(known);
            held.set_registered(true);
            (*registrations, held)
        };
        let limit = namesakes.known.limit.unwrap_or(self.limits.series);
        let is_overflow = namesakes.series.len() >= limit;
        let held = match is_overflow {
            true => namesakes.overflow(key.name(), scope, limit, slots, new),
            false => namesakes.insert(key, shape, slots, new),
        };
        Ok((held, is_overflow))
    }

    /// Makes the namesakes of `key`, if they are not there, and keeps what is known of them now.
    pub(super) fn announce(
        &mut self,
        key: &KeyRef<'_>,
        kind: MetricKind,
        details: &Details<'_>,
    ) -> Result<(), MetricError> {
        key.check()?;
        let known = self.agree(key, kind, details)?;
        self.keep(key.name(), kind, known).map(|_| ())
    }

    /// The key's shape, if there is nothing to be checked or kept before the name has another series of this key: it has
    /// one of like labels.
    fn ready(
        &self,
        key: &KeyRef<'_>,
        kind: MetricKind,
        details: &Details<'_>,
    ) -> Option<Arc<Shape>> {
        let namesakes =
            self.namesakes(key).filter(|namesakes| namesakes.is_as_asked(kind, details))?;
        namesakes.shape(key).filter(|_| key.has_short_values())
    }

    /// Makes the name as it is asked for with this key, whose shape it gives.
    fn make_ready(
        &mut self,
        key: &KeyRef<'_>,
        kind: MetricKind,
        details: &Details<'_>,
    ) -> Result<Arc<Shape>, MetricError> {
        key.check()?;
        let known = self.agree(key, kind, details)?;
        if self.call(key).is_some() {
            return Err(taken(key));
        }
        let namesakes = self.keep(key.name(), kind, known)?;
        Ok(namesakes.take_shape(key))
    }

    /// Makes room for a series whose value a call gives: the number of its registration.
    pub(super) fn admit_call(
        &mut self,
        key: &KeyRef<'_>,
        kind: MetricKind,
        details: &Details<'_>,
    ) -> Result<u64, MetricError> {
        let known = self.agree(key, kind, details)?;
        self.check_new(key, known.limit.unwrap_or(self.limits.series))?;
        self.keep(key.name(), kind, known)?;
        Ok(self.next_registration())
    }

    /// That a call can have this new series: it is not there, and its name has fewer than `limit`.
    fn check_new(&self, key: &KeyRef<'_>, limit: usize) -> Result<(), MetricError> {
        match self.namesakes(key) {
            Some(namesakes) if namesakes.series.find(key, &self.slots).is_some() => Err(taken(key)),
            Some(namesakes) if namesakes.series.len() < limit => Ok(()),
            None if limit > 0 => Ok(()),
            _ => Err(MetricError::Full { metric: clipped(key), limit }),
        }
    }

    /// Adds the series that was admitted.
    pub(super) fn insert_call(&mut self, key: &KeyRef<'_>, number: u64, id: CallId) {
        if let Some(namesakes) = namesakes_mut(&mut self.by_name, key) {
            let shape = namesakes.take_shape(key);
            namesakes.insert(key, shape, &mut self.slots, |_| (number, Held::Call(id)));
        }
    }

    /// That there may be such a source: the number of its registration.
    pub(super) fn admit_source(&mut self, key: &Key) -> Result<u64, MetricError> {
        let name = key.name();
        let prefix = prefix(name);
        check_forms(name, slice::from_ref(&prefix))?;
        check_labels(name, key.labels())?;
        self.check_room(name)?;
        if let Some(clash) = self.names.beginning_with(&prefix) {
            return Err(alike(name, clash));
        }
        self.sources.check_new(key, &prefix)?;
        Ok(self.next_registration())
    }

    /// Adds the source that was admitted. Its names are its own.
    pub(super) fn insert_source(&mut self, key: &Key, id: CallId) {
        self.sources.insert(key, id);
    }

    /// What is known of the name of `key` with these details. Nothing has changed yet, so that what is refused
    /// for another reason leaves nothing known.
    fn agree(
        &self,
        key: &KeyRef<'_>,
        asked: MetricKind,
        details: &Details<'_>,
    ) -> Result<Known, MetricError> {
        let name = key.name();
        let namesakes = self.namesakes(key);
        if let Some(Namesakes { kind: is, .. }) =
            namesakes.filter(|namesakes| namesakes.kind != asked)
        {
            return Err(MetricError::Kind { metric: clipped(key), asked, is: *is });
        }
        check_labels(name, key.labels())?;
        details.check(name, asked)?;
        match namesakes {
            Some(namesakes) => namesakes.known.with(name, details),
            None => self.check_room(name).map(|()| Known::new(asked, details)),
        }
    }

    /// Makes the namesakes with this name, or keeps what is known of them now; else nothing has changed.
    fn keep(
        &mut self,
        name: &str,
        kind: MetricKind,
        known: Known,
    ) -> Result<&mut Namesakes, MetricError> {
        if self.by_name.get(name).is_none_or(|namesakes| namesakes.known != known) {
            self.take_names(name, kind, known.unit.as_deref())?;
            self.cached.get_mut().forget_descriptions();
        }
        let namesakes = self.by_name.entry_ref(name).or_insert_with(|| Namesakes::new(kind));
        namesakes.known = known;
        Ok(namesakes)
    }

    /// Takes whatever the metric may be written as, if nobody else has any of it.
    fn take_names(
        &mut self,
        name: &str,
        kind: MetricKind,
        unit: Option<&str>,
    ) -> Result<(), MetricError> {
        let forms = forms(name, kind, unit);
        check_forms(name, &forms)?;
        self.sources.check_forms(name, &forms)?;
        self.names.take(name, kind, forms).map_err(|clash| alike(name, clash))
    }

    fn check_room(&self, name: &str) -> Result<(), MetricError> {
        let limit = self.limits.names;
        match self.by_name.len() + self.sources.len() < limit {
            true => Ok(()),
            false => Err(MetricError::TooManyNames { metric: quoted(name), limit }),
        }
    }

    fn forget_if_empty(&mut self, name: &str) {
        if let Some(namesakes) = self.by_name.get(name).filter(|namesakes| namesakes.len() == 0) {
            let unit = namesakes.known.unit.as_deref();
            self.names.give_back(name, &forms(name, namesakes.kind, unit));
            self.by_name.remove(name);
            // At a quarter, so that where names come and go not each of them moves the others.
            if self.by_name.len() < self.by_name.capacity() / 4 {
                self.by_name.shrink_to(self.by_name.len() * 2);
            }
            self.cached.get_mut().forget_descriptions();
        }
    }

    /// Takes out the series whose keys are `wanted`, and the sources whose keys are `wanted_sources`.
    pub(super) fn remove(
        &mut self,
        wanted: impl Fn(&Key) -> bool,
        wanted_sources: impl Fn(&Key) -> bool,
    ) -> Removed {
        let mut removed = Removed::default();
        let names: Vec<_> = self.by_name.keys().cloned().collect();
        names.iter().for_each(|name| self.remove_series(name, &wanted, &mut removed));
        removed.take_sources(self.sources.remove_all(wanted_sources));
        removed
    }

    /// Takes out the series and the sources of one name whose keys are `wanted`.
    pub(super) fn remove_named(&mut self, name: &str, wanted: impl Fn(&Key) -> bool) -> Removed {
        let mut removed = Removed::default();
        self.remove_series(name, &wanted, &mut removed);
        let wanted_sources = |key: &Key| key.name() == name && wanted(key);
        removed.take_sources(self.sources.remove_all(wanted_sources));
        removed
    }

    /// Takes out the series and the sources of this key.
    pub(super) fn remove_key(&mut self, key: &Key) -> Removed {
        let mut removed = Removed::default();
        let labels: Vec<_> = key.labels().collect();
        let asked = KeyRef::new(self.hasher(), key.name(), &labels);
        if let Some(namesakes) = self.by_name.get_mut(key.name()) {
            self.cached.get_mut().forget_directory();
            let held = namesakes.remove_key(&mut self.slots, key, &asked);
            held.into_iter().for_each(|held| removed.take(held));
            self.forget_if_empty(key.name());
        }
        removed.take_sources(self.sources.remove_all(|of_source| of_source == key));
        removed
    }

    fn remove_series(&mut self, name: &str, wanted: impl Fn(&Key) -> bool, removed: &mut Removed) {
        let Some(namesakes) = self.by_name.get_mut(name) else { return };
        self.cached.get_mut().forget_directory();
        namesakes.remove(&mut self.slots, wanted, |held| removed.take(held));
        self.forget_if_empty(name);
    }

    /// Takes out whatever the call `id` gives.
    pub(super) fn remove_call(&mut self, id: CallId, key: &Key) {
        self.sources.remove(id);
        let labels: Vec<_> = key.labels().collect();
        let asked = KeyRef::new(self.hasher(), key.name(), &labels);
        let is_it = self.call(&asked) == Some(id);
        if let Some(namesakes) = self.by_name.get_mut(key.name()).filter(|_| is_it) {
            namesakes.series.remove(&asked, &mut self.slots);
        }
        self.forget_if_empty(key.name());
    }

    /// The keys of all series.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.slots.keys()
    }

    /// Numbers a registration.
    pub(super) fn next_registration(&mut self) -> u64 {
        self.registrations += 1;
        self.registrations
    }

    /// How many registrations there have been.
    pub(super) fn registrations(&self) -> u64 {
        self.registrations
    }

    /// How many series there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many of them lack cells.
    pub(super) fn without_cells(&self) -> usize {
        self.slots.without_cells()
    }

    /// Every series whose value can be read here and now, with that.
    pub(super) fn read(&self) -> Listed {
        let directory = self.cached.lock().directory(&self.slots, self.registrations);
        Listed::new(directory, self.slots.columns())
    }

    /// What names are described by, the registry's own included; sorted.
    pub(super) fn descriptions(&self) -> Arc<[Description]> {
        let all = self.by_name.iter().map(|(name, namesakes)| namesakes.known.description(name));
        self.cached.lock().descriptions(all.filter(|description| !description.is_empty()))
    }

    /// Lets every handle know that no registry shows it any more.
    pub(super) fn let_go(&self) {
        self.slots.let_go();
    }
}

/// Beside the index, of which who has the namesakes needs the rest.
fn namesakes_mut<'f>(by_name: &'f mut ByName, key: &KeyRef<'_>) -> Option<&'f mut Namesakes> {
    match by_name.raw_entry_mut().from_key_hashed_nocheck(key.hash_of_name(), key.name()) {
        RawEntryMut::Occupied(found) => Some(found.into_mut()),
        RawEntryMut::Vacant(_) => None,
    }
}

/// The error of a series that a call gives, or that is there already.
pub(super) fn taken(key: &KeyRef<'_>) -> MetricError {
    MetricError::Taken { metric: clipped(key) }
}

/// A key, which has been checked, as an error names it.
fn clipped(key: &KeyRef<'_>) -> String {
    text::clipped(&key.key(key.shape()))
}
