//! `Snapshot`: what it is made of, and what it holds.

use super::all_series::{AllSeries, Keys};
use super::columns::Listed;
use super::description::Description;
use super::job::JobSnapshot;
use super::part::RegistryPart;
use super::series::{SeriesRef, SeriesSnapshot};
use super::value::Value;
use crate::clock::Stamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a registry held at one moment: its series and its jobs. Cloning it is cheap.
///
/// Series are sorted by key, jobs by name, registry and run. It is written as JSON by
/// [`to_json`](Snapshot::to_json) and read back, equal, by [`from_json`](Snapshot::from_json).
/// Snapshots of several registries are added up by [`merge`](Snapshot::merge).
///
/// The default is the snapshot of no registry at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Snapshot {
    pub(super) content: Arc<Content>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) version: u32,
    /// Sorted by the number of the registry.
    pub(super) parts: Vec<RegistryPart>,
    #[serde(default)]
    pub(super) series: AllSeries,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub(super) descriptions: Arc<[Description]>,
    #[serde(default)]
    pub(super) jobs: Vec<Arc<JobSnapshot>>,
    #[serde(default)]
    pub(super) ended_runs: u64,
}

impl Default for Content {
    fn default() -> Content {
        Content {
            version: Snapshot::VERSION,
            parts: Vec::new(),
            series: AllSeries::default(),
            descriptions: Arc::default(),
            jobs: Vec::new(),
            ended_runs: 0,
        }
    }
}

impl Content {
    /// Puts everything in its order; of what is there twice the first stays.
    pub(super) fn sort(&mut self) {
        let Content { version: _, parts, series, descriptions, jobs, ended_runs: _ } = self;
        parts.sort_by_key(|part| part.registry);
        parts.dedup_by_key(|part| part.registry);
        series.sort();
        if !descriptions.is_empty() {
            *descriptions = sorted(descriptions.to_vec());
        }
        jobs.iter_mut().for_each(JobSnapshot::sort);
        jobs.sort_by_key(|job| job.id());
        jobs.dedup_by_key(|job| job.id());
        jobs.sort_by(|one, other| one.order().cmp(&other.order()));
    }
}

fn sorted(mut descriptions: Vec<Description>) -> Arc<[Description]> {
    descriptions.sort_by(|one, other| one.name.cmp(&other.name));
    descriptions.dedup_by(|later, first| later.name == first.name);
    descriptions.into()
}

impl Snapshot {
    /// The version of the JSON form that is written and read.
    pub const VERSION: u32 = 1;

    /// The snapshot of the registry with the random number `registry`; sorts what it is given. Of a
    /// series or a run that is given twice the first counts.
    ///
    /// `ended_runs` counts every run that has ended, those no longer kept included.
    pub fn new(
        registry: u64,
        taken: Stamp,
        mut series: Vec<SeriesSnapshot>,
        mut jobs: Vec<Arc<JobSnapshot>>,
        ended_runs: u64,
    ) -> Snapshot {
        for one in &mut series {
            (one.origin, one.registered) = (None, Arc::default());
        }
        for job in jobs.iter_mut().filter(|job| job.registry.is_some_and(|own| own != registry)) {
            Arc::make_mut(job).registry = Some(registry);
        }
        Snapshot::of_one(registry, taken, AllSeries::new(series), jobs, ended_runs)
    }

    /// The snapshot of a registry, with the series that are `listed`, and what comes and goes `beside`
    /// them; none is in both.
    pub(crate) fn listing(
        registry: u64,
        taken: Stamp,
        listed: Listed,
        beside: Vec<SeriesSnapshot>,
        (jobs, ended_runs): (Vec<Arc<JobSnapshot>>, u64),
    ) -> Snapshot {
        let series = AllSeries::of(listed, beside);
        Snapshot::of_one(registry, taken, series, jobs, ended_runs)
    }

