//! How urgent, and why. A triage order by rule, not a probability: no validated single scale for a 12-lead ECG exists.

use crate::rules::RiskLevel;

/// The level and every reason for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// The level.
    pub level: RiskLevel,
    /// Where a fault makes it Indeterminate: the level that is reached at least.
    pub at_least: Option<RiskLevel>,
    /// Reasons, the deciding one first; never empty.
    pub reasons: Vec<String>,
}
