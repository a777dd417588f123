//! Measuring: beats, and what is measured from them; one file a measure. No network, no rules, no drawing lives here.

mod alternans;
mod amplitudes;
mod beat;
mod beats;
mod classes;
mod confirm;
mod correct;
mod deflections;
mod delineate;
mod edges;
mod measured;
mod median;
mod patterns;
mod qrs;
mod rate;
mod record;
mod shapes;
mod spikes;
mod t_end;
mod waves;

pub use amplitudes::{Deflection, LeadMeasures};
pub use beat::{Beat, BeatClass};
pub use beats::detect_beats;
pub use confirm::confirmed;
pub use delineate::{Segmentation, delineate};
pub use edges::{DeltaWave, JWave};
pub use measured::{Measured, Measurements, Named};
pub use median::{MedianBeats, MedianLead, MedianMarks};
pub use patterns::{Changing, FlutterWaves, LoneSpike, NoQrs, PShapes, Patterns};
pub use rate::rates;
pub use record::{Measuring, measure};
pub use waves::{BeatWaves, LeadWaves, Wave, WaveKind, Waves};
