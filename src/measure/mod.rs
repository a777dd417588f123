//! Measuring: beats, and what is measured from them; one file a measure. No network, no rules, no drawing lives here.

mod amplitudes;
mod beat;
mod beats;
mod delineate;
mod measured;
mod median;
mod qrs;
mod rate;
mod waves;

pub use amplitudes::{Deflection, LeadMeasures};
pub use beat::{Beat, BeatClass};
pub use beats::detect_beats;
pub use delineate::{Segmentation, delineate};
pub use measured::{Measured, Measurements, Named};
pub use median::{MedianBeats, MedianLead, MedianMarks};
pub use rate::measure;
pub use waves::{BeatWaves, LeadWaves, Wave, WaveKind, Waves};
