//! What a rhythm is told by beside beats, waves and numbers: waves without QRS, fast beats that change shape, spikes that no beat follows, flutter waves,
//! shapes of P. One file a pattern; what is made of them is the rules' word.

mod changing;
mod flutter;
mod lone_spikes;
mod no_qrs;
mod p_shapes;

use super::shapes::Shapes;
use super::{Beat, Waves};
use crate::ecg::Trace;

pub use changing::Changing;
pub use flutter::FlutterWaves;
pub use lone_spikes::LoneSpike;
pub use no_qrs::NoQrs;
pub use p_shapes::PShapes;

/// Patterns of a recording, each by time; empty = not seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patterns {
    /// Stretches of waves without QRS.
    pub no_qrs: Vec<NoQrs>,
    /// Fast beats in a row that change their shape.
    pub changing: Vec<Changing>,
    /// Pacing spikes that stand before no QRS.
    pub lone_spikes: Vec<LoneSpike>,
    /// Stretches of regular atrial waves between the QRS.
    pub flutter: Vec<FlutterWaves>,
    /// Shapes of P; `None` = too few P to tell.
    pub p_shapes: Option<PShapes>,
}

/// All of them.
pub(super) fn patterns(traces: &[&Trace], beats: &[Beat], waves: &Waves, shapes: &Shapes) -> Patterns {
    Patterns {
        no_qrs: no_qrs::no_qrs(traces),
        changing: changing::changing(beats, shapes),
        lone_spikes: lone_spikes::lone_spikes(traces, beats, waves),
        flutter: flutter::flutter(traces, beats, waves),
        p_shapes: p_shapes::p_shapes(traces, beats, waves),
    }
}
