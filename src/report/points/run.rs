//! The runs of a report, with tags that tell them apart.

use super::identity::tag;
use crate::report::content::Report;
use crate::report::job::JobReport;
use crate::snapshot::newest;
use std::ptr;

/// Each run with its tags. Only the newest of a job's runs has none but the job's name.
pub(super) fn runs(report: &Report) -> impl Iterator<Item = (&JobReport, Vec<String>)> {
    let by_name = report.jobs().chunk_by(|one, next| one.name() == next.name());
    by_name.flat_map(|runs| {
        let newest = newest(runs.iter(), |job| job.snapshot());
        runs.iter().map(move |run| {
            let is_newest = newest.is_some_and(|newest| ptr::eq(newest, run));
            (run, tags(run, is_newest))
        })
    })
}

fn tags(run: &JobReport, is_newest: bool) -> Vec<String> {
    let job = run.snapshot();
    let number = (!is_newest).then(|| tag("run", &job.run.to_string()));
    let registry = job.registry.filter(|_| !is_newest);
    let registry = registry.map(|registry| tag("registry", &registry.to_string()));
    [Some(tag("job", run.name())), registry, number].into_iter().flatten().collect()
}
