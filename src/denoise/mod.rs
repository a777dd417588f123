//! The dual-stage denoiser: baseline (stage 0), Morlet (stage 1), Daubechies (stage 2), one file a stage.
//!
//! Noise is estimated and subtracted; nothing is re-synthesised, and a stage at gain 1 gives its input back. The raw trace is never replaced.
//! Beats are handed in: none is looked for here.

mod baseline;
mod beats;
mod daubechies;
mod denoised;
mod level;
mod limb;
mod morlet;
mod run;
mod template;

pub use denoised::{Denoised, Options};
pub use run::denoise;
