//! A task as it is written and read: with all that it says.

use crate::clock::Stamp;
use crate::communication::Communication;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The fields of a task in JSON.
#[derive(Serialize, Deserialize)]
pub(super) struct Form {
    pub(super) id: u32,
    pub(super) name: Option<Arc<str>>,
    pub(super) started: Option<Stamp>,
    pub(super) ended: Option<Stamp>,
    pub(super) communication: Communication,
}
