//! The dual-stage denoiser: baseline (stage 0), Morlet (stage 1), Daubechies (stage 2), one file a stage.
//!
//! Noise is estimated and subtracted; nothing is re-synthesised, and a stage at gain 1 gives its input back. The raw trace is never replaced.

mod denoised;

pub use denoised::{Denoised, Options};
