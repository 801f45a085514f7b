//! The series of one registry, shared by all who ask for them.

use super::asked_labels::{AskedLabel, AskedLabels};
use super::calls::{Answers, Calls, Code};
use super::details::Details;
use super::error::MetricError;
use super::held::Kind;
use super::index::{Index, Limits, Removed, taken};
use super::own::{Levels, Own};
use super::pins::Pins;
use crate::clock::Clock;
use crate::metric::{Key, KeyRef, MetricKind};
use crate::sampler::CallId;
use crate::snapshot::{Description, Listed, SeriesSnapshot};
use foldhash::fast::RandomState;
use parking_lot::RwLock;
use std::sync::Arc;
use std::time::Duration;

/// How the series of a registry are kept.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    /// How long a collection waits for callbacks, sources and checks.
    pub(crate) wait: Duration,
    /// How many series a name may have, unless told otherwise for the name.
    pub(crate) series_limit: usize,
    /// How many names and sources there may be.
    pub(crate) names_limit: usize,
    /// Whether nothing is counted at all.
    pub(crate) disabled: bool,
}

/// What callbacks, sources and checks answered to one collection.
#[derive(Debug)]
pub(crate) struct Answered {
    registrations: u64,
    answers: Answers,
}

impl Answered {
    /// Leaves the answers out if later ones than these have been used, and notes that these are.
    pub(crate) fn used_after(mut self, last: &mut u64) -> Answered {
        let (number, answers) = &mut self.answers;
        if *number < *last {
            answers.clear();
        } else if !answers.is_empty() {
            *last = *number;
        }
        self
    }
}

/// What a registry holds at one moment, but for its jobs.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    /// The series of handles, and their values.
    pub(crate) listed: Listed,
    /// The others.
    pub(crate) beside: Vec<SeriesSnapshot>,
    /// What their names are described by, sorted.
    pub(crate) descriptions: Arc<[Description]>,
    /// How many registrations there had been.
    pub(crate) registrations: u64,
}

/// The series of one registry.
///
/// Locks are taken in the order `index`, then the calls' own. While users' code runs, or what is theirs is
/// dropped, none is held.
#[derive(Debug)]
pub(crate) struct Store {
    settings: Settings,
    hasher: RandomState,
    index: RwLock<Index>,
    calls: Calls,
    own: Own,
    pins: Pins,
}