    fn of_one(
        registry: u64,
        taken: Stamp,
        series: AllSeries,
        jobs: Vec<Arc<JobSnapshot>>,
        ended_runs: u64,
    ) -> Snapshot {
        let parts = vec![RegistryPart::new(registry, taken)];
        let (version, descriptions) = (Snapshot::VERSION, Arc::default());
        Snapshot::of(Content { version, parts, series, descriptions, jobs, ended_runs })
    }

    pub(super) fn of(mut content: Content) -> Snapshot {
        content.sort();
        Snapshot { content: Arc::new(content) }
    }

    /// The snapshot with what describes names; sorts what it is given.
    #[must_use = "the snapshot is returned"]
    pub fn described(self, descriptions: Vec<Description>) -> Snapshot {
        self.described_as(sorted(descriptions))
    }

    /// The snapshot with what describes names, sorted.
    pub(crate) fn described_as(mut self, descriptions: Arc<[Description]>) -> Snapshot {
        Arc::make_mut(&mut self.content).descriptions = descriptions;
        self
    }

    /// The snapshot of a registry in which there had been so many registrations: by this a later snapshot
    /// knows which of its series are newer.
    #[must_use = "the snapshot is returned"]
    pub fn after_registrations(mut self, registrations: u64) -> Snapshot {
        if let [only] = &mut *Arc::make_mut(&mut self.content).parts {
            only.registrations = registrations;
        }
        self
    }

    /// The snapshot of a registry whose points are measured at `endpoint` and carry the bare `tags`.
    #[must_use = "the snapshot is returned"]
    pub fn measured_at(mut self, endpoint: Arc<str>, tags: Arc<[Arc<str>]>) -> Snapshot {
        if let [only] = &mut *Arc::make_mut(&mut self.content).parts {
            (only.endpoint, only.tags) = (endpoint, tags);
        }
        self
    }

    /// When it was taken. One that was merged gives what the registry with the lowest number gives, so
    /// that the time between two of the same registries is measured by one clock; the others are among
    /// the [parts](Snapshot::parts).
    pub fn taken(&self) -> Stamp {
        self.parts().first().map(|part| part.taken).unwrap_or_default()
    }

    /// The registries that it is of, sorted by their numbers, and when each was collected: one, more if
    /// it was merged, none if it is the default.
    pub fn parts(&self) -> &[RegistryPart] {
        &self.content.parts
    }

    /// Every series, sorted by name and labels.
    pub fn series(&self) -> impl ExactSizeIterator<Item = SeriesRef<'_>> + Clone {
        self.content.series.iter()
    }

    /// Gives the value of every series, in their order.
    pub(crate) fn values(&self, take: impl FnMut(&Value)) {
        self.content.series.values(take);
    }

    /// The keys of its series, to be compared with those of another snapshot.
    pub(crate) fn keys(&self) -> Keys {
        self.content.series.keys()
    }

    /// Whether these are the keys of its series, as far as that is known without looking at each.
    pub(crate) fn has_just(&self, keys: &Keys) -> bool {
        self.content.series.has_just(keys)
    }

    /// What names were described by when they were registered, sorted by name; of names that were not
    /// described there is none.
    pub fn descriptions(&self) -> &[Description] {
        &self.content.descriptions
    }

    /// Every run that lives, and the newest of those that have ended; sorted by name, registry and run.
    pub fn jobs(&self) -> impl DoubleEndedIterator<Item = &Arc<JobSnapshot>> {
        self.content.jobs.iter()
    }

    /// How many runs have ended in its registries, those that are no longer kept included.
    pub fn ended_runs(&self) -> u64 {
        self.content.ended_runs
    }

    /// Whether both are of the same registries, so that their moments and counters can be compared.
    pub fn is_of_same_registries(&self, other: &Snapshot) -> bool {
        let registries = |snapshot: &'_ Snapshot| -> Vec<u64> {
            snapshot.parts().iter().map(|part| part.registry).collect()
        };
        registries(self) == registries(other)
    }
}
