//! Where the network looked. Attention, never cause.

use std::sync::Arc;

use crate::ecg::{Lead, Span};
use crate::network::Head;

/// Attention of one head over leads and time: CBAM time gate × lead graph × transformer rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionMap {
    /// The head whose class token looked.
    pub head: Head,
    /// What the columns cover.
    pub span: Span,
    /// The lanes, one a lead of the network's input that was present: values 0 to 1, evenly spread over `span`.
    pub lanes: Vec<(Lead, Arc<[f32]>)>,
    /// The raw value that 1 stands for (the record's 99 % quantile).
    pub full_scale: f32,
}

impl AttentionMap {
    /// Name of the method, as the legend prints it.
    pub const METHOD: &'static str = "attention: CBAM time gate × lead graph × transformer rollout";

    /// The lane of a lead.
    pub fn lane(&self, lead: &Lead) -> Option<&Arc<[f32]>> {
        self.lanes.iter().find(|(name, _)| name == lead).map(|(_, lane)| lane)
    }
}
