//! A reader's decision on a segment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the reader says of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is as flagged.
    Accepted,
    /// It is not.
    Rejected,
    /// The reader cannot say.
    Unsure,
}

impl Verdict {
    /// The word on page and in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::Rejected => "rejected",
            Verdict::Unsure => "unsure",
        }
    }
}

/// A decision with its note and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What.
    pub verdict: Option<Verdict>,
    /// In the reader's words; may be empty.
    pub note: String,
    /// When it was last changed.
    pub decided_at: Timestamp,
}
