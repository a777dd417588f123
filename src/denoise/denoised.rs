//! What goes into the denoiser and what comes out.

use crate::ecg::Trace;

/// Which stages run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Stage 0: baseline.
    pub baseline: bool,
    /// Stage 1: Morlet wavelet shrinkage, 12–100 Hz.
    pub morlet: bool,
    /// Stage 2: Daubechies (db6) block garrote.
    pub daubechies: bool,
    /// The gain of everything the stages judge, instead of their own judgement: 1 gives the input back, 0 takes whole bands out.
    /// For checks; `None` in use.
    pub gain: Option<f32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { baseline: true, morlet: true, daubechies: true, gain: None }
    }
}

/// The denoised leads, and what was done to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Denoised {
    /// In the order, rate and length of the traces given; NaN where they had none.
    pub traces: Vec<Trace>,
    /// What ran, for the footer, e.g. `baseline 0.8 Hz · Morlet 12–100 Hz · db6, 4 levels`; empty = nothing ran.
    pub method: String,
    /// Doubts, in words (too few beats for templates, rate too low for a stage …).
    pub notes: Vec<String>,
}