impl Store {
    pub(crate) fn new(settings: Settings) -> Store {
        let Settings { clock, wait, series_limit, names_limit, disabled: _ } = &settings;
        let calls = Calls::new(clock.clone(), *wait);
        let index = Index::new(Limits { series: *series_limit, names: *names_limit });
        let (hasher, own, pins) = (index.hasher().clone(), Own::default(), Pins::new());
        Store { settings, hasher, index: RwLock::new(index), calls, own, pins }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    #[inline]
    pub(super) fn pins(&self) -> &Pins {
        &self.pins
    }

    pub(super) fn is_disabled(&self) -> bool {
        self.settings.disabled
    }

    pub(super) fn series_limit(&self) -> usize {
        self.settings.series_limit
    }

    /// The metric of this name and these labels, registered if it is not.
    pub(crate) fn named<M: Kind>(
        &self,
        name: &str,
        labels: &[AskedLabel<'_>],
    ) -> Result<M, MetricError> {
        self.metric(name, labels, &Details::default(), &[])
    }

    /// The same, with details; of the labels those of the `scope`.
    pub(super) fn metric<M: Kind>(
        &self,
        name: &str,
        labels: &[AskedLabel<'_>],
        details: &Details<'_>,
        scope: &[AskedLabel<'_>],
    ) -> Result<M, MetricError> {
        self.counted(self.uncounted(name, labels, details, scope)).map(|(metric, _)| metric)
    }

    /// The same, and whether it is that of an overflow; whoever asks counts what is refused.
    pub(super) fn uncounted<M: Kind>(
        &self,
        name: &str,
        labels: &[AskedLabel<'_>],
        details: &Details<'_>,
        scope: &[AskedLabel<'_>],
    ) -> Result<(M, bool), MetricError> {
        if self.is_disabled() {
            return Ok((M::disabled(), false));
        }
        self.with_key(name, labels, |key| self.get(key, details, scope))
    }

    /// Does something with the key of this name and these labels.
    fn with_key<T>(
        &self,
        name: &str,
        labels: &[AskedLabel<'_>],
        work: impl FnOnce(&KeyRef<'_>) -> T,
    ) -> T {
        let sorted;
        let labels = match labels.is_sorted() {
            true => labels,
            false => {
                sorted = AskedLabels::sorted(labels);
                &*sorted
            }
        };
        work(&KeyRef::new(&self.hasher, name, labels))
    }

    /// The metric of `key`, registered if it is not, and whether it is that of an overflow.
    fn get<M: Kind>(
        &self,
        key: &KeyRef<'_>,
        details: &Details<'_>,
        scope: &[AskedLabel<'_>],
    ) -> Result<(M, bool), MetricError> {
        if let Some(known) = self.find(key, details) {
            return Ok((known, false));
        }
        let mut index = self.index.write();
        let new = |known: &_| M::new(self.clock(), known).into_held();
        let found = index.get_or_insert(key, M::KIND, details, scope, new);
        found.and_then(|(held, is_overflow)| {
            if is_overflow {
                self.own.note_overflow();
            }
            Ok((M::of(held).ok_or_else(|| taken(key))?, is_overflow))
        })
    }

    /// Lets the name be known as one of that kind and with these labels and details, before there is any series of it.
    pub(super) fn announce(
        &self,
        name: &str,
        labels: &[AskedLabel<'_>],
        kind: MetricKind,
        details: &Details<'_>,
    ) -> Result<(), MetricError> {
        if self.is_disabled() {
            return Ok(());
        }
        let announce = |key: &KeyRef<'_>| self.index.write().announce(key, kind, details);
        self.counted(self.with_key(name, labels, announce))
    }

    /// The metric of `key`, if it is there as it is asked for.
    fn find<M: Kind>(&self, key: &KeyRef<'_>, details: &Details<'_>) -> Option<M> {
        self.index.read().find(key, M::KIND, details).and_then(M::of)
    }

    /// Adds a series whose value `code` gives.
    pub(super) fn add_call(
        &self,
        key: &Key,
        kind: MetricKind,
        details: &Details<'_>,
        code: Code,
    ) -> Result<CallId, MetricError> {
        let labels: Vec<_> = key.labels().collect();
        let asked = KeyRef::new(&self.hasher, key.name(), &labels);
        self.add(
            code,
            |index| index.admit_call(&asked, kind, details),
            |index, number, code| {
                let is_check = kind == MetricKind::HealthCheck;
                let id = self.calls.add(key.clone(), is_check, number, code);
                index.insert_call(&asked, number, id);
                id
            },
        )
    }

    /// Adds a source.
    pub(super) fn add_source(&self, key: &Key, code: Code) -> Result<CallId, MetricError> {
        self.add(
            code,
            |index| index.admit_source(key),
            |index, number, code| {
                let id = self.calls.add(key.clone(), false, number, code);
                index.insert_source(key, id);
                id
            },
        )
    }

    /// Adds a call in one step. One that is refused is dropped when no lock is held any more.
    fn add(
        &self,
        code: Code,
        admit: impl FnOnce(&mut Index) -> Result<u64, MetricError>,
        insert: impl FnOnce(&mut Index, u64, Code) -> CallId,
    ) -> Result<CallId, MetricError> {
        let mut index = self.index.write();
        let (added, refused) = match admit(&mut index) {
            Ok(number) => (Ok(insert(&mut index, number, code)), None),
            Err(error) => (Err(error), Some(code)),
        };
        drop(index);
        drop(refused);
        self.counted(added)
    }

    /// The result; a refusal is counted.
    pub(super) fn counted<T>(&self, result: Result<T, MetricError>) -> Result<T, MetricError> {
        result.inspect_err(|why| self.note_refused(why))
    }

    pub(super) fn note_refused(&self, why: &MetricError) {
        self.own.note_refused(why);
    }

    /// Why metrics were refused.
    pub(crate) fn refusals(&self) -> Vec<String> {
        self.own.reasons()
    }

    /// Takes out whatever the call `id` gives.
    pub(super) fn remove_call(&self, id: CallId, key: &Key) {
        {
            let mut index = self.index.write();
            index.remove_call(id, key);
            self.calls.forget(&[id]);
        }
        self.calls.let_go(&[id]);
    }

    /// Takes out what `remove` finds in the index, and tells how many series and sources that were.
    pub(super) fn remove(&self, remove: impl FnOnce(&mut Index) -> Removed) -> usize {
        let removed = {
            let mut index = self.index.write();
            let removed = remove(&mut index);
            self.calls.forget(&removed.calls);
            if removed.count > 0 {
                self.pins.next_epoch();
            }
            removed
        };
        self.calls.let_go(&removed.calls);
        removed.count
    }

    /// The keys of the series that are `wanted`, sorted.
    pub(super) fn keys(&self, wanted: impl Fn(&Key) -> bool) -> Vec<Key> {
        let index = self.index.read();
        let wanted = index.keys().filter(|key| wanted(key));
        let mut keys: Vec<_> = wanted.cloned().collect();
        keys.sort_unstable();
        keys
    }

    /// The number of a registration of what is not a series of users.
    pub(crate) fn next_registration(&self) -> u64 {
        self.index.write().next_registration()
    }

    /// Asks callbacks, sources and checks, and waits for them for a bounded time.
    pub(crate) fn ask(&self) -> Answered {
        // Read before: what is registered while they are asked may be missing, and counts as newer.
        let registrations = self.index.read().registrations();
        Answered { registrations, answers: self.calls.ask() }
    }

    /// Every series with its value now, or as it was asked for.
    pub(crate) fn collect(&self, answered: Answered) -> Collected {
        if self.is_disabled() {
            return Collected::default();
        }
        let Answered { registrations, answers } = answered;
        let index = self.index.read();
        let listed = index.read();
        let mut beside = self.calls.series(answers);
        let (series, without_cells) = (index.len(), index.without_cells());
        let levels = Levels { series, stuck: self.calls.stuck(), without_cells };
        beside.extend(self.own.series(levels, &self.calls.failures()));
        Collected { listed, beside, descriptions: index.descriptions(), registrations }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.index.get_mut().let_go();
    }
}

#[cfg(test)]
mod tests {
    use super::super::calls::callback;
    use super::*;

    #[test]
    fn answers_older_than_those_that_were_used_are_left_out() {
        let store = Store::new(Settings {
            clock: Clock::system(),
            wait: Duration::from_secs(60),
            series_limit: 1,
            names_limit: 1,
            disabled: false,
        });
        let key = Key::new("level", &[]).unwrap();
        let code = callback(|| 1.0);
        store.add_call(&key, MetricKind::Gauge, &Details::default(), code).unwrap();
        let [first, second, third] = [store.ask(), store.ask(), store.ask()];
        let mut last = 0;
        let mut used = |answered: Answered| answered.used_after(&mut last).answers.1.len();
        assert_eq!([used(second), used(first), used(third)], [1, 0, 1]);
    }
}
