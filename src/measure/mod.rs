//! Measuring: beats, and what is measured from them; one file a measure. No network, no rules, no drawing lives here.

mod beat;
mod measured;

pub use beat::{Beat, BeatClass};
pub use measured::{Measured, Measurements};
