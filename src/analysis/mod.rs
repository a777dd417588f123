//! `analyze()`: the one road from a recording to a reading, and the plain data that it gives. The layers above see the science only through here.

mod analyze;
mod attention;
mod facts;
mod gather;
mod input;
mod join;
mod model;
mod prediction;
mod provenance;
mod qt;
mod reading;
mod risk;
mod segment;
mod segments;
mod settings;
mod spectrum;
mod urgency;
mod waves;
mod windows;

use crate::denoise::Denoised;

pub use crate::denoise::Options as DenoiseOptions;
pub use crate::measure::{
    Beat, BeatClass, BeatWaves, Deflection, LeadMeasures, LeadWaves, Measured, Measurements, MedianBeats, MedianLead,
    MedianMarks, Named, Wave, WaveKind, Waves,
};
pub use crate::network::Head;
pub use crate::quality::{Defect, DefectKind, LeadQuality, Quality, Usable};
pub use crate::rules::{Certainty, Condition, Finding, RiskLevel};
pub use analyze::analyze;
pub use attention::AttentionMap;
pub use prediction::{HeadResult, ModelIdentity, Prediction, WindowReading};
pub use provenance::Provenance;
pub use risk::Risk;
pub use segment::{Segment, SegmentSource};
pub use settings::{ModelChoice, Settings, Unwatched, Watch};
pub use spectrum::spectrum;

/// Everything that was computed of one recording. Never changed once made; shared as `Arc`.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// What is usable.
    pub quality: Quality,
    /// The denoised leads, in the order of the recording's traces.
    pub denoised: Denoised,
    /// Beats, by time.
    pub beats: Vec<Beat>,
    /// Waves, lead by lead and beat by beat.
    pub waves: Waves,
    /// Median beats of the dominant shape; `None` = too few beats of one shape.
    pub medians: Option<MedianBeats>,
    /// What is measured over the record.
    pub measurements: Measurements,
    /// The network's word, or why there is none.
    pub prediction: Prediction,
    /// Where the network looked, one map a head; empty without a prediction.
    pub attention: Vec<AttentionMap>,
    /// Readings of 10 s windows, when the recording is longer.
    pub windows: Vec<WindowReading>,
    /// Stretches worth a look, by time.
    pub segments: Vec<Segment>,
    /// The rules' statements.
    pub findings: Vec<Finding>,
    /// Urgency, with reasons.
    pub risk: Risk,
    /// What made all this.
    pub provenance: Provenance,
}

impl Analysis {
    /// The map of a head.
    pub fn map(&self, head: Head) -> Option<&AttentionMap> {
        self.attention.iter().find(|map| map.head == head)
    }
}
