//! What all collections share between two changes of a registry: its directory, and the descriptions of names.

use super::own;
use super::slots::Slots;
use crate::snapshot::{Description, Directory, Order};
use std::sync::Arc;

/// What all collections share until something comes or goes: made by the first that needs it.
#[derive(Debug, Default)]
pub(super) struct Cached {
    /// That of the last directory, by which the next one is sorted sooner.
    order: Order,
    directory: Option<Arc<Directory>>,
    descriptions: Option<Arc<[Description]>>,
}

impl Cached {
    /// A series came or went. What is kept of the last directory holds nothing of any series.
    pub(super) fn forget_directory(&mut self) {
        self.directory = None;
    }

    /// What is known of a name changed, or a name went.
    pub(super) fn forget_descriptions(&mut self) {
        self.descriptions = None;
    }

    /// The directory of `slots` after so many registrations.
    pub(super) fn directory(&mut self, slots: &Slots, registrations: u64) -> Arc<Directory> {
        let new = || Arc::new(slots.directory(&self.order, registrations));
        let directory = self.directory.get_or_insert_with(new);
        self.order.clone_from(directory.order());
        Arc::clone(directory)
    }

    /// The descriptions of names, and of the registry's own, sorted.
    pub(super) fn descriptions(
        &mut self,
        of_names: impl Iterator<Item = Description>,
    ) -> Arc<[Description]> {
        let all = self.descriptions.get_or_insert_with(|| {
            let mut all: Vec<_> = of_names.chain(own::descriptions()).collect();
            all.sort_unstable_by(|one, other| one.name.cmp(&other.name));
            all.into()
        });
        Arc::clone(all)
    }
}
