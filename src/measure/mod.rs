//! Measuring: beats, and what is measured from them; one file a measure. No network, no rules, no drawing lives here.

mod beat;
mod beats;
mod measured;
mod qrs;
mod rate;

pub use beat::{Beat, BeatClass};
pub use beats::detect_beats;
pub use measured::{Measured, Measurements};
pub use rate::measure;
