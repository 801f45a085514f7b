//! What a name was described by when its series were registered.

use crate::metric::GaugeMerge;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What describes a name: it holds for all its series, whatever their labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Description {
    /// The name.
    pub name: Arc<str>,
    /// What the numbers count, such as `bytes`; `None` if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Arc<str>>,
    /// What the numbers mean, for people; `None` if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Arc<str>>,
    /// Of a gauge: how the levels of several processes become one.
    #[serde(default, skip_serializing_if = "is_latest")]
    pub merge: GaugeMerge,
}

// serde asks for the reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_latest(merge: &GaugeMerge) -> bool {
    *merge == GaugeMerge::Latest
}

impl Description {
    /// The description of `name` by nothing else.
    pub fn new(name: Arc<str>) -> Description {
        Description { name, unit: None, help: None, merge: GaugeMerge::Latest }
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        let Description { name: _, unit, help, merge } = self;
        unit.is_none() && help.is_none() && *merge == GaugeMerge::Latest
    }
}
