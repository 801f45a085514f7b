//! Whether what was read of a text can be a snapshot: nothing is there twice, nothing is a stranger's.

use super::content::Content;
use super::group::GroupSnapshot;
use super::job::JobSnapshot;
use crate::metric::quoted;
use crate::text;
use std::collections::BTreeSet;

/// In what a text contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotFlaw {
    /// Something is there twice, and would be counted twice.
    #[error("{what} is there twice")]
    Twice {
        /// What it is.
        what: String,
    },
    /// Something is of a registry that the snapshot is not of.
    #[error("{what} is of registry {registry}, which the snapshot is not of")]
    Stranger {
        /// What it is.
        what: String,
        /// The registry that it says it is of.
        registry: u64,
    },
    /// Something is of one of its registries, but does not tell of which.
    #[error("{what} is of one of several registries, and does not tell of which")]
    Nobodys {
        /// What it is.
        what: String,
    },
    /// It has series or jobs, and is of no registry.
    #[error("it has something in it, but is of no registry")]
    NoRegistry,
}

pub(super) fn check(content: &Content) -> Result<(), SnapshotFlaw> {
    nothing_of_no_registry(content)?;
    nothing_twice(content)?;
    content.jobs.iter().try_for_each(|job| nothing_twice_in(job))?;
    nothing_of_strangers(content)
}

fn nothing_of_no_registry(content: &Content) -> Result<(), SnapshotFlaw> {
    match content.parts.is_empty() && *content != Content::default() {
        true => Err(SnapshotFlaw::NoRegistry),
        false => Ok(()),
    }
}

fn nothing_twice(content: &Content) -> Result<(), SnapshotFlaw> {
    let Content { version: _, parts, series, descriptions, jobs, ended_runs: _ } = content;
    once(parts.iter().map(|part| part.registry), |registry| format!("registry {registry}"))?;
    once(series.iter().map(|series| series.key), |key| format!("series `{}`", text::clipped(key)))?;
    once(descriptions.iter().map(|description| &*description.name), |name| {
        format!("the description of `{}`", quoted(name))
    })?;
    let runs = jobs.iter().map(|job| Ok((registry_of(job, content)?, job.run)));
    once(runs.collect::<Result<Vec<_>, _>>()?.into_iter(), |(registry, run)| {
        format!("run {run} of registry {registry}")
    })
}

fn nothing_twice_in(job: &JobSnapshot) -> Result<(), SnapshotFlaw> {
    once(job.groups.iter().map(|group| group.id), |id| format!("group {id} of {}", of_job(job)))?;
    let tasks_once = |group: &GroupSnapshot| {
        let what = |id| format!("task {id} in group {} of {}", group.id, of_job(job));
        once(group.tasks().iter().map(|task| task.id), what)
    };
    job.groups.iter().try_for_each(tasks_once)
}

fn nothing_of_strangers(content: &Content) -> Result<(), SnapshotFlaw> {
    let registries: BTreeSet<u64> = content.parts.iter().map(|part| part.registry).collect();
    let series = content.series.iter().filter_map(|series| {
        let what = || format!("series `{}`", text::clipped(series.key));
        stranger(&registries, series.origin?, what)
    });
    let jobs = content
        .jobs
        .iter()
        .filter_map(|job| stranger(&registries, registry_of(job, content).ok()?, || of_job(job)));
    series.chain(jobs).next().map_or(Ok(()), Err)
}

/// The number of a run's registry, which need not be there if the snapshot is of only one.
fn registry_of(job: &JobSnapshot, content: &Content) -> Result<u64, SnapshotFlaw> {
    match (job.registry, &*content.parts) {
        (Some(registry), _) => Ok(registry),
        (None, [only]) => Ok(only.registry),
        (None, _) => Err(SnapshotFlaw::Nobodys { what: of_job(job) }),
    }
}

fn of_job(job: &JobSnapshot) -> String {
    format!("run {} of job `{}`", job.run, quoted(&job.name))
}

fn stranger(
    known: &BTreeSet<u64>,
    registry: u64,
    what: impl Fn() -> String,
) -> Option<SnapshotFlaw> {
    (!known.contains(&registry)).then(|| SnapshotFlaw::Stranger { what: what(), registry })
}

/// That each is there once.
fn once<T: Ord + Copy>(
    mut all: impl Iterator<Item = T>,
    what: impl Fn(T) -> String,
) -> Result<(), SnapshotFlaw> {
    let mut seen = BTreeSet::new();
    match all.find(|&each| !seen.insert(each)) {
        Some(twice) => Err(SnapshotFlaw::Twice { what: what(twice) }),
        None => Ok(()),
    }
}
