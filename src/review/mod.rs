//! What a reader adds: decisions on segments, an impression, a name. Kept beside the recording and the analysis, which never change.
//!
//! Every edit goes through [`Review::apply`], so that undo and the audit trail are the same list.

mod decision;
mod edits;
mod store;

pub use decision::{Decision, Verdict};
pub use edits::{Edit, Review};
pub use store::{Store, default_path};

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::ecg::Recording;

/// A recording, what was computed of it, and what its reader says.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// File as the reader gave it.
    pub file: String,
    /// What the file holds.
    pub recording: Arc<Recording>,
    /// What was computed; `None` = not yet.
    pub analysis: Option<Arc<Analysis>>,
    /// What the reader says.
    pub review: Review,
}
