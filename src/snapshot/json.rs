//! A snapshot as JSON: written, and read back equal.

use super::check::{self, SnapshotFlaw};
use super::content::{Content, Snapshot};
use super::version;

/// Why a text is not a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It says it is of a version that this library does not know.
    #[error("a snapshot of version {found} can't be read: this library reads version {known}")]
    Version {
        /// The version the text gives.
        found: u64,
        /// The version that is read.
        known: u32,
    },
    /// It is not JSON, or not the JSON of a snapshot.
    #[error("the text can't be read as a snapshot: {0}")]
    Text(#[from] serde_json::Error),
    /// It contradicts itself.
    #[error("the text can't be read as a snapshot: {0}")]
    Flaw(#[from] SnapshotFlaw),
}

impl Snapshot {
    /// The snapshot as one line of JSON, with its version.
    pub fn to_json(&self) -> String {
        // Cannot fail: every key is a text and every number has a form in JSON.
        serde_json::to_string(self).expect("a snapshot is always JSON")
    }

    /// Reads what [`to_json`](Snapshot::to_json) wrote. Unknown fields are ignored.
    ///
    /// # Errors
    ///
    /// A text of another version is refused before anything else of it is read; so is a text that is
    /// not a snapshot, or that has anything twice which is there once.
    pub fn from_json(text: &str) -> Result<Snapshot, SnapshotError> {
        let found = version::read(text)?;
        let known = Snapshot::VERSION;
        if found != u64::from(known) {
            return Err(SnapshotError::Version { found, known });
        }
        let content: Content = serde_json::from_str(text)?;
        check::check(&content)?;
        Ok(Snapshot::of(content))
    }
}
