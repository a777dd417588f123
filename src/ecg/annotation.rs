//! Marks that came with a file: beats, waves, rhythm changes, comments.

use std::sync::Arc;

use serde::Serialize;

/// A mark from an annotation file or section, with its time; it has its own clock and need not sit on a sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Annotation {
    /// When, s from the start of the recording.
    pub time_s: f64,
    /// Position in ticks of the file's own clock.
    pub tick: i64,
    /// Lead label or signal name the mark belongs to; `None` = all.
    pub lead: Option<Arc<str>>,
    /// Symbol as the source has it ("N", "(", "p", "+").
    pub symbol: Arc<str>,
    /// Subtype, channel and number fields as stored.
    pub subtype: i8,
    /// Channel field.
    pub channel: u8,
    /// Number field.
    pub number: i8,
    /// Text beside the mark ("(AFIB").
    pub text: Option<Arc<str>>,
    /// Where it came from: the annotator or section ("atr", "q1c").
    pub source: Arc<str>,
}
