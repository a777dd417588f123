//! A stretch worth a look.

use crate::ecg::{Lead, Span};

/// What flagged it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SegmentSource {
    /// The network's attention gathers here.
    Attention,
    /// The signal is bad here.
    Quality,
    /// A rule's evidence lies here.
    Rule,
}

impl SegmentSource {
    /// Name in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            SegmentSource::Attention => "attention",
            SegmentSource::Quality => "quality",
            SegmentSource::Rule => "rule",
        }
    }
}

/// A stretch worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Stable name within the analysis (source, start and end in ms): decisions are kept under it.
    pub key: String,
    /// Where.
    pub span: Span,
    /// Leads, most concerned first.
    pub leads: Vec<Lead>,
    /// 0 to 1: share of the attention, or how bad the signal is.
    pub score: f32,
    /// What flagged it.
    pub source: SegmentSource,
    /// Why, in words.
    pub reason: String,
}
