//! What few tasks have: messages, samples, custom counters. A task without any has no room for it.

use super::custom::{CustomCut, CustomView};
use super::log::Log;
use crate::communication::Side;
use crate::snapshot::Rest;
use std::sync::OnceLock;

/// What few tasks have, and no collector looks for in the others.
#[derive(Debug, Default)]
pub(super) struct Rare {
    pub(super) log: Log,
    /// By side.
    custom: [OnceLock<CustomView>; 2],
}

impl Rare {
    /// The custom counters of one side, to be counted by it.
    pub(super) fn custom(&self, side: Side) -> &CustomView {
        self.custom[side as usize].get_or_init(CustomView::default)
    }

    /// What the custom counters of one side hold.
    pub(super) fn custom_cut(&self, side: Side) -> CustomCut {
        self.custom[side as usize].get().map(CustomView::read).unwrap_or_default()
    }
}

/// Adds what the custom counters of one side held.
pub(super) fn add_custom(rest: &mut Rest, custom: CustomCut) {
    for (name, total) in custom.totals {
        let sum = rest.custom.entry(name).or_default();
        *sum = sum.saturating_add(total);
    }
    rest.custom_overflow = rest.custom_overflow.saturating_add(custom.overflow);
}
